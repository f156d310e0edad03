"""Our own locator with tesseract's characters: to compare what the recogniser is worth.

Tesseract reads through pipes: nothing of a picture touches the disk. With Debian's English data it takes fillers for K,
C or S, which `fit` then has to undo; data made for MRZs are used where they are installed under the name `mrz`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time

import cv2
import numpy as np
from numpy.typing import NDArray

from verify.document.check_digit import FILLER
from verify.document.engines import StripReading
from verify.document.engines.locate import Search
from verify.document.engines.strip import strip_of
from verify.document.engines.zone import Zone, crop
from verify.document.fit import fit
from verify.errors import MissingEngineError

__all__ = ["TesseractEngine"]

_OPTIONS = (
    "--psm",
    "6",
    "-c",
    "tessedit_char_whitelist=ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<",
    "-c",
    "load_system_dawg=0",
)
_HOW = "install the program tesseract with its English data (Debian: apt-get install tesseract-ocr)"
_DATA = ("mrz", "eng")  # the first that is installed is used
_MOST_ZONES = 6  # a page: each takes a start of the program, or two
_LEAST_FILLERS = 5  # in what may be an MRZ
_APART = 12  # pixels between two rows of what it is given

_Grey = NDArray[np.uint8]


class TesseractEngine:
    """Reads MRZs with the program tesseract."""

    any_angle = True
    starts_programs = True

    def __init__(self) -> None:
        """Looks for the program.

        Raises:
            MissingEngineError: it is not installed or does not start.
        """
        path = shutil.which("tesseract")
        if path is None:
            raise MissingEngineError(f"tesseract was not found; {_HOW}")
        self._path = path
        # one thread: the batch runs one worker a processor already
        self._environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
        try:
            told = self._run(["--version"], b"", 20.0).split()
            installed = self._run(["--list-langs"], b"", 20.0).split()
        except (OSError, subprocess.SubprocessError) as error:
            raise MissingEngineError(f"tesseract does not start ({error}); {_HOW}") from error
        data = next((name for name in _DATA if name in installed), None)
        if data is None:
            raise MissingEngineError(f"tesseract has no data to read with; {_HOW}")
        self._data = data
        self._name = f"tesseract {told[1] if len(told) > 1 else 'of unknown version'} ({data})"

    @classmethod
    def describe(cls) -> str:
        """Engine and version. Raises as the constructor does."""
        return cls().name

    @property
    def name(self) -> str:
        """Engine, version and data."""
        return self._name

    def read(self, page: _Grey, *, seconds: float) -> list[StripReading]:
        """Reads a page (see `MrzEngine.read`)."""
        end = time.monotonic() + seconds
        found: list[StripReading] = []
        search = Search(page)
        for level in search:
            for number, zone in enumerate(level):
                if number == _MOST_ZONES or time.monotonic() > end:
                    break
                read = self._read_zone(page, zone, end)
                if read:
                    search.keep(zone)
                found += read
            if found or time.monotonic() > end:
                break
        return found

    def _read_zone(self, page: _Grey, zone: Zone, end: float) -> list[StripReading]:
        """What the rows of a zone say as they lie, or upside down: what a format fits, or else has more fillers."""
        readings: list[StripReading] = []
        for way in (zone, zone.upside_down()):
            left = end - time.monotonic()
            if left <= 0:
                break
            text, reason = self._text(_stacked([crop(page, way, row) for row in way.rows]), left)
            readings.append(StripReading(text, strip_of(page, way.quad()), way.quad(), reason))
            if fit(text):
                return readings[-1:]
        readings = [one for one in readings if _fillers(one) >= _LEAST_FILLERS]
        return sorted(readings, key=_fillers)[-1:]

    def _text(self, picture: _Grey, seconds: float) -> tuple[tuple[str, ...], str]:
        """The lines of a picture, and a reason when there are none: it failed or took longer than allowed."""
        _done, data = cv2.imencode(".bmp", picture)
        try:
            arguments = ["stdin", "stdout", "--dpi", "300", "-l", self._data, *_OPTIONS]
            text = self._run(arguments, data.tobytes(), seconds)
        except subprocess.TimeoutExpired:
            return (), f"tesseract took longer than {seconds:.1f} s"
        except (OSError, subprocess.SubprocessError) as error:
            return (), f"tesseract failed: {error}"
        return tuple(line.strip() for line in text.splitlines() if line.strip()), ""

    def _run(self, arguments: list[str], data: bytes, seconds: float) -> str:
        done = subprocess.run(
            [self._path, *arguments],
            input=data,
            capture_output=True,
            timeout=seconds,
            check=True,
            env=self._environment,
        )
        return done.stdout.decode("utf-8", "replace")


def _fillers(reading: StripReading) -> int:
    return "".join(reading.text_lines).count(FILLER)


def _stacked(rows: list[_Grey]) -> _Grey:
    """Rows below each other on one picture, on the grey of their ground."""
    ground = int(np.median(np.concatenate([row.ravel() for row in rows])))
    width = max(row.shape[1] for row in rows)
    padded = [
        cv2.copyMakeBorder(
            row, _APART, _APART, _APART, _APART + width - row.shape[1], cv2.BORDER_CONSTANT, value=ground
        )
        for row in rows
    ]
    return np.vstack(padded).astype(np.uint8)
