"""The detector's points are kept where they lie on the crop that a person sees."""

from __future__ import annotations

import numpy as np
import pytest

from verify.face.acquire import _crop, _on_crop
from verify.face.engines import Detection
from verify.model.face import Box


@pytest.mark.parametrize("box", [Box(40, 50, 80, 100), Box(0, 0, 40, 40), Box(100, 80, 160, 120)])
def test_a_point_of_the_page_is_the_same_point_of_the_crop(box: Box) -> None:
    page = np.zeros((120, 160, 3), np.uint8)
    x, y = box.left + box.width // 3, box.top + box.height // 2
    page[y, x] = 255
    crop = _crop(page, box)
    point = np.array([[x, y]], np.float64)
    ((right, down),) = _on_crop(Detection(box, 0.9, point, np.vstack([point, point])), page.shape)
    assert 0 <= right <= 1
    assert 0 <= down <= 1
    assert crop[round(down * crop.shape[0]), round(right * crop.shape[1])].max() == 255
