"""A watched folder: what is finished in it becomes jobs, each file once, whatever happens in between."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import json
import logging
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from verify.batch.commission import Commission
from verify.batch.finished import Finished, facts_of, role_of
from verify.batch.journal import Journal
from verify.batch.lists import ReferenceList
from verify.batch.logs import tell
from verify.batch.manifest import SCHEMA_VERSION, read_manifest
from verify.batch.runner import run
from verify.capture import FileRefusedError, open_untrusted, read_untrusted
from verify.errors import ExitCode, LockedError, NoInputsError, UsageError
from verify.settings import Settings
from verify.vault.files import private_directory, write_private
from verify.vault.lock import WriterLock

__all__ = ["WatchOrder", "watch"]

_OURS = ".verify"  # folder for the manifests of loose scans
_MOST_FILES = 50  # of one item


@dataclass(frozen=True, slots=True)
class WatchOrder:
    """An order to watch a folder.

    Attributes:
        folder: to watch; it must be writable, for the manifests of loose scans.
        jobs_dir: each pick-up becomes a job below it.
        kek: the key that opens the jobs.
        operator: who answers for them.
        purpose: why, with the legal basis.
        settle: seconds for which a file must not have changed.
        once: make one pass and end.
    """

    folder: Path
    jobs_dir: Path
    kek: bytes
    operator: str
    purpose: str
    settle: float = 5.0
    once: bool = False


def watch(order: WatchOrder, settings: Settings, lists: Callable[[], tuple[ReferenceList, ...]]) -> ExitCode:
    """Watches until SIGTERM, which lets the job in flight end; SIGINT ends it after the items in flight.

    Args:
        order: what to watch, and where the jobs go.
        settings: of each run.
        lists: opens the lists to search, anew for each job.

    Returns:
        With `once` the code of the pass, by the rules of docs/exit-codes.md over its jobs; else OK or INTERRUPTED.

    Raises:
        LockedError: another process watches for this jobs folder.
        VerifyError: what ends a run: the next start goes on with the job.
    """
    private_directory(order.jobs_dir)
    with (
        WriterLock(order.jobs_dir / "watch.lock"),
        closing(Journal(order.jobs_dir / "watch.jsonl")) as journal,
        _stopped_by_sigterm() as stop,
    ):
        return _Watch(order, settings, lists, journal, stop).go()


@contextmanager
def _stopped_by_sigterm() -> Iterator[threading.Event]:
    stop = threading.Event()
    previous = signal.signal(signal.SIGTERM, lambda _number, _frame: stop.set())
    try:
        yield stop
    finally:
        signal.signal(signal.SIGTERM, previous)


class _Watch:
    def __init__(
        self,
        order: WatchOrder,
        settings: Settings,
        lists: Callable[[], tuple[ReferenceList, ...]],
        journal: Journal,
        stop: threading.Event,
    ) -> None:
        self._order, self._settings, self._lists = order, settings, lists
        self._journal, self._stop = journal, stop
        self._finished = Finished(order.folder, order.settle)
        self._done: dict[Path, tuple[int, int]] = {}  # what need not be hashed again

    def go(self) -> ExitCode:
        self._finished.look()
        while not self._stop.wait(self._order.settle if self._order.once else max(0.1, self._order.settle / 2)):
            codes = list(self._pass())
            if self._order.once or ExitCode.INTERRUPTED in codes:
                return _most_pressing(codes)
        return ExitCode.OK

    def _pass(self) -> Iterator[ExitCode]:
        """Goes on with what was cut short, then runs what is new; ends early when told to."""
        for job, digests in list(self._journal.begun.items()):
            yield self._resume(job, digests)
            if self._stop.is_set():
                return
        found = self._finished.look()
        for manifest, named in found.manifests:
            if self._is_new(manifest):
                job = self._new_job()
                self._journal.begin(job, [self._digest(path) for path in (manifest, *named)])
                yield self._run(job, manifest)
                if self._stop.is_set():
                    return
        groups = [new for group in found.groups if (new := [path for path in group if self._is_new(path)])]
        if groups:
            job = self._new_job()
            manifest = self._written(job, groups)
            self._journal.begin(job, [self._digest(path) for group in groups for path in group])
            yield self._run(job, manifest)

    def _resume(self, job: str, digests: Sequence[str]) -> ExitCode:
        manifest = self._ours(job)
        if not manifest.exists():
            tops = (path for path in sorted(self._order.folder.iterdir()) if path.is_file())
            manifest = next((path for path in tops if digests and self._digest(path) == digests[0]), manifest)
        return self._run(job, manifest)

    def _run(self, job: str, path: Path) -> ExitCode:
        order = self._order
        try:
            manifest = read_manifest(path, order.folder)
        except (UsageError, NoInputsError) as error:
            tell(logging.ERROR, "manifest refused; 'verify run --dry-run' says why", job=job, exit_code=error.exit_code)
            self._journal.end(job, error.exit_code)
            return error.exit_code
        commission = Commission(manifest, order.jobs_dir / job, order.kek, order.operator, order.purpose, resume=True)
        tell(logging.INFO, "job picked up", job=job, items=len(manifest.items))
        try:
            summary = run(commission, self._settings, self._lists(), signals=(signal.SIGINT,))
        except LockedError:
            tell(logging.WARNING, "a job or gallery is in use; tried again later", job=job)
            return ExitCode.LOCKED
        if not summary.interrupted:
            self._journal.end(job, summary.exit_code)
        return summary.exit_code

    # --- which files, and their manifest ---

    def _is_new(self, path: Path) -> bool:
        facts = facts_of(path)
        if facts is None or self._done.get(path) == facts:
            return False  # gone since the look, or known
        if self._digest(path) not in self._journal.taken:
            return True
        self._done[path] = facts
        return False

    def _digest(self, path: Path) -> str:
        """Of name and content; what cannot be read counts by its size and time."""
        limits = self._settings.limits
        try:
            descriptor, _size = open_untrusted(path.parent, path.name, limits)
            try:
                content = read_untrusted(descriptor, limits, keep=False)[1]
            finally:
                os.close(descriptor)
        except FileRefusedError as refused:
            content = f"{refused.outcome} {facts_of(path)}"
        return hashlib.sha256(os.fsencode(path.name) + b"\0" + content.encode()).hexdigest()

    def _new_job(self) -> str:
        moment = f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}"
        names = (f"{moment}-{number}" for number in itertools.count(1))
        return next(one for one in names if not (self._order.jobs_dir / one).exists() and not self._ours(one).exists())

    def _ours(self, job: str) -> Path:
        return self._order.folder / _OURS / f"{job}.jsonl"

    def _written(self, job: str, groups: Iterable[list[Path]]) -> Path:
        """The manifest of loose scans: items are numbered, since a file's name may be a person's."""
        today = dt.datetime.now(dt.UTC).date().isoformat()
        parts = [group[first : first + _MOST_FILES] for group in groups for first in range(0, len(group), _MOST_FILES)]
        lines = []
        for number, part in enumerate(parts, start=1):
            files = [{"role": role_of(path.stem)[1].value, "path": _unicode(path.name)} for path in part]
            item = {"item_id": f"scan-{number:04}", "inspection_date": today, "files": files}
            lines.append(json.dumps({"schema_version": SCHEMA_VERSION, **item}) + "\n")
        private_directory(self._order.folder / _OURS)
        write_private(self._ours(job), "".join(lines).encode("ascii"))
        return self._ours(job)


def _unicode(name: str) -> str:
    """A name that a manifest can hold; one that is not Unicode will be `refused`, and counted."""
    return name.encode("utf-8", "replace").decode()


def _most_pressing(codes: Sequence[ExitCode]) -> ExitCode:
    """What could not be done first, then the highest severity, then what could not be read."""
    done = (ExitCode.OK, ExitCode.SOME_UNREADABLE)
    failed = [code for code in codes if code not in done and not 11 <= code <= 14]
    return failed[0] if failed else max(codes, default=ExitCode.OK)
