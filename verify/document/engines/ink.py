"""Ink: dark strokes on whatever ground."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["ink_of"]

_STROKE = 9  # pixels: what is thinner is ink
_AROUND = 41  # pixels: the neighbourhood whose darkest stroke an ink stroke is compared with
_FLOOR = 12  # of 255: fainter is noise
_BLACK = 48  # grey levels of a ground on which depths are no longer told as shares of it

_Grey = NDArray[np.uint8]


def ink_of(level: _Grey, share: float) -> _Grey:
    """1 where there is a dark stroke, thin and not much fainter than the darkest ones around; else 0.

    Args:
        level: H x W, grey, strokes of at most 8 pixels.
        share: of the depth of the darkest strokes around, once reduced to a quarter; fainter is background print.
    """
    closed = cv2.morphologyEx(level, cv2.MORPH_CLOSE, np.ones((_STROKE, _STROKE), np.uint8))
    depth = cv2.divide(
        cv2.subtract(closed, level), np.maximum(closed, _BLACK), scale=255
    )  # like reflectance: no shading
    quarter = cv2.resize(depth, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    side = max(3, _AROUND // 4)
    darkest = cv2.blur(cv2.dilate(quarter, np.ones((side, side), np.uint8)), (side, side))
    around = cv2.resize(darkest, (level.shape[1], level.shape[0]), interpolation=cv2.INTER_LINEAR)
    limit = np.maximum(cv2.convertScaleAbs(around, alpha=share), _FLOOR)
    return np.asarray(np.asarray(depth) > limit, np.uint8)
