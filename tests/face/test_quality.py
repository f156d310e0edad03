"""Quality: what is measured, and the advice that follows."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from verify.face.quality import measure
from verify.model.face import Box

from .invented import detection

BOX = Box(0, 0, 100, 100)


def checkered(dark: int, bright: int, side: int = 100) -> NDArray[np.uint8]:
    rows, columns = np.indices((side, side)) // 10
    grey = np.where((rows + columns) % 2, bright, dark).astype(np.uint8)
    return np.repeat(grey[:, :, None], 3, axis=2)


def test_a_good_face_gets_no_advice() -> None:
    quality = measure(checkered(100, 160), detection(BOX, eyes=60))
    assert quality.advice == ()
    assert quality.inter_eye_distance == pytest.approx(60)
    assert quality.mean_luminance == pytest.approx(130, abs=1)


def test_exposure_range_and_length_are_measured() -> None:
    quality = measure(checkered(0, 255), detection(BOX, eyes=60), np.array([3.0, 4.0], dtype=np.float32))
    assert quality.under_exposed == pytest.approx(0.5, abs=0.01)
    assert quality.over_exposed == pytest.approx(0.5, abs=0.01)
    assert quality.dynamic_range == pytest.approx(1.0, abs=0.01)
    assert quality.template_norm == 5.0
    assert measure(checkered(100, 160), detection(BOX)).template_norm is None


def test_a_tilted_head_and_a_cut_off_face_are_to_be_taken_again() -> None:
    tilted = detection(BOX)
    tilted.eyes[:] = [[10, 10], [40, 40]]
    found = measure(checkered(100, 160), tilted)
    assert found.roll == pytest.approx(45)
    assert "tilted" in found.advice[0]
    cut = checkered(100, 160)
    cut[60:] = 0
    found = measure(cut, detection(BOX))
    assert found.crop == pytest.approx(0.4)
    assert any("cut off" in one for one in found.advice)


def test_the_distance_of_the_eyes_is_that_of_their_centres_also_when_tilted() -> None:
    found = detection(BOX)
    found.eyes[:] = [[10, 10], [40, 50]]
    assert measure(checkered(100, 160), found).inter_eye_distance == pytest.approx(50)


@pytest.mark.parametrize(
    ("image", "eyes", "advice"),
    [
        (checkered(100, 160), 8, "far too small"),
        (checkered(100, 160), 20, "face is small"),
        (checkered(0, 60), 60, "dark"),
        (checkered(200, 255), 60, "overexposed"),
        (np.full((100, 100, 3), 128, dtype=np.uint8), 60, "blurred"),
    ],
)
def test_each_fault_has_one_advice(image: NDArray[np.uint8], eyes: float, advice: str) -> None:
    quality = measure(image, detection(BOX, eyes=eyes))
    assert len(quality.advice) == 1
    assert advice in quality.advice[0]


def test_a_blurred_picture_is_less_sharp() -> None:
    sharp = checkered(100, 160)
    soft = sharp.copy()
    soft[1:-1] = ((sharp[:-2].astype(int) + sharp[1:-1] + sharp[2:]) // 3).astype(np.uint8)
    assert measure(soft, detection(BOX)).sharpness < measure(sharp, detection(BOX)).sharpness
    assert measure(np.full((50, 50, 3), 9, dtype=np.uint8), detection(BOX)).sharpness == 0
