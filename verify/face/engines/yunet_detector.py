"""Faces and five landmarks by YuNet, on images of any size."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from verify.face.engines import Detection
from verify.face.engines.looks import detect_in_looks, inside
from verify.face.engines.yunet import YuNet
from verify.model.face import Box

__all__ = ["SURE", "YuNetDetector"]

SURE = 0.92
"""Confidence that 99 of 100 upright faces reach, and none that lies (docs/decisions/012-face-engines.md)."""

_SIDES = (320, 960, 1920)
_MORE = 2  # looks when all faces are wanted
_THRESHOLD = 0.6
_TILT = 0.7  # the eyes may lie up to 55 degrees off the level
_SMALL, _CROP = 40, 160  # pixels of a face in its look, below which it is looked at again; of that look


class YuNetDetector:
    """Detection for engines that align with the eyes, the nose and the corners of the mouth."""

    def __init__(self, model: bytes) -> None:
        """Load the network.

        Raises:
            MissingEngineError: it is no ONNX network.
        """
        self._yunet = YuNet(model)

    def detect(self, image: NDArray[np.uint8], *, all_faces: bool = False) -> list[Detection]:
        """Upright faces, the largest first.

        Args:
            image: H x W x 3 RGB.
            all_faces: look for faces much smaller than the largest, too.
        """

        def look(scaled: NDArray[np.uint8], scale: float) -> list[Detection]:
            found = self._yunet.find(scaled, _THRESHOLD)
            found[:, :14] /= scale
            return [_detection(image, self._again(image, one, scale)) for one in found if _is_upright(one)]

        return detect_in_looks(image, _SIDES, look, all_faces=all_faces, more=_MORE)

    def _again(self, image: NDArray[np.uint8], found: NDArray[np.float64], scale: float) -> NDArray[np.float64]:
        """Landmarks of a face that was small in its look, from a look at its surroundings."""
        size = float(max(found[2:4] - found[:2]))
        if scale >= 1 or size * scale >= _SMALL:
            return found
        middle = (found[:2] + found[2:4]) / 2
        left, top = (max(0, int(v - size)) for v in middle)
        part = image[top : int(middle[1] + size) + 1, left : int(middle[0] + size) + 1]
        ratio = min(1.0, _CROP / max(part.shape[:2]))
        near = cv2.resize(part, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA) if ratio < 1 else part
        again = self._yunet.find(np.asarray(near, dtype=np.uint8), _THRESHOLD)
        if not len(again):
            return found
        again[:, :14] = again[:, :14] / ratio + np.tile([left, top], 7)
        distances = np.linalg.norm((again[:, :2] + again[:, 2:4]) / 2 - middle, axis=1)
        nearest = again[distances.argmin()]
        return nearest if distances.min() < size / 2 else found


def _is_upright(found: NDArray[np.float64]) -> bool:
    """False for a face that lies on its side or head: the page is turned then, as other readers need it upright too."""
    across, down = found[6:8] - found[4:6]
    return bool(across > abs(down) * _TILT)


def _detection(image: NDArray[np.uint8], found: NDArray[np.float64]) -> Detection:
    points = found[4:14].reshape(5, 2).copy()
    eyes = points[:2][np.argsort(points[:2, 0])]
    return Detection(inside(Box(*(round(float(v)) for v in found[:4])), image), float(found[14]), points, eyes)
