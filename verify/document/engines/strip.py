"""The strip of a zone as a picture for people."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["strip_of"]

_WIDTH = 1400  # pixels, at most


def strip_of(page: NDArray[np.uint8], quad: NDArray[np.float32]) -> NDArray[np.uint8]:
    """The page inside four corners (4 x 2, upper left first, clockwise), level, at most 1400 pixels wide."""
    width, height = (float(np.linalg.norm(quad[to] - quad[0])) for to in (1, 3))
    scale = min(1.0, _WIDTH / max(1.0, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    corners = np.array([(0, 0), (size[0], 0), size, (0, size[1])], np.float32)
    matrix = cv2.getPerspectiveTransform(quad.astype(np.float32), corners)
    flat = cv2.warpPerspective(page, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(flat, np.uint8)
