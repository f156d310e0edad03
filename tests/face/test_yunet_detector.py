"""Landmarks come from looks from near, plain and mirrored; the network is an invented one here."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from verify.face.engines import yunet_detector
from verify.face.engines.yunet_detector import YuNetDetector

CENTRE, SIZE = np.array([150.0, 110.0]), 90.0
MARKS = np.array([(-20.0, -10.0), (20.0, -12.0), (3.0, 5.0), (-15.0, 22.0), (15.0, 20.0)])


class InventedYuNet:
    """Finds a bright square; landmarks are off by `error` pixels of the look, always to the right of what it sees."""

    def __init__(self, _model: bytes) -> None:
        self.error = 2.0
        self.looks: list[tuple[int, int]] = []

    def find(self, image: NDArray[np.uint8], _threshold: float) -> NDArray[np.float64]:
        self.looks.append((image.shape[1], image.shape[0]))
        rows, columns = np.nonzero(image[:, :, 0] > 128)
        if not len(rows):
            return np.zeros((0, 15))
        low, high = np.array([columns.min(), rows.min()]) - 0.5, np.array([columns.max(), rows.max()]) + 0.5
        scale = float(max(high - low)) / SIZE
        middle = (low + high) / 2
        mirrored = image[:, :, 1].sum() > 0 and bool(
            image[int(low[1]) + 2 : int(high[1]) - 1, int(middle[0]) + 2 : int(high[0]) - 1, 1].mean() > 64
        )
        marks = MARKS if not mirrored else (MARKS * [-1, 1])[[1, 0, 2, 4, 3]]
        points = middle + marks * scale + [self.error, 0]
        return np.concatenate([low, high, points.ravel(), [0.95]])[None]


def picture() -> NDArray[np.uint8]:
    """A face of 90 pixels whose left half is green, so that its mirror image is told."""
    image = np.zeros((240, 320, 3), dtype=np.uint8)
    left, top = (CENTRE - SIZE / 2).astype(int)
    image[top : top + int(SIZE), left : left + int(SIZE)] = 255
    image[top : top + int(SIZE), left + int(SIZE) // 2 : left + int(SIZE), 1] = 0
    return image


@pytest.fixture
def detector(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(yunet_detector, "YuNet", InventedYuNet)
    return YuNetDetector(b"")


def test_what_is_off_to_one_side_is_off_to_the_other_in_the_mirror(detector: Any) -> None:
    (found,) = detector.detect(picture())
    assert np.abs(found.landmarks - (CENTRE - 0.5 + MARKS)).max() < 1.0
    assert detector._yunet.looks == [(320, 240), (160, 160), (160, 160), (208, 208), (208, 208)]


def test_landmarks_keep_their_order(detector: Any) -> None:
    (found,) = detector.detect(picture())
    assert found.landmarks[0, 0] < found.landmarks[1, 0]
    assert found.landmarks[3, 0] < found.landmarks[4, 0]
    assert found.landmarks[0, 1] > found.landmarks[1, 1], "the marks of the eyes are not swapped"
    assert found.confidence == 0.95


def test_a_look_from_near_that_finds_nothing_changes_nothing(detector: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detector, "_near", lambda *_args, **_more: None)
    (found,) = detector.detect(picture())
    assert found.landmarks[0, 0] == pytest.approx(CENTRE[0] - 0.5 + MARKS[0, 0] + 2.0, abs=0.6)
