"""dlib's face chip: the face set upright in the template of its ResNet, 150 x 150 with a margin of a quarter.

The template is where dlib's five landmarks lie on a mean face (dlib/image_transforms/interpolation.h); the network was
trained on chips cut out this way, so that every rounding is followed: a chip much smaller than the face comes from an
image halved with a binomial filter, and is interpolated bilinearly.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from verify.face.engines.align import similarity

__all__ = ["CHIP", "face_chip"]

CHIP = 150  # pixels of a side
_PADDING = 0.25
_MEAN_FACE = np.array(  # outer and inner corner of one eye, of the other, base of the nose
    [
        (0.8595674595992, 0.2134981538014),
        (0.6460604764104, 0.2289674387677),
        (0.1205750620789, 0.2137274526848),
        (0.3340850613712, 0.2290642403242),
        (0.4901123135679, 0.6277975316475),
    ]
)
_TEMPLATE = (_MEAN_FACE + _PADDING) / (2 * _PADDING + 1) * CHIP
_DOWN = np.array([1.25, 0.75])  # dlib's offset of a halved image
_BINOMIAL = np.array([1, 4, 6, 4, 1], dtype=np.float64)

_Points = NDArray[np.float64]


def face_chip(image: NDArray[np.uint8], landmarks: _Points) -> NDArray[np.uint8]:
    """Cuts out an aligned face.

    Args:
        image: H x W x 3 RGB.
        landmarks: 5 x 2, of dlib's predictor.

    Returns:
        150 x 150 x 3 RGB, black where the chip reaches beyond the image.
    """
    matrix, offset = similarity(_TEMPLATE, landmarks)
    scale = float(np.hypot(*matrix[:, 0]))
    middle = matrix @ [CHIP / 2, CHIP / 2] + offset
    reach = (CHIP * scale - 1) / 2
    rect = np.array([middle - reach, middle + reach])
    turn = matrix / scale
    depth, level = 0, rect
    while _area(level := (level / 2 - _DOWN)) > CHIP * CHIP:
        depth += 1
    corner, part = _surroundings(image, _corners(rect, turn), 2.0 ** (depth + 2) - 2)
    rect = rect - corner
    while _area(rect / 2 - _DOWN) > CHIP * CHIP:
        rect = rect / 2 - _DOWN
        part = _halved(part)
    tl, tr, bl, _br = _corners(rect, turn)
    across, down = (tr - tl) / (CHIP - 1), (bl - tl) / (CHIP - 1)
    rows, columns = np.mgrid[:CHIP, :CHIP]
    x, y = (tl[axis] + columns * across[axis] + rows * down[axis] for axis in (0, 1))
    return _bilinear(part, x, y)


def _area(rect: _Points) -> float:
    """Width times height as dlib counts them: border pixels of both sides belong to it."""
    return float(np.prod(rect[1] - rect[0] + 1))


def _corners(rect: _Points, turn: _Points) -> _Points:
    """The corners of a rectangle, turned about its middle: upper left, upper right, lower left, lower right."""
    middle = rect.mean(axis=0)
    (left, top), (right, bottom) = rect - middle
    corners = np.array([(left, top), (right, top), (left, bottom), (right, bottom)])
    return np.asarray(corners @ turn.T + middle, dtype=np.float64)


def _surroundings(image: NDArray[np.uint8], corners: _Points, margin: float) -> tuple[_Points, NDArray[np.uint8]]:
    """The part of an image around corners, and its own upper left corner."""
    last = np.array([image.shape[1] - 1, image.shape[0] - 1])
    low = np.clip(corners.min(axis=0) - margin, 0, last)
    high = np.clip(corners.max(axis=0) + margin, 0, last)
    (left, top), (right, bottom) = (np.floor(one + 0.5).astype(int) for one in (low, high))
    return np.array([left, top], dtype=np.float64), image[top : bottom + 1, left : right + 1]


def _halved(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Every other pixel after a binomial filter, in whole numbers; the outermost two pixels are not used as centres."""
    height, width = (max(0, (side - 3) // 2) for side in image.shape[:2])
    smooth = cv2.sepFilter2D(image, cv2.CV_64F, _BINOMIAL, _BINOMIAL)
    chosen = smooth[2 : 2 + 2 * height : 2, 2 : 2 + 2 * width : 2]
    return np.asarray(chosen // 256, dtype=np.uint8)


def _bilinear(image: NDArray[np.uint8], x: _Points, y: _Points) -> NDArray[np.uint8]:
    height, width = image.shape[:2]
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    inside = (left >= 0) & (top >= 0) & (left + 1 < width) & (top + 1 < height)
    if not inside.any():
        return np.zeros((*x.shape, 3), dtype=np.uint8)
    right, low = (x - left)[..., None], (y - top)[..., None]
    at = np.where(inside, top * width + left, 0)
    flat = np.ascontiguousarray(image).reshape(-1, 3)
    upper = (1 - right) * flat.take(at, axis=0) + right * flat.take(at + 1, axis=0)
    lower = (1 - right) * flat.take(at + width, axis=0) + right * flat.take(at + width + 1, axis=0)
    mixed = (1 - low) * upper + low * lower
    return np.asarray(mixed * inside[..., None], dtype=np.uint8)
