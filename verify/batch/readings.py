"""Files into readings: opened when a worker is free, read once however often they occur, each given an outcome."""

from __future__ import annotations

import dataclasses
import os
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from verify.batch.codec import READING, TASK, Task
from verify.batch.engines import BatchEngine, Died, Request, Served
from verify.capture import FileRefusedError, open_untrusted, open_untrusted_dump, read_untrusted
from verify.model.item import Item, ItemFile, Role
from verify.model.outcome import FileOutcome, Outcome
from verify.model.result import FileReading
from verify.settings import Limits, Settings

__all__ = ["Key", "ReadItem", "open_file", "read_items"]

Key = tuple[int, int]
"""Position of the item in the batch, and number of the file in the item."""

_Kept = tuple[FileReading, dict[str, bytes]]
_ASIDE = 32  # items at hand beside those that workers read: not opened, or of bytes that are being read
_RECENT = 32  # readings at hand until their item is recorded, where `known` finds them


@dataclass(frozen=True, slots=True)
class ReadItem:
    """An item whose files have all been read.

    Attributes:
        position: in the batch.
        item: as in the manifest.
        readings: one for each file, in their order.
        pictures: JPEG by name, as the readings name them.
    """

    position: int
    item: Item
    readings: tuple[FileReading, ...]
    pictures: dict[str, bytes]


def read_items(
    root: Path,
    items: Iterable[tuple[int, Item]],
    engine: BatchEngine[Key],
    settings: Settings,
    *,
    known: Callable[[ItemFile, Item, str], _Kept | None] = lambda file, item, sha256: None,
) -> Iterator[ReadItem]:
    """Reads all files of the items.

    Args:
        root: folder below which the files lie.
        items: with their positions; drawn only as workers are free.
        engine: that reads them.
        settings: limits for opening.
        known: gives the reading of a file with these bytes that was made before, if there is one.

    Yields:
        Items as their last file is done, not in their order.
    """
    work = _Work(root, settings, known)
    remaining = iter(items)
    while not work.drawn_all:
        for answer in engine.run(work.requests(remaining)):
            yield from work.drain()
            work.answer(answer)
            yield from work.drain()
        yield from work.drain()


def open_file(root: Path, file: ItemFile, limits: Limits) -> int:
    """A descriptor of a file of the manifest; only the dump of a chip may be a folder.

    Raises:
        FileRefusedError: as `open_untrusted`.
    """
    opened = open_untrusted_dump if file.role is Role.CHIP else open_untrusted
    return opened(root, file.path, limits)[0]


@dataclass(slots=True)
class _Pending:
    """An item some of whose files are still being read."""

    position: int
    item: Item
    readings: dict[int, FileReading] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)


