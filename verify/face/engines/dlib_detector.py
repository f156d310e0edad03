"""dlib's CNN face detector (max-margin object detection), over a pyramid of the image.

King, "Max-Margin Object Detection" (2015); the network is dlib's mmod_human_face_detector.dat (CC0). It scores windows
of 80 pixels, eight pixels apart, so the image is looked at in several sizes. dlib makes these sizes 5/6 apart; the
coarser steps here cost half of that and find as many faces (docs/decisions/012-face-engines.md).
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from verify.model.face import Box
from verify.runtime import Session
from verify.runtime.dlib_file import DlibNetwork

__all__ = ["STEP", "MmodDetector"]

STEP = 0.75
"""From one size of the pyramid to the next."""

_WINDOW = 80  # pixels
_STRIDE, _FIRST = 8, 14  # the first window's centre, and the way to the next
_BORDER = 16  # black, so that a face may reach over the edge
_LEAST = 56  # pixels of the shorter side of the smallest size
_OVERLAP = 0.338  # intersection over union from which two windows are one face: the network's own setting
_WITHIN = 0.8  # share of a window inside a better one: an ear or a chin of the same face


class MmodDetector:
    """The detector."""

    def __init__(self, data: bytes, told: str) -> None:
        """Reads the network.

        Args:
            data: the file.
            told: what to call it in an error.

        Raises:
            MissingEngineError: it is damaged or not of that kind.
        """
        self._session = Session(DlibNetwork.read(data, told).to_onnx("height", "width"))

    def find(self, image: NDArray[np.uint8], threshold: float = 0.0) -> list[tuple[Box, float]]:
        """Faces of 80 pixels and more, the best first; boxes may reach over the edge of the image.

        Args:
            image: H x W x 3 RGB.
            threshold: of the score; the network was trained for 0.
        """
        windows = [one for scale, level in _pyramid(image) for one in self._look(level, scale, threshold)]
        kept: list[NDArray[np.float64]] = []
        for window in sorted(windows, key=lambda one: -one[4]):
            if not any(_same(window, better) for better in kept):
                kept.append(window)
        return [(Box(*(int(v) for v in np.floor(one[:4] + 0.5))), float(one[4])) for one in kept]

    def _look(self, level: NDArray[np.uint8], scale: float, threshold: float) -> Iterator[NDArray[np.float64]]:
        """Windows above the threshold in one size: left, top, right, bottom in pixels of the image, score."""
        bordered = cv2.copyMakeBorder(level, _BORDER, _BORDER, _BORDER, _BORDER, cv2.BORDER_CONSTANT)
        tensor = np.ascontiguousarray(bordered.transpose(2, 0, 1)[None], dtype=np.float32)
        scores = self._session.run(tensor)[0][0, 0]
        for row, column in np.argwhere(scores > threshold):
            x, y = (_STRIDE * v + _FIRST - _BORDER for v in (column, row))
            half = _WINDOW / 2
            corners = np.array([x - half, y - half, x + half, y + half]) / scale
            yield np.append(corners, scores[row, column])


def _pyramid(image: NDArray[np.uint8]) -> Iterator[tuple[float, NDArray[np.uint8]]]:
    scale, level = 1.0, image
    while min(level.shape[:2]) >= _LEAST:
        yield scale, level
        scale *= STEP
        size = max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale))
        level = np.asarray(cv2.resize(level, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _same(one: NDArray[np.float64], better: NDArray[np.float64]) -> bool:
    low, high = np.maximum(one[:2], better[:2]), np.minimum(one[2:4], better[2:4])
    shared = float(np.prod(np.maximum(high - low, 0)))
    area, other = (float(np.prod(v[2:4] - v[:2])) for v in (one, better))
    return shared > _OVERLAP * (area + other - shared) or shared > _WITHIN * area
