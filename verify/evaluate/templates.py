"""Templates of many files through the real workers, for measurements. A failure to acquire is a row of NaN."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from verify.batch.engines.local import Pool
from verify.batch.readings import Key, read_items
from verify.errors import NoInputsError, UsageError
from verify.face import Description, unit
from verify.model.face import FaceRole, FaceTemplate
from verify.model.item import Item, ItemFile, Role
from verify.model.result import FileReading
from verify.settings import Settings

__all__ = ["Acquired", "acquire_files", "files_below", "files_in", "located"]

_DAY = dt.date(2000, 1, 1)  # resolves centuries of dates that nobody looks at
_SUFFIXES = {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".heic", ".jp2"}


@dataclass(frozen=True, slots=True)
class Acquired:
    """What became of the files.

    Attributes:
        files: as given.
        vectors: float32 (N x D), unit length; NaN where no template was made.
        lengths: float64 (N), of the vectors as the engine gave them.
        sha256: of each file; empty when it could not be read.
        reasons: by position, why there is no template.
        unreadable: positions of these whose file itself was at fault (failure to enrol, not to acquire).
        engine: that made them.
    """

    files: tuple[Path, ...]
    vectors: NDArray[np.float32]
    lengths: NDArray[np.float64]
    sha256: tuple[str, ...]
    reasons: dict[int, str]
    unreadable: frozenset[int]
    engine: Description

    @property
    def found(self) -> NDArray[np.bool_]:
        """Of each file, whether there is a template."""
        return np.asarray(np.isfinite(self.vectors).all(axis=1))


def files_in(listing: Path) -> tuple[Path, ...]:
    """The paths of a list, one a line; see `located` for relative ones.

    Raises:
        UsageError: the list cannot be read.
        NoInputsError: it is empty.
    """
    try:
        lines = listing.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{listing}: cannot be read as a list of files ({error})") from error
    files = tuple(located(listing, line.strip()) for line in lines if line.strip())
    if not files:
        raise NoInputsError(f"{listing}: names no file")
    return files


def located(listing: Path, written: str) -> Path:
    """The file that a line of a list means: below the list's folder, or else below the present one if it is there."""
    beside = listing.parent / written
    return beside if beside.exists() or not Path(written).exists() else Path(written)


def files_below(directory: Path) -> tuple[Path, ...]:
    """The pictures below a folder, by name.

    Raises:
        NoInputsError: there is none.
    """
    files = tuple(sorted(path for path in directory.rglob("*") if path.suffix.lower() in _SUFFIXES))
    if not files:
        raise NoInputsError(f"{directory}: holds no picture")
    return files


def acquire_files(
    files: Sequence[Path],
    settings: Settings,
    *,
    border: int = 0,
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> Acquired:
    """Makes a template of the main face of each file, as of a live capture.

    Args:
        files: pictures.
        settings: engine and limits.
        border: pixels put around a picture in which the face fills most of the height, or none is found; 0 for none.
        tell: is given (done, of how many).

    Raises:
        MissingEngineError: an engine is not installed.
    """
    absolute = [path.resolve() for path in files]  # the operator named them, links too; workers refuse links
    root = Path(os.path.commonpath([path.parent for path in absolute]))
    readings, engine = _read(root, absolute, settings.model_copy(update={"border": border}), tell)
    faces = {number: face for number, one in readings.items() if (face := _main(one)) is not None}
    return _acquired(tuple(files), readings, faces, engine)


def _read(
    root: Path, files: Sequence[Path], settings: Settings, tell: Callable[[int, int], None]
) -> tuple[dict[int, FileReading], Description]:
    items = (
        (number, Item(str(number), _DAY, (ItemFile(Role.CAPTURE, path.relative_to(root).as_posix()),)))
        for number, path in enumerate(files)
    )
    readings: dict[int, FileReading] = {}
    with Pool[Key](settings) as pool:
        pool.start()
        engine = Description(pool.engines["face"], pool.engines["face_sha256"], pool.engines["face_card"])
        for done, one in enumerate(read_items(root, items, pool, settings), start=1):
            readings[one.position] = one.readings[0]
            tell(done, len(files))
    return readings, engine


def _main(reading: FileReading) -> FaceTemplate | None:
    return next((face for face in reading.faces if face.role is FaceRole.LIVE), None)


def _acquired(
    files: tuple[Path, ...], readings: dict[int, FileReading], faces: dict[int, FaceTemplate], engine: Description
) -> Acquired:
    width = len(next(iter(faces.values())).vector) if faces else 1
    raw = np.full((len(files), width), np.nan, dtype=np.float32)
    for number, face in faces.items():
        raw[number] = face.vector
    ordered = [readings[number] for number in range(len(files))]
    return Acquired(
        files=files,
        vectors=unit(raw),
        lengths=np.linalg.norm(raw.astype(np.float64), axis=1),
        sha256=tuple(one.outcome.sha256 for one in ordered),
        reasons={
            number: one.outcome.detail or one.face_reason or "no face"
            for number, one in enumerate(ordered)
            if number not in faces
        },
        unreadable=frozenset(number for number, one in enumerate(ordered) if one.outcome.outcome != "ok"),
        engine=engine,
    )