class _Work:
    """The state between requests and answers: what is open or not yet recorded is bounded."""

    def __init__(self, root: Path, settings: Settings, known: Callable[[ItemFile, Item, str], _Kept | None]) -> None:
        self._root, self._settings, self._known = root, settings, known
        self._pending: dict[int, _Pending] = {}
        self._finished: list[ReadItem] = []
        self._hashes: dict[Key, str] = {}
        self._in_hand: dict[tuple[str, str, str], list[Key]] = {}
        self._recent: OrderedDict[tuple[str, str, str], _Kept] = OrderedDict()
        self.drawn_all = False

    def requests(self, items: Iterable[tuple[int, Item]]) -> Iterator[Request[Key]]:
        """One request for each file that has to be read; the others are answered on the way.

        It ends early, to be begun again, when many items in a row need no worker: they have to be recorded first.
        """
        for position, item in items:
            self._pending[position] = _Pending(position, item)
            for number, file in enumerate(item.files):
                request = self._request((position, number), item, file)
                if request is not None:
                    yield request
            if len(self._pending) + len(self._finished) > self._settings.workers + _ASIDE:
                return
        self.drawn_all = True

    def _request(self, key: Key, item: Item, file: ItemFile) -> Request[Key] | None:
        try:
            descriptor = open_file(self._root, file, self._settings.limits)
        except FileRefusedError as refused:
            self._add(key, _unread(FileOutcome(file.role, file.path, refused.outcome, str(refused))), {})
            return None
        try:
            _data, sha256 = read_untrusted(descriptor, self._settings.limits, keep=False)
            os.lseek(descriptor, 0, os.SEEK_SET)
            same = (sha256, str(file.role), item.inspection_date.isoformat())
            kept = self._recent.get(same) or self._known(file, item, sha256)
            if kept is None and same not in self._in_hand:
                self._in_hand[same] = []
                self._hashes[key] = sha256
                task = TASK.dump_python(Task(file, item.inspection_date), mode="json")
                return Request(key, descriptor, task)
        except FileRefusedError as refused:
            kept = _unread(FileOutcome(file.role, file.path, refused.outcome, str(refused))), {}
        os.close(descriptor)
        if kept is None:
            self._in_hand[same].append(key)  # the same bytes are being read just now
        else:
            self._add(key, _for(file, kept[0]), kept[1])
        return None

    def answer(self, answer: Served[Key] | Died[Key]) -> None:
        """Takes the answer for one file, and for all that have the same bytes."""
        position, number = answer.key
        item = self._pending[position].item
        file = item.files[number]
        sha256 = self._hashes.pop(answer.key)
        reading, pictures = self._understood(answer, file, sha256)
        same = (sha256, str(file.role), item.inspection_date.isoformat())
        waiting = self._in_hand.pop(same)
        if reading.outcome.outcome is Outcome.OK:
            self._recent[same] = reading, pictures
            if len(self._recent) > _RECENT:
                self._recent.popitem(last=False)
        self._add(answer.key, reading, pictures)
        for key in waiting:
            self._add(key, _for(self._pending[key[0]].item.files[key[1]], reading), pictures)

    def drain(self) -> Iterator[ReadItem]:
        """The items that have been finished since."""
        while self._finished:
            yield self._finished.pop(0)

    def _add(self, key: Key, reading: FileReading, pictures: dict[str, bytes]) -> None:
        position, number = key
        pending = self._pending[position]
        pending.readings[number] = reading
        pending.pictures.update(pictures)
        if len(pending.readings) == len(pending.item.files):
            del self._pending[position]
            readings = tuple(pending.readings[n] for n in range(len(pending.item.files)))
            self._finished.append(ReadItem(position, pending.item, readings, pending.pictures))

    def _understood(self, answer: Served[Key] | Died[Key], file: ItemFile, sha256: str) -> _Kept:
        if isinstance(answer, Died):
            return _unread(self._blamed(answer, file, sha256)), {}
        try:
            reading = READING.validate_json(answer.reading)
        except ValidationError:
            detail = "the worker gave an answer that is not valid"
            return _unread(FileOutcome(file.role, file.path, Outcome.CRASH, detail, sha256)), {}
        if reading.outcome.sha256 not in ("", sha256):
            detail = "changed while it was read; copy it here before the run"
            return _unread(FileOutcome(file.role, file.path, Outcome.DAMAGED, detail, sha256)), {}
        return _with_hash(reading, sha256), answer.pictures

    def _blamed(self, died: Died[Key], file: ItemFile, sha256: str) -> FileOutcome:
        if not died.timed_out:
            detail = f"{died.reason}; only this file is affected"
            return FileOutcome(file.role, file.path, Outcome.CRASH, detail, sha256)
        seconds = self._settings.limits.seconds
        detail = f"took longer than limits.seconds = {seconds:g}; raise the setting if it is genuine"
        return FileOutcome(file.role, file.path, Outcome.RESOURCE, detail, sha256)


def _unread(outcome: FileOutcome) -> FileReading:
    reason = f"the file is {outcome.outcome}"
    return FileReading(outcome, mrz_reason=reason, face_reason=reason)


def _with_hash(reading: FileReading, sha256: str) -> FileReading:
    return dataclasses.replace(reading, outcome=dataclasses.replace(reading.outcome, sha256=sha256))


def _for(file: ItemFile, reading: FileReading) -> FileReading:
    """The reading of the same bytes, for another row of the manifest."""
    return dataclasses.replace(reading, outcome=dataclasses.replace(reading.outcome, path=file.path))
