"""Faces and five landmarks by YuNet, on images of any size."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from verify.face.engines import Detection
from verify.face.engines.align import warp
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
_SMALL = 40  # pixels of a face in its look, below which box and score come from a look from near
_NEAR = (160, 208)  # pixels of these looks: twice the face, in the sizes at which landmarks are steadiest
_SQUARE = np.array([(-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0)])
_MIRRORED = [1, 0, 2, 4, 3]  # which landmark each is in the mirror image


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
            return [_detection(image, self._from_near(image, one, scale)) for one in found if _is_upright(one)]

        return detect_in_looks(image, _SIDES, look, all_faces=all_faces, more=_MORE)

    def _from_near(self, image: NDArray[np.uint8], found: NDArray[np.float64], scale: float) -> NDArray[np.float64]:
        """The face with landmarks from looks at it alone: the mean of two sizes, each plain and mirrored.

        A face that was small in its look takes the box and the score of the first of them, too.
        """
        middle, size = (found[:2] + found[2:4]) / 2, float(max(found[2:4] - found[:2]))
        looks = [self._near(image, middle, size, side, flip=flip) for side in _NEAR for flip in (False, True)]
        seen = [one for one in looks if one is not None]
        if not seen:
            return found
        if looks[0] is not None and scale < 1 and size * scale < _SMALL:
            found = looks[0]
        points = np.mean([one[4:14] for one in seen], axis=0)
        return np.concatenate([found[:4], points, found[14:]])

    def _near(
        self, image: NDArray[np.uint8], middle: NDArray[np.float64], size: float, side: int, *, flip: bool
    ) -> NDArray[np.float64] | None:
        """The face in the middle of a square of twice its size, looked at in `side` pixels."""
        part = warp(image, middle + size * _SQUARE, side * (_SQUARE + 1) / 2, side)
        found = self._yunet.find(part[:, ::-1] if flip else part, _THRESHOLD)
        if not len(found):
            return None
        away = np.linalg.norm((found[:, :2] + found[:, 2:4]) / 2 - side / 2, axis=1)
        if away.min() >= side / 4:
            return None
        one = found[away.argmin()]
        if flip:
            one[[2, 0, *range(4, 14, 2)]] = side - 1 - one[:14:2]
            one[4:14] = one[4:14].reshape(5, 2)[_MIRRORED].ravel()
        return np.append((one[:14] - side / 2) * (2 * size / side) + np.tile(middle, 7), one[14])


def _is_upright(found: NDArray[np.float64]) -> bool:
    """False for a face that lies on its side or head: the page is turned then, as other readers need it upright too."""
    across, down = found[6:8] - found[4:6]
    return bool(across > abs(down) * _TILT)


def _detection(image: NDArray[np.uint8], found: NDArray[np.float64]) -> Detection:
    points = found[4:14].reshape(5, 2).copy()
    eyes = points[:2][np.argsort(points[:2, 0])]
    return Detection(inside(Box(*(round(float(v)) for v in found[:4])), image), float(found[14]), points, eyes)
