"""dlib's shape predictor: five landmarks by a cascade of regression trees.

Kazemi and Sullivan, "One Millisecond Face Alignment with an Ensemble of Regression Trees" (CVPR 2014); the file is
dlib's shape_predictor_5_face_landmarks.dat (CC0). The trees of a stage are walked all at once. The result is dlib's
own, to the pixel.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from verify.errors import MissingEngineError
from verify.face.engines.align import similarity
from verify.model.face import Box
from verify.runtime.dlib_file import read_numbers

__all__ = ["ShapePredictor"]


@dataclass(frozen=True, slots=True)
class _Stage:
    """One forest: T trees of depth D over P pixels, in single precision like dlib's.

    Attributes:
        splits: of one tree, 2^D - 1.
        one: of each split, tree after tree, the index of a pixel,
        other: and of the pixel that is subtracted from it.
        thresholds: a greater difference goes left.
        leaves: T 2^D x 2L steps of the landmarks.
        anchors: P indices of the landmark a pixel moves with.
        deltas: P x 2, from that landmark, in the frame of the mean shape.
    """

    splits: int
    one: NDArray[np.int64]
    other: NDArray[np.int64]
    thresholds: NDArray[np.float32]
    leaves: NDArray[np.float32]
    anchors: NDArray[np.int64]
    deltas: NDArray[np.float32]


class ShapePredictor:
    """The predictor: landmarks of a face that a detector has boxed."""

    def __init__(self, data: bytes, told: str) -> None:
        """Reads a file.

        Args:
            data: the file.
            told: what to call it in an error.

        Raises:
            MissingEngineError: it is damaged or not of that kind.
        """
        try:
            self._mean, self._stages = _read(read_numbers(data))
        except (IndexError, ValueError, MemoryError) as error:
            raise MissingEngineError(f"{told}: no shape predictor of dlib ({error})") from error

    def landmarks(self, image: NDArray[np.uint8], box: Box) -> NDArray[np.float64]:
        """The landmarks, L x 2, in whole pixels as dlib gives them.

        Args:
            image: H x W x 3 RGB.
            box: of the face; may reach beyond the image, where pixels count as 0.
        """
        corner = np.array([box.left, box.top], dtype=np.float64)
        size = np.array([box.width - 1, box.height - 1], dtype=np.float64)  # dlib's corners are pixels of the box
        image = np.ascontiguousarray(image)
        shape = self._mean
        for stage in self._stages:
            turn = similarity(self._mean, shape)[0].astype(np.float32)
            points = stage.deltas @ turn.T + shape[stage.anchors]
            values = _intensities(image, _whole(points * size + corner))
            shape = _walk(stage, values, shape)
        return _whole(shape * size + corner).astype(np.float64)


def _whole(points: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.floor(points + 0.5).astype(np.int64)


def _intensities(image: NDArray[np.uint8], points: NDArray[np.int64]) -> NDArray[np.float32]:
    """The mean of red, green and blue at points (x, y), in whole numbers; 0 outside."""
    height, width = image.shape[:2]
    x, y = points.T
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    colours = image.reshape(-1, 3).take(np.where(inside, y * width + x, 0), axis=0)
    return np.asarray((colours.sum(axis=1, dtype=np.uint16) // 3) * inside, dtype=np.float32)


def _walk(stage: _Stage, values: NDArray[np.float32], shape: NDArray[np.float32]) -> NDArray[np.float32]:
    """Walks every tree to its leaf, and adds the leaves one after the other, as rounding depends on the order."""
    first = np.arange(len(stage.leaves) // (stage.splits + 1))
    node = np.zeros_like(first)
    while node[0] < stage.splits:  # all trees are full and of one depth
        at = first * stage.splits + node
        difference = values.take(stage.one.take(at)) - values.take(stage.other.take(at))
        node = 2 * node + 1 + (difference <= stage.thresholds.take(at))
    steps = stage.leaves.take(first * (stage.splits + 1) + node - stage.splits, axis=0)
    added = np.add.accumulate(np.concatenate([shape.reshape(1, -1), steps]))
    return np.asarray(added[-1].reshape(-1, 2), dtype=np.float32)


class _Cursor:
    """Runs through the numbers of the file."""

    def __init__(self, numbers: NDArray[np.int64]) -> None:
        self._numbers, self._at = numbers, 0

    def take(self, count: int) -> NDArray[np.int64]:
        self._at += count
        if count < 0 or self._at > len(self._numbers):
            raise IndexError("the file ends early")
        return self._numbers[self._at - count : self._at]

    def peek(self) -> int:
        return int(self._numbers[self._at])

    def one(self) -> int:
        return int(self.take(1)[0])

    def expect(self, value: int) -> None:
        found = self.one()
        if found != value:
            raise ValueError(f"{found} where {value} should stand")


def _read(numbers: NDArray[np.int64]) -> tuple[NDArray[np.float32], list[_Stage]]:
    cursor = _Cursor(numbers)
    cursor.expect(1)
    size = -cursor.one()
    cursor.expect(-1)
    mean = _reals(cursor.take(2 * size)).reshape(-1, 2)
    forests = [_read_forest(cursor, size) for _ in range(cursor.one())]
    anchors = [cursor.take(cursor.one()) for _ in range(cursor.one())]
    deltas = [_reals(cursor.take(4 * cursor.one())).reshape(-1, 2) for _ in range(cursor.one())]
    stages = [_Stage(*forest, one, delta) for forest, one, delta in zip(forests, anchors, deltas, strict=True)]
    return mean, stages


_Forest = tuple[int, NDArray[np.int64], NDArray[np.int64], NDArray[np.float32], NDArray[np.float32]]


def _read_forest(cursor: _Cursor, size: int) -> _Forest:
    """All trees are of one depth, so each takes as many numbers as the first."""
    count = cursor.one()
    splits = cursor.peek()
    leaves = splits + 1
    length = 2 + 4 * splits + leaves * (2 + 2 * size)
    trees = cursor.take(count * length).reshape(count, length)
    nodes = trees[:, 1 : 1 + 4 * splits].reshape(-1, 4)
    ends = trees[:, 2 + 4 * splits :].reshape(-1, 2 + 2 * size)
    if (trees[:, 0] != splits).any() or (trees[:, 1 + 4 * splits] != leaves).any() or (ends[:, 0] != -size).any():
        raise ValueError("trees of different depths")
    one, other = np.ascontiguousarray(nodes[:, 0]), np.ascontiguousarray(nodes[:, 1])
    return splits, one, other, _reals(nodes[:, 2:])[:, 0], _reals(ends[:, 2:])


def _reals(numbers: NDArray[np.int64]) -> NDArray[np.float32]:
    """Mantissas and exponents in turn, along the last axis."""
    return np.ldexp(numbers[..., 0::2].astype(np.float64), numbers[..., 1::2].astype(np.int32)).astype(np.float32)
