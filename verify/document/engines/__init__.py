"""Engines that find and read the strips of MRZs; one file an engine, all behind `MrzEngine`."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from verify.document.decode import Decoded
from verify.errors import MissingEngineError, UsageError

__all__ = ["ENGINES", "MrzEngine", "StripReading", "available", "describe_engine", "get_engine"]

ENGINES = {
    "own": ("verify.document.engines.own", "OwnEngine"),
    "passporteye": ("verify.document.engines.passporteye", "PassportEyeEngine"),
    "tesseract": ("verify.document.engines.tesseract", "TesseractEngine"),
}


@dataclass(frozen=True, slots=True)
class StripReading:
    """What an engine read in one strip.

    Attributes:
        text_lines: from above, as recognised; lengths may be wrong and fillers misread.
        strip: grey crop of the strip, level and upright.
        quad: its corners on the page in pixels, 4 x 2: upper left first, clockwise *as the strip is read*.
        reason: why there is less than hoped for (a time limit, say); empty otherwise.
        decoded: the lines under the grammar of a format, with the probabilities of each character; None from engines
            that give text only.
        pitch: pixels of the page from one character to the next; 0 where it is not known.
    """

    text_lines: tuple[str, ...]
    strip: NDArray[np.uint8]
    quad: NDArray[np.float32]
    reason: str = ""
    decoded: Decoded | None = None
    pitch: float = 0.0


class MrzEngine(Protocol):
    """Finds MRZ strips on a page and reads their characters. What they mean is not its business.

    Attributes:
        any_angle: whether strips are found at any angle; other engines are given several views of a page.
        starts_programs: whether reading starts other programs, which the confinement of a worker must then allow.
    """

    any_angle: bool
    starts_programs: bool

    @property
    def name(self) -> str:
        """Engine and versions, as the record of a reading names them."""
        ...

    def read(self, page: NDArray[np.uint8], *, seconds: float) -> list[StripReading]:
        """Reads a page.

        Args:
            page: H x W, grey, upright or not.
            seconds: how long it may take; when they run out, what has been read so far is returned.

        Returns:
            The strips, the likeliest first; none when nothing looks like an MRZ.
        """
        ...


def get_engine(name: str) -> MrzEngine:
    """The engine of that name, ready to read.

    Raises:
        UsageError: there is no engine of that name.
        MissingEngineError: it is not installed.
    """
    engine: MrzEngine = _class_of(name)()
    return engine


def describe_engine(name: str) -> str:
    """Name and versions of an engine, without loading it. Raises as `get_engine` does."""
    return str(_class_of(name).describe())


def _class_of(name: str) -> Any:
    if name not in ENGINES:
        raise UsageError(f"no MRZ engine is called {name!r}; there are: {', '.join(sorted(ENGINES))}")
    module, cls = ENGINES[name]
    return getattr(importlib.import_module(module), cls)


def available() -> tuple[str, ...]:
    """The names of the engines that are installed."""
    found = []
    for name in sorted(ENGINES):
        try:
            get_engine(name)
        except MissingEngineError:
            continue
        found.append(name)
    return tuple(found)
