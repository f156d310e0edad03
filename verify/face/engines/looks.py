"""Looking at an image in several sizes: a detector sees faces of some sizes only.

The first, small look finds the face of a photograph or a data page at little cost. A larger one follows when it found
none, as on an A4 page with a small portrait, or when all faces are wanted, as on a document with a ghost portrait.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from verify.face.engines import Detection
from verify.model.face import Box

__all__ = ["away_from_middle", "detect_in_looks", "inside", "prominence"]

_ENLARGE = 2.0  # a small image is enlarged by no more than that
_WORTH = 1.2  # another look has to be that much larger
_CENTRAL = 0.3  # of its size that a face in a corner counts less than one in the middle
_OVERLAP = 0.3  # shared area over the smaller one, from which two boxes are one face

Look = Callable[[NDArray[np.uint8], float], list[Detection]]
"""Finds faces on an image that was scaled by a factor; gives them in pixels of the image before."""


def detect_in_looks(
    image: NDArray[np.uint8], sides: Sequence[int], look: Look, *, all_faces: bool, more: int
) -> list[Detection]:
    """Looks until a face is found, smaller sizes first.

    Args:
        image: H x W x 3 RGB.
        sides: pixels of the longer side for each look, growing.
        look: one look.
        all_faces: take `more` looks even when the first has found a face.
        more: how many looks that are, of those in `sides`.

    Returns:
        Faces, the most prominent first.
    """
    found: list[Detection] = []
    for number, (scale, scaled) in enumerate(_scaled(image, sides)):
        if found and not (all_faces and number < more):
            break
        found += [one for one in look(scaled, scale) if not any(_same(one.box, other.box) for other in found)]
    return sorted(found, key=lambda one: -prominence(one.box, image))


def prominence(box: Box, image: NDArray[np.uint8]) -> float:
    """How much a face looks like the subject of a picture: its size in pixels, less when it is far from the middle.

    Of 108 photographs of Labeled Faces in the Wild with several faces, the largest was a bystander in 4, this one in
    none.
    """
    return float(np.sqrt(box.area) * (1 - _CENTRAL * away_from_middle(box, image)))


def away_from_middle(box: Box, image: NDArray[np.uint8]) -> float:
    """How far the middle of a face is from that of the picture: 0, or 1 in a corner."""
    height, width = image.shape[:2]
    across, down = (box.left + box.right) / width - 1, (box.top + box.bottom) / height - 1
    return float(np.hypot(across, down) / np.sqrt(2))


def inside(box: Box, image: NDArray[np.uint8]) -> Box:
    """A box cut off at the edges of the image; never empty."""
    height, width = image.shape[:2]
    left, top = min(max(0, box.left), width - 1), min(max(0, box.top), height - 1)
    return Box(left, top, max(left + 1, min(width, box.right)), max(top + 1, min(height, box.bottom)))


def _scaled(image: NDArray[np.uint8], sides: Sequence[int]) -> Iterator[tuple[float, NDArray[np.uint8]]]:
    before = 0.0
    for side in sides:
        scale = min(side / max(image.shape[:2]), _ENLARGE)
        scale = 1.0 if 1 / _WORTH < scale < _WORTH else scale
        if scale < before * _WORTH:
            continue
        before = scale
        size = max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale))
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        yield scale, image if scale == 1.0 else np.asarray(cv2.resize(image, size, interpolation=way), dtype=np.uint8)


def _same(one: Box, other: Box) -> bool:
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    return max(0, width) * max(0, height) > _OVERLAP * min(one.area, other.area)
