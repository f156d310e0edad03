"""Hostile files through the real workers: each one ends as exactly one outcome, and none of them hurts the parent."""

from __future__ import annotations

import datetime as dt
import json
import os
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TextIO

from verify.batch.engines import Died, Request, Served
from verify.batch.engines.local import Pool
from verify.batch.readings import Key, read_items
from verify.errors import NoInputsError, UsageError
from verify.model.item import Item, ItemFile, Role
from verify.model.outcome import Outcome
from verify.settings import Settings

__all__ = ["HostileFile", "HostileReport", "evaluate_hostile", "write_line"]

SCHEMA_VERSION = 1

_MANIFEST = "manifest.jsonl"  # of a corpus, at its top: tells where the files come from, and is none of them
_DAY = dt.date(2000, 1, 1)  # resolves centuries of dates that nobody looks at


@dataclass(frozen=True, slots=True)
class HostileFile:
    """What became of one file.

    Attributes:
        file: relative to the folder, with "/" between parts.
        outcome: one value of the enumeration.
        kind: the format that was decoded; empty when none was.
        detail: why; empty when ok.
        seconds: wall time in a worker; 0 for a file that was never given to one (refused, or the bytes of another).
    """

    file: str
    outcome: Outcome
    kind: str
    detail: str
    seconds: float


@dataclass(slots=True)
class HostileReport:
    """What a whole folder came to.

    Attributes:
        outcomes: files by outcome.
        slowest: the file that took the longest; None before the first.
        layers: of the sandbox that the workers were in.
        peak_memory: bytes of resident memory this process had at its highest.
    """

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    slowest: HostileFile | None = None
    layers: tuple[str, ...] = ()
    peak_memory: int = 0

    def add(self, one: HostileFile) -> None:
        """Counts a file."""
        self.outcomes[one.outcome] += 1
        if self.slowest is None or one.seconds > self.slowest.seconds:
            self.slowest = one


def evaluate_hostile(
    directory: Path,
    settings: Settings,
    tell: Callable[[HostileFile], None],
    *,
    module: str = "verify.batch.worker",
) -> HostileReport:
    """Gives every file below a folder to a worker, as a document.

    Args:
        directory: with the files; folders in it are gone through, links are not followed but counted as `refused`.
        settings: engines and limits.
        tell: is given each file as it is done, not in the order of their names.
        module: of the worker processes.

    Raises:
        UsageError: the folder, or one in it, cannot be listed.
        NoInputsError: there is no file in it.
        MissingEngineError: an engine is not installed.
    """
    files = _files(directory)
    items = ((number, Item(f"{number}", _DAY, (ItemFile(Role.DOCUMENT, path),))) for number, path in enumerate(files))
    report = HostileReport()
    pool = _TimedPool(settings, module=module)
    with pool:
        pool.start()
        for done in read_items(directory, items, pool, settings):
            outcome = done.readings[0].outcome
            seconds = round(pool.seconds.pop((done.position, 0), 0.0), 3)
            one = HostileFile(outcome.path, outcome.outcome, outcome.kind, outcome.detail, seconds)
            report.add(one)
            tell(one)
        report.layers = pool.layers
    report.peak_memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return report


def write_line(stream: TextIO, one: HostileFile) -> None:
    """Writes a file's outcome as one line of JSON, in ASCII, at once."""
    line = {"schema_version": SCHEMA_VERSION, **asdict(one)}
    stream.write(json.dumps(line, ensure_ascii=True, allow_nan=False) + "\n")
    stream.flush()


def _files(directory: Path) -> list[str]:
    """Everything below a folder that is not a folder, by name."""

    def refuse(error: OSError) -> None:
        raise UsageError(f"{error.filename}: cannot be listed ({error.strerror})") from error

    found = []
    for folder, folders, files in os.walk(directory, onerror=refuse):
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        found += [(Path(folder) / name).relative_to(directory).as_posix() for name in (*files, *links)]
    found = sorted(path for path in found if path != _MANIFEST)
    if not found:
        raise NoInputsError(f"{directory}: holds no file")
    return found


class _TimedPool(Pool[Key]):
    """Workers of this machine; notes how long each file was with one."""

    def __init__(self, settings: Settings, *, module: str) -> None:
        super().__init__(settings, module=module)
        self._begun: dict[Key, float] = {}
        self.seconds: dict[Key, float] = {}

    def run(self, requests: Iterable[Request[Key]]) -> Iterator[Served[Key] | Died[Key]]:
        for answer in super().run(self._noted(requests)):
            self.seconds[answer.key] = time.monotonic() - self._begun.pop(answer.key)
            yield answer

    def _noted(self, requests: Iterable[Request[Key]]) -> Iterator[Request[Key]]:
        for request in requests:
            self._begun[request.key] = time.monotonic()
            yield request
