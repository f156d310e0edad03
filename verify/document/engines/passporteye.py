"""PassportEye's locator with our own recogniser: to compare what finding the zone is worth.

PassportEye is only ever given arrays. Its own reader opens files, follows addresses and hands pictures to tesseract
through temporary files; `scripts/bench mrz` measures it as it is.
"""

from __future__ import annotations

import importlib
import time
import warnings
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from verify.document.engines import StripReading
from verify.document.engines.own import OwnEngine
from verify.document.engines.rows import rows_at
from verify.document.engines.zone import Zone
from verify.errors import MissingEngineError

__all__ = ["PassportEyeEngine"]

_WIDTHS = (250, 450)  # to which PassportEye reduces a page before it looks: its own default, and for small zones
_FIRST_WIDTH = 1000
_LEAST_SIDE, _LEAST_SHARE = 40, 0.05  # pixels, and height of a page in its widths; the locator fails on next to none
_CAPITALS, _CAPITAL = 40, 11  # in the length of a zone, and the pixels of one on the picture its rows are looked for in
_MOST_SCALE = 4.0

_Grey = NDArray[np.uint8]
_HOW = "install it with: pip install verify-toolkit[passporteye]"


class PassportEyeEngine:
    """Finds MRZs with PassportEye's locator."""

    any_angle = False
    starts_programs = False

    def __init__(self) -> None:
        """Loads PassportEye and the recogniser.

        Raises:
            MissingEngineError: one of them is not installed.
        """
        try:
            self._parts: Any = importlib.import_module("passporteye.mrz.image")
        except ImportError as error:
            raise MissingEngineError(f"PassportEye cannot be loaded ({error}); {_HOW}") from error
        self._own = OwnEngine()
        self._name = self.describe()

    @classmethod
    def describe(cls) -> str:
        """Engine and versions, without loading PassportEye.

        Raises:
            MissingEngineError: PassportEye is not installed.
        """
        try:
            return f"passporteye {version('passporteye')} + {OwnEngine.describe()}"
        except PackageNotFoundError as error:
            raise MissingEngineError(f"PassportEye is not installed; {_HOW}") from error

    @property
    def name(self) -> str:
        """Engine and versions."""
        return self._name

    def read(self, page: _Grey, *, seconds: float) -> list[StripReading]:
        """Reads a page (see `MrzEngine.read`)."""
        end = time.monotonic() + seconds
        found: list[StripReading] = []
        for width in _WIDTHS:
            for zone in self._zones(page, width):
                if time.monotonic() > end:
                    return found
                reading = self._own.read_zone(page, zone)
                if reading is not None:
                    found.append(reading)
            if found or time.monotonic() > end:
                break
        return found

    def _zones(self, page: _Grey, width: int) -> list[Zone]:
        """Zones around the boxes of the locator, the largest first."""
        if min(page.shape) < _LEAST_SIDE or page.shape[0] < _LEAST_SHARE * page.shape[1]:
            return []
        scale = min(1.0, _FIRST_WIDTH / page.shape[1])  # its own reduction of a large page is slow
        page = np.asarray(cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
        small, factor = self._parts.Scaler(width)(page / 255.0)
        with warnings.catch_warnings():
            # scikit-image announces that 0.27 will drop a function; the package is held below it
            warnings.filterwarnings("ignore", "`square` is deprecated", FutureWarning)
            binary = self._parts.BooneTransform()(small)
        boxes = sorted(self._parts.MRZBoxLocator()(binary), key=lambda box: -float(box.area))
        zones = [_zone(page, scale, np.asarray(box.points, np.float32)[:, ::-1] / factor) for box in boxes]
        return [zone for zone in zones if zone is not None]


def _zone(page: _Grey, scale: float, points: NDArray[np.float32]) -> Zone | None:
    """The rows around the middle of a box, along its longer side."""
    middle, (width, height), angle = cv2.minAreaRect(points)
    if width < height:
        width, angle = height, angle + 90
    angle = (angle + 90) % 180 - 90
    more = min(_MOST_SCALE, _CAPITAL * _CAPITALS / max(1.0, width))
    level = np.asarray(cv2.resize(page, None, fx=more, fy=more, interpolation=cv2.INTER_LINEAR), np.uint8)
    at = middle[0] * more, middle[1] * more
    return rows_at(level, scale * more, at, float(np.deg2rad(angle)), width * more / _CAPITALS)
