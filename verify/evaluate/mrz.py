"""The MRZ reader on labelled pages or lines: what it says is written for a scorer that knows the truth.

Files are decoded in this process, within the limits of the settings: give it only material you would open yourself.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import cv2
import numpy as np
from numpy.typing import NDArray

from verify.capture import FileRefusedError, decode, open_untrusted, read_untrusted
from verify.document.engines import get_engine
from verify.document.engines.line import LineReader
from verify.document.reader import read_mrz
from verify.errors import NoInputsError, UsageError
from verify.settings import Settings

__all__ = ["ReadLabel", "evaluate_mrz", "labelled", "write_reading"]

_DAY = dt.date(2026, 1, 1)  # resolves centuries: only whether a date is one matters here
_Page = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class ReadLabel:
    """What was read in one labelled file.

    Attributes:
        path: as the labels name it, with its condition in front where there is one.
        lines: as read; empty where nothing was found.
        accepted: whether the reader vouches for them.
        reason: why there are none, or why it does not vouch.
        right: whether they are the labelled ones; for a page without an MRZ, whether nothing was vouched for.
    """

    path: str
    lines: tuple[str, ...]
    accepted: bool
    reason: str
    right: bool


def labelled(labels: Path, kind: str) -> list[tuple[str, tuple[str, ...]]]:
    """Path and true lines of each label of one kind.

    Raises:
        UsageError: the file cannot be read, or is no JSON lines with kind, path and lines.
        NoInputsError: it has no label of this kind.
    """
    try:
        rows = [json.loads(line) for line in labels.read_text(encoding="utf-8").splitlines() if line.strip()]
        found = [(str(row["path"]), tuple(row["lines"])) for row in rows if row["kind"] == kind]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{labels}: no labels can be read from it ({error!r})") from error
    if not found:
        raise NoInputsError(f"{labels}: has no label of kind {kind!r}")
    return found


def evaluate_mrz(
    labels: Path, settings: Settings, *, kind: str = "page", conditions: Path | None = None
) -> Iterator[ReadLabel]:
    """Reads every labelled file.

    Args:
        labels: JSON lines with kind, path (below the folder of the labels) and lines.
        settings: engine and limits.
        kind: "page", or "line" for pictures of single lines.
        conditions: a folder of folders, one a condition, each with the labelled pages (as PNG, whatever the label
            says); None reads the pages themselves.
    """
    files = list(_files(labels, kind, conditions))
    if kind == "line":
        reader = LineReader()
        return (_line(reader, *file, settings) for file in files)
    engine = get_engine(settings.mrz_engine)

    def page_of(root: Path, path: str, name: str, truth: tuple[str, ...]) -> ReadLabel:
        try:
            page = _decoded(root, path, settings)
        except FileRefusedError as refused:
            return ReadLabel(name, (), False, str(refused), not truth)
        found = read_mrz(page, engine, reference_date=_DAY, seconds=settings.limits.seconds)
        if found.result is None:
            return ReadLabel(name, (), False, found.reason, not truth)
        lines, accepted = found.result.lines, found.result.accepted
        return ReadLabel(name, lines, accepted, "; ".join(found.result.objections), _right(lines, accepted, truth))

    return (page_of(*file) for file in files)


def _files(labels: Path, kind: str, conditions: Path | None) -> Iterable[tuple[Path, str, str, tuple[str, ...]]]:
    """Folder, path below it, name to report, and truth of each file."""
    found = labelled(labels, kind)
    if conditions is None:
        return [(labels.parent, path, path, truth) for path, truth in found]
    try:
        names = sorted(one.name for one in conditions.iterdir() if one.is_dir())
    except OSError as error:
        raise UsageError(f"{conditions}: cannot be listed ({error.strerror})") from error
    if not names:
        raise NoInputsError(f"{conditions}: holds no folder of a condition")
    return [
        (conditions, f"{name}/{Path(path).with_suffix('.png').as_posix()}", f"{name}/{path}", truth)
        for name in names
        for path, truth in found
    ]


def _line(
    reader: LineReader, root: Path, path: str, name: str, truth: tuple[str, ...], settings: Settings
) -> ReadLabel:
    try:
        page = _decoded(root, path, settings)
    except FileRefusedError as refused:
        return ReadLabel(name, (), False, str(refused), not truth)
    text, margin = reader.read(np.asarray(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY), np.uint8))
    lines = (text,) if text else ()
    # a line alone has no check digits and no known grammar: nobody vouches for it
    return ReadLabel(name, lines, False, f"least margin {margin:.1f}", _right(lines, False, truth))


def _right(lines: tuple[str, ...], accepted: bool, truth: tuple[str, ...]) -> bool:
    return lines == truth if truth else not accepted


def _decoded(root: Path, path: str, settings: Settings) -> _Page:
    """The first page of a file."""
    descriptor, _size = open_untrusted(root, path, settings.limits)
    try:
        data, _sha256 = read_untrusted(descriptor, settings.limits)
    finally:
        os.close(descriptor)
    return next(decode(data, settings.limits).pages)


def write_reading(stream: TextIO, one: ReadLabel) -> None:
    """Writes what a scorer needs as one line of JSON, at once."""
    line = {"path": one.path, "lines": one.lines, "accepted": one.accepted, "reason": one.reason}
    stream.write(json.dumps(line, ensure_ascii=True) + "\n")
    stream.flush()
