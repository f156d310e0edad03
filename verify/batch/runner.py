"""A run: every item of a manifest into the ledger, once, with its findings; then what only the whole batch shows."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import secrets
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace

from verify import __version__
from verify.audit import kinds
from verify.batch.codec import ITEM, ITEM_RESULT, LINKAGE, RUN_RECORD
from verify.batch.commission import Commission, Summary
from verify.batch.lists import ReferenceList
from verify.batch.pool import Pool
from verify.batch.readings import ReadItem, read_items
from verify.batch.record import Fingerprint, link_threshold, run_record, searches, sha256_text
from verify.batch.screen import Screening
from verify.capture import FileRefusedError, open_untrusted, read_untrusted
from verify.checks import Batch, run_batch
from verify.errors import PolicyError
from verify.face import Description
from verify.ledger import ItemRecord, ItemState, JobHeader, Ledger
from verify.linkage import presence_of
from verify.model.finding import Finding
from verify.model.item import Item
from verify.model.outcome import Outcome
from verify.model.run import RunRecord
from verify.settings import Settings

__all__ = ["run"]

_RETRYABLE = {Outcome.CRASH, Outcome.RESOURCE}
_Links = tuple[tuple[str, Finding], ...]


def run(
    commission: Commission,
    settings: Settings,
    lists: tuple[ReferenceList, ...],
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Summary:
    """Runs a batch. SIGTERM or SIGINT ends it after the items in flight, a second one at once; both can be resumed.

    Args:
        commission: manifest, place, key, operator and purpose.
        settings: of the run.
        lists: to search.
        progress: told (items done, items in all).

    Raises:
        PolicyError: the job directory belongs to another manifest, or has a job and `resume` is not set.
        LockedError: another run holds the job.
        MissingEngineError: an engine is not installed.
    """
    with _opened(commission, settings) as ledger, Pool[tuple[int, int]](settings) as pool:
        pool.start()
        return _Run(commission, settings, lists, ledger, pool, progress).go()


def _opened(commission: Commission, settings: Settings) -> Ledger:
    now = dt.datetime.now(dt.UTC)
    header = JobHeader(
        job_id=secrets.token_hex(8),
        created=now,
        manifest_sha256=commission.manifest.sha256,
        purpose=commission.purpose,
        operator=commission.operator,
        retention_until=(now + dt.timedelta(days=settings.retention_days)).date(),
        settings=settings.model_dump_json(exclude={"key_file"}),
        tool_version=__version__,
    )
    if commission.resume:
        return Ledger.open_or_create(commission.job_dir, commission.kek, header)
    try:
        return Ledger.create(commission.job_dir, commission.kek, header)
    except PolicyError as error:
        raise PolicyError(f"{error}; to go on with it, give --resume") from error


class _Run:
    """One run over an open ledger."""

    def __init__(
        self,
        commission: Commission,
        settings: Settings,
        lists: tuple[ReferenceList, ...],
        ledger: Ledger,
        pool: Pool[tuple[int, int]],
        progress: Callable[[int, int], None],
    ) -> None:
        engines = pool.engines
        engine = Description(engines["face"], engines["face_sha256"], engines["face_card"])
        self._commission, self._settings, self._ledger = commission, settings, ledger
        self._pool, self._progress = pool, progress
        self._screening = Screening(settings, engine, lists)
        self._fingerprint = Fingerprint(settings, engines, self._screening)
        self._run_id = secrets.token_hex(8)
        self._record = run_record(
            commission,
            settings,
            self._screening,
            job_id=ledger.header.job_id,
            retention_until=ledger.header.retention_until,
            engines=engines,
            layers=pool.layers,
        )
        self._resumed = 0
        self._stopping = False

    def go(self) -> Summary:
        """Items, then linkage, then the record of the run."""
        commission = self._commission
        self._ledger.append(
            kinds.run_started(
                commission.operator,
                commission.purpose,
                run_id=self._run_id,
                tool_version=__version__,
                manifest_sha256=commission.manifest.sha256,
                settings_sha256=self._settings.result_fingerprint(),
                models_sha256=sha256_text(self._pool.engines["face_sha256"]),
                items=len(commission.manifest.items),
            )
        )
        with self._signals():
            self._read_all()
        links = self._link()
        summary = self._sum_up(links)
        self._end(summary)
        return summary

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        """The first signal lets the items in flight finish, the second one ends the run at once."""

        def stop(_number: int, _frame: object) -> None:
            if self._stopping:
                raise KeyboardInterrupt
            self._stopping = True

        previous = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)

    def _read_all(self) -> None:
        manifest = self._commission.manifest
        found = read_items(manifest.root, self._waiting(), self._pool, self._settings)
        for done, one in enumerate(found, start=1):
            self._finish(one)
            self._progress(done + self._resumed, len(manifest.items))

    def _waiting(self) -> Iterator[tuple[int, Item]]:
        states = self._ledger.states() if self._commission.resume else {}
        for position, item in enumerate(self._commission.manifest.items):
            if self._stopping:
                return
            if item.item_id in states and self._ledger.done(item.item_id, self._item_fingerprint(item)):
                self._resumed += 1
                continue
            yield position, item

    def _item_fingerprint(self, item: Item, hashes: list[str] | None = None) -> str:
        if hashes is None:
            hashes = [self._hash(file.path) for file in item.files]
        return self._fingerprint.of(hashes, hashlib.sha256(ITEM.dump_json(item)).hexdigest())

    def _hash(self, path: str) -> str:
        """As the worker would find it; empty for a file that cannot be opened or read."""
        try:
            descriptor, _size = open_untrusted(self._commission.manifest.root, path, self._settings.limits)
            try:
                return read_untrusted(descriptor, self._settings.limits)[1]
            finally:
                os.close(descriptor)
        except FileRefusedError:
            return ""

    def _finish(self, found: ReadItem) -> None:
        position, item, readings, pictures = found
        result, references = self._screening.screen(item, readings)
        hashes = [one.outcome.sha256 for one in readings]
        failure = next((one.outcome.outcome.value for one in readings if one.outcome.outcome in _RETRYABLE), "")
        state = ItemState.FAILED if failure else ItemState.DONE
        fingerprint = self._item_fingerprint(item, hashes)
        payload = ITEM_RESULT.dump_json(result).decode()
        for event in searches(self._commission, result):
            self._ledger.append(event)
        self._ledger.record_item(
            ItemRecord(item.item_id, position, fingerprint, state, payload, failure),
            {**pictures, **references},
            kinds.item_recorded(
                self._commission.operator,
                self._commission.purpose,
                item_id=item.item_id,
                source_sha256=sha256_text("".join(hashes)),
                fingerprint=fingerprint,
                state=state,
            ),
        )

    def _link(self) -> _Links:
        """What only the finished ledger can show; the threshold follows the number of faces compared."""
        presences = tuple(presence_of(ITEM_RESULT.validate_json(one.payload)) for one in self._ledger.items())
        threshold = link_threshold(self._screening, sum(len(one.faces) for one in presences))
        links = run_batch(Batch(presences, threshold), skip=self._settings.skip_checks)
        if threshold is not None:
            thresholds = tuple(dict.fromkeys((*self._record.thresholds, threshold)))
            self._record = replace(self._record, thresholds=thresholds)
        event = kinds.linkage_recorded(
            self._commission.operator, self._commission.purpose, items=len(presences), findings=len(links)
        )
        self._ledger.record_linkage(LINKAGE.dump_json(links).decode(), event)
        return links

    def _sum_up(self, links: _Links) -> Summary:
        summary = Summary(resumed=self._resumed, interrupted=self._stopping)
        for one in self._ledger.items():
            summary.add(ITEM_RESULT.validate_json(one.payload))
        summary.add_links(links)
        return summary

    def _end(self, summary: Summary) -> None:
        record: RunRecord = replace(self._record, ended=None if summary.interrupted else dt.datetime.now(dt.UTC))
        counts = self._ledger.counts()
        event = kinds.run_ended(
            self._commission.operator,
            self._commission.purpose,
            run_id=self._run_id,
            exit_code=int(summary.exit_code),
            done=counts[ItemState.DONE],
            failed=counts[ItemState.FAILED],
            poison=counts[ItemState.POISON],
            skipped=counts[ItemState.SKIPPED],
        )
        self._ledger.record_run(self._run_id, RUN_RECORD.dump_json(record).decode(), event)
