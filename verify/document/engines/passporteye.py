"""The PassportEye engine: PassportEye finds the strips, the shapes of OCR-B and tesseract read them.

PassportEye is only ever given arrays. Its own reader opens files, follows addresses and hands pictures to tesseract
through temporary files, and tesseract's `eng` data read fillers as K, X and S. So of PassportEye the locator is used,
the characters are compared with the shapes of OCR-B, and tesseract reads (through pipes) strips that those do not
explain.
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
from verify.document.engines.ocr_b import Line, read_line
from verify.document.engines.strips import Row, cut, find_rows, ink_of, level, turned
from verify.document.engines.tesseract import Tesseract
from verify.errors import MissingEngineError

__all__ = ["PassportEyeEngine"]

_WIDTHS = (250, 450)  # to which PassportEye reduces a page before it looks: its own default, and for small zones
_FIRST_WIDTH = 1000
_LEAST_SIDE, _LEAST_SHARE = 40, 0.05  # pixels, and height of a page in its widths; the locator fails on next to none
_WIDER, _HIGHER = 1.06, 2.6  # the cut strip against PassportEye's box, which may hold one line of three
_OCR_B = 0.85  # mean correlation with the shapes from which a line is surely upright OCR-B; samples: above 0.93
_FEWEST, _MOST = 2, 6  # rows in a strip: an MRZ has two or three, other print may stand by
_SOME = 0.55  # and below which it is no line of characters

_Grey = NDArray[np.uint8]
_Quad = NDArray[np.float32]


class PassportEyeEngine:
    """Reads MRZs with PassportEye's locator."""

    def __init__(self) -> None:
        """Loads PassportEye and looks for tesseract.

        Raises:
            MissingEngineError: one of them is not installed.
        """
        try:
            self._parts: Any = importlib.import_module("passporteye.mrz.image")
        except ImportError as error:
            raise MissingEngineError(
                f"PassportEye cannot be loaded ({error}); install it with: pip install verify-toolkit[passporteye]"
            ) from error
        self._tesseract = Tesseract()
        self._name = _name(self._tesseract)

    @classmethod
    def describe(cls) -> str:
        """Engine and versions, without loading PassportEye.

        Raises:
            MissingEngineError: PassportEye or tesseract is not installed.
        """
        try:
            return _name(Tesseract())
        except PackageNotFoundError as error:
            raise MissingEngineError(
                "PassportEye is not installed; install it with: pip install verify-toolkit[passporteye]"
            ) from error

    @property
    def name(self) -> str:
        """Engine and versions."""
        return self._name

    def read(self, page: _Grey, *, seconds: float) -> list[StripReading]:
        """Reads a page (see `MrzEngine.read`)."""
        end = time.monotonic() + seconds
        readings: list[tuple[float, StripReading]] = []
        for width in _WIDTHS:
            for quad in self._locate(page, width):
                readings.extend(_read_strip(page, quad))
                if time.monotonic() > end:
                    break
            if any(quality >= _OCR_B for quality, _reading in readings) or time.monotonic() > end:
                break
        readings.sort(key=lambda one: -one[0])
        found = [reading for _quality, reading in readings]
        if readings and readings[0][0] < _OCR_B and (left := end - time.monotonic()) > 0:
            best = found[0]
            text, reason = self._tesseract.read(best.strip, left)
            found.append(StripReading(text, best.strip, best.quad, reason))
        return found

    def _locate(self, page: _Grey, width: int) -> list[_Quad]:
        """Rectangles that may hold an MRZ, the largest first."""
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
        return [_quad(np.asarray(box.points, np.float32)[:, ::-1] / (factor * scale)) for box in boxes]


def _read_strip(page: _Grey, quad: _Quad) -> list[tuple[float, StripReading]]:
    """Reads a strip as it is and, unless that is surely right, upside down; with the quality of each."""
    strip = cut(page, quad)
    strip = turned(strip, level(strip))
    readings = []
    for _way in range(2):
        ink = ink_of(strip)
        rows = find_rows(ink)[:_MOST]
        lines = [line for row in rows if (line := _read_row(ink, row, rows)).quality >= _SOME]
        if len(lines) < _FEWEST:
            break
        quality = _quality(lines)
        readings.append((quality, StripReading(tuple(line.text for line in lines), strip, quad)))
        if quality >= _OCR_B:
            break
        strip, quad = np.ascontiguousarray(strip[::-1, ::-1]), np.roll(quad, 2, axis=0)
    return readings


def _read_row(ink: NDArray[np.float32], row: Row, rows: list[Row]) -> Line:
    """Reads a row between its own ends; where that goes badly, also between those of its neighbours.

    The lines of an MRZ are equally long, and dirt at the end of one of them rarely is at the end of all.
    """
    best = read_line(ink, row.top, row.bottom, row.left, row.right)
    if best.quality >= _OCR_B or best.quality < _SOME:
        return best
    near = (row.bottom - row.top) / 3
    lefts = [row.left, *(one.left for one in rows if abs(one.left - row.left) > near)]
    rights = [row.right, *(one.right for one in rows if abs(one.right - row.right) > near)]
    ends = [(left, right) for left in lefts for right in rights if right - left > (row.bottom - row.top) * _FEWEST][1:]
    others = [read_line(ink, row.top, row.bottom, left, right) for left, right in ends]
    return max([best, *others], key=lambda line: line.quality)


def _name(tesseract: Tesseract) -> str:
    return f"passporteye {version('passporteye')} + OCR-B shapes 1 + tesseract {tesseract.version}"


def _quad(points: _Quad) -> _Quad:
    """The rectangle around a box's points, wider and higher; its long side is the top, read from left or from above."""
    centre, (width, height), angle = cv2.minAreaRect(points)
    if width < height:
        width, height, angle = height, width, angle + 90
    angle = (angle + 45) % 180 - 45
    right = np.array([np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))]) * width * _WIDER / 2
    down = np.array([-right[1], right[0]]) * height * _HIGHER / (width * _WIDER)
    middle = np.array(centre)
    return np.array(
        [middle - right - down, middle + right - down, middle + right + down, middle - right + down], np.float32
    )


def _quality(lines: list[Line]) -> float:
    """The mean correlation of the two best lines: print that is no MRZ may stand next to it."""
    return float(np.mean(sorted((line.quality for line in lines), reverse=True)[:2]))
