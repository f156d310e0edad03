"""Files into readings: opens each file of a manifest when a worker is free, and gives every file an outcome."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import ValidationError

from verify.batch.codec import READING, TASK, Task
from verify.batch.pool import Died, Pool, Request, Served
from verify.capture import FileRefusedError, open_untrusted
from verify.model.item import Item
from verify.model.outcome import FileOutcome, Outcome
from verify.model.result import FileReading
from verify.settings import Settings

__all__ = ["ReadItem", "read_items"]

_Key = tuple[int, int]
ReadItem = tuple[int, Item, tuple[FileReading, ...], dict[str, bytes]]
"""Position in the batch, the item, a reading for each of its files, and the pictures they name."""


def read_items(
    root: Path, items: Iterable[tuple[int, Item]], pool: Pool[_Key], settings: Settings
) -> Iterator[ReadItem]:
    """Reads all files of the items.

    Args:
        root: folder below which the files lie.
        items: with their positions; drawn only as workers are free.
        pool: of workers.
        settings: limits for opening.

    Yields:
        Items as their last file is done, not in their order.
    """
    gathering = _Gathering()
    finished: list[ReadItem] = []

    def requests() -> Iterator[Request[_Key]]:
        for position, item in items:
            gathering.begin(position, item)
            for number, file in enumerate(item.files):
                try:
                    descriptor, _size = open_untrusted(root, file.path, settings.limits)
                except FileRefusedError as refused:
                    outcome = FileOutcome(file.role, file.path, refused.outcome, str(refused))
                    finished.extend(gathering.add((position, number), _unread(outcome), {}))
                    continue
                task = TASK.dump_python(Task(file, item.inspection_date), mode="json")
                yield Request((position, number), descriptor, task)

    for answer in pool.run(requests()):
        yield from _drained(finished)
        reading, pictures = _understood(answer, gathering.file(answer.key), settings)
        yield from gathering.add(answer.key, reading, pictures)
    yield from _drained(finished)


def _drained(finished: list[ReadItem]) -> Iterator[ReadItem]:
    while finished:
        yield finished.pop(0)


def _understood(
    answer: Served[_Key] | Died[_Key], file: tuple[str, str], settings: Settings
) -> tuple[FileReading, dict[str, bytes]]:
    role, path = file
    if isinstance(answer, Died):
        kind = Outcome.RESOURCE if answer.timed_out else Outcome.CRASH
        detail = (
            f"took longer than limits.seconds = {settings.limits.seconds:g}; raise the setting if it is genuine"
            if answer.timed_out
            else f"{answer.reason}; only this file is affected"
        )
        return _unread(FileOutcome(role, path, kind, detail)), {}
    try:
        reading = READING.validate_json(answer.reading)
    except ValidationError:
        return _unread(FileOutcome(role, path, Outcome.CRASH, "the worker gave an answer that is not valid")), {}
    return reading, answer.pictures


def _unread(outcome: FileOutcome) -> FileReading:
    reason = f"the file is {outcome.outcome}"
    return FileReading(outcome, mrz_reason=reason, face_reason=reason)


class _Gathering:
    """Readings of items whose other files are still being read."""

    def __init__(self) -> None:
        self._items: dict[int, Item] = {}
        self._readings: dict[int, dict[int, FileReading]] = {}
        self._pictures: dict[int, dict[str, bytes]] = {}

    def begin(self, position: int, item: Item) -> None:
        self._items[position] = item
        self._readings[position] = {}
        self._pictures[position] = {}

    def file(self, key: _Key) -> tuple[str, str]:
        position, number = key
        file = self._items[position].files[number]
        return file.role, file.path

    def add(self, key: _Key, reading: FileReading, pictures: dict[str, bytes]) -> Iterator[ReadItem]:
        """Adds the reading of one file; yields the item when it was the last."""
        position, number = key
        self._readings[position][number] = reading
        self._pictures[position].update(pictures)
        item = self._items[position]
        if len(self._readings[position]) == len(item.files):
            readings = self._readings.pop(position)
            del self._items[position]
            yield (
                position,
                item,
                tuple(readings[n] for n in range(len(item.files))),
                self._pictures.pop(position),
            )
