"""The strip around an MRZ: cut out level, its background evened out, its rows found by their ink."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["Row", "cut", "find_rows", "ink_of", "level", "turned"]

_Grey = NDArray[np.uint8]
_Floats = NDArray[np.float32]
_WIDTH = 1400  # pixels of a strip, at most
_LEVEL_WIDTH = 500
_INK_SHARE, _INK_LEVEL = 0.4, 0.45
_MIN_HEIGHT = 7  # pixels of a row
_SHORTEST, _LONGEST = 22, 56  # a row's length in its heights: about 30, 36 or 44
_WIDEST_GAP = 1.6  # between two characters, in heights


@dataclass(frozen=True, slots=True)
class Row:
    """A row of characters in a strip, in pixels."""

    top: float
    bottom: float
    left: float
    right: float


def cut(page: _Grey, quad: _Floats) -> _Grey:
    """The page inside a rectangle of four corners (4 x 2, from upper left, clockwise), at most 1400 pixels wide."""
    width = float(np.linalg.norm(quad[1] - quad[0]))
    height = float(np.linalg.norm(quad[3] - quad[0]))
    scale = min(1.0, _WIDTH / width)
    corners = np.array([(0, 0), (width * scale, 0), (width * scale, height * scale)], np.float32)
    matrix = cv2.getAffineTransform(quad[:3].astype(np.float32), corners)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    flags = cv2.INTER_AREA if scale < 0.5 else cv2.INTER_LINEAR
    strip = cv2.warpAffine(page, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(strip, np.uint8)


def ink_of(strip: _Grey) -> _Floats:
    """Ink, 0 to 1, with the background and the shading taken away: what is darker than its surroundings."""
    side = max(9, strip.shape[1] // 35) | 1
    closed = cv2.morphologyEx(strip, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    ground = cv2.blur(closed, (side, side)).astype(np.float32)
    dark = np.clip(1 - strip / np.maximum(ground, 1), 0, 1)
    high = max(0.15, float(np.percentile(dark, 97)))
    return np.asarray(np.clip(dark / high, 0, 1), np.float32)


def level(strip: _Grey) -> float:
    """The slant of the rows in degrees, -4 to 4: the angle at which the sums over rows differ most."""
    scale = min(1.0, _LEVEL_WIDTH / strip.shape[1])
    small = cv2.resize(strip, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    ink = ink_of(np.asarray(small, np.uint8))
    coarse = max(np.arange(-4, 4.1, 0.5), key=lambda angle: _sharpness(ink, angle))
    return float(max(coarse + np.arange(-0.4, 0.41, 0.1), key=lambda angle: _sharpness(ink, angle)))


def turned(strip: _Grey, angle: float) -> _Grey:
    """The strip turned about its middle by some degrees, anticlockwise."""
    matrix = cv2.getRotationMatrix2D((strip.shape[1] / 2, strip.shape[0] / 2), angle, 1)
    size = (strip.shape[1], strip.shape[0])
    return np.asarray(cv2.warpAffine(strip, matrix, size, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _sharpness(ink: _Floats, angle: float) -> float:
    matrix = cv2.getRotationMatrix2D((ink.shape[1] / 2, ink.shape[0] / 2), float(angle), 1)
    profile = cv2.warpAffine(ink, matrix, (ink.shape[1], ink.shape[0])).sum(axis=1)
    return float(np.square(np.diff(profile)).sum())


def find_rows(ink: _Floats) -> list[Row]:
    """The rows of characters, from above, that are as long for their height as a line of an MRZ is."""
    profile = cv2.blur(ink.sum(axis=1).reshape(-1, 1), (1, 3)).ravel()
    strong = profile > _INK_SHARE * float(np.percentile(profile, 95))
    rows = []
    for top, bottom in _runs(strong, 0):
        if bottom - top < _MIN_HEIGHT:
            continue
        columns = cv2.blur(ink[top:bottom].max(axis=0).reshape(1, -1), (3, 1)).ravel() > _INK_LEVEL
        chains = _runs(columns, round(_WIDEST_GAP * (bottom - top)))
        left, right = max(chains, key=lambda chain: chain[1] - chain[0], default=(0, 0))
        if _SHORTEST <= (right - left) / (bottom - top) <= _LONGEST:
            rows.append(Row(top, bottom, left, right))
    return rows


def _runs(mask: NDArray[np.bool_], gap: int) -> list[tuple[int, int]]:
    """Beginning and end of each run of True; runs that are at most `gap` apart are one."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], mask.astype(np.int8), [0]))))
    runs: list[tuple[int, int]] = []
    for start, end in edges.reshape(-1, 2).tolist():
        if runs and start - runs[-1][1] <= gap:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    return runs
