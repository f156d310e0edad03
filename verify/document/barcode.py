"""Two-dimensional codes on a page: as they are, and where a patch looks like a code, enlarged and turned.

A rotated PDF417 that is not read as scanned is read at twice its size and sharpened
(docs/decisions/015-chip-and-seals.md). The second look is taken only at patches as dense and as tall as a code, so
that a page without one costs little.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

__all__ = ["ReadCode", "read_codes"]

_FORMATS = zxingcpp.barcode_formats_from_str("PDF417|DataMatrix|QRCode|Aztec")
_MAX_CODES = 8
_MAX_PATCHES = 3
_LOOK = 900  # pixels of the longer side on which patches are looked for
_EDGE = 60.0  # grey levels of a gradient that counts as an edge of a module
_LEAST = 22  # pixels at that size: lines of text are lower
_FULL = 0.6  # of a patch's turned box that is dense
_ASPECT = 6.0  # a PDF417 of a licence is about four times as wide as high
_MAX_SIDE = 2600  # pixels of an enlarged patch
_MARGIN = 0.12

_Grey = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class ReadCode:
    """A code as read: its symbology and its bytes."""

    symbology: str
    content: bytes

    @property
    def sha256(self) -> str:
        """Of the content, hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


def read_codes(page: NDArray[np.uint8], *, seconds: float) -> tuple[ReadCode, ...]:
    """Reads the codes of a page.

    Args:
        page: H x W x 3, RGB.
        seconds: after which no further look is begun.
    """
    end = time.monotonic() + seconds
    grey = np.asarray(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    found = dict.fromkeys(_read(grey))
    if not found:
        for patch in _patches(grey):
            for look in _looks(patch):
                if time.monotonic() > end:
                    return tuple(found)
                if codes := _read(look):
                    found |= dict.fromkeys(codes)
                    break
    return tuple(found)[:_MAX_CODES]


def _read(grey: _Grey) -> list[ReadCode]:
    try:
        codes = zxingcpp.read_barcodes(np.ascontiguousarray(grey), formats=_FORMATS)
    except (ValueError, RuntimeError):  # a page too small for any code
        return []
    return [ReadCode(_symbology(one.format), bytes(one.bytes)) for one in codes if one.bytes]


def _symbology(form: object) -> str:
    """One name, e.g. "DataMatrix", whatever the release of the library calls it."""
    return str(form).rpartition(".")[2].replace(" ", "")


def _patches(grey: _Grey) -> Iterator[_Grey]:
    """Upright cuts of the page that are dense with edges over more than the height of a line, the largest first."""
    scale = min(1.0, _LOOK / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    edges = cv2.morphologyEx(small, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    dense = (cv2.blur((edges > _EDGE).astype(np.float32), (9, 9)) > 0.5).astype(np.uint8)
    solid = cv2.morphologyEx(dense, cv2.MORPH_OPEN, np.ones((_LEAST // 2, _LEAST // 2), np.uint8))
    outlines, _tree = cv2.findContours(solid, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    boxes = []
    for outline in outlines:
        (x, y), (width, height), angle = cv2.minAreaRect(outline)
        low, high = sorted((width, height))
        if low >= _LEAST and high <= low * _ASPECT and cv2.contourArea(outline) >= _FULL * width * height:
            boxes.append((width * height, (x / scale, y / scale), (width / scale, height / scale), angle))
    for _area, centre, size, angle in sorted(boxes, reverse=True)[:_MAX_PATCHES]:
        yield _upright(grey, centre, size, angle)


def _upright(grey: _Grey, centre: tuple[float, float], size: tuple[float, float], angle: float) -> _Grey:
    """The patch with its sides along the axes, wider than high, with a quiet zone around it."""
    (width, height), turned = size, angle
    if width < height:
        width, height, turned = height, width, angle - 90
    margin = _MARGIN * width + 10
    shape = round(width + 2 * margin), round(height + 2 * margin)
    matrix = cv2.getRotationMatrix2D(centre, turned, 1.0)
    matrix[:, 2] += np.array([shape[0] / 2 - centre[0], shape[1] / 2 - centre[1]])
    return np.asarray(cv2.warpAffine(grey, matrix, shape, flags=cv2.INTER_CUBIC, borderValue=255), dtype=np.uint8)


def _looks(patch: _Grey) -> Iterator[_Grey]:
    """As cut, at twice its size, that sharpened, and the size once more where it stays small."""
    yield patch
    for factor in (2.0, 3.0):
        if max(patch.shape) * factor > _MAX_SIDE:
            return
        large = cv2.resize(patch, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
        yield np.asarray(large, dtype=np.uint8)
        soft = cv2.GaussianBlur(large, (0, 0), 1.5 * factor)
        yield np.asarray(cv2.addWeighted(large, 2.0, soft, -1.0, 0), dtype=np.uint8)
