"""A template of several views is their mean."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from verify.face.engines.views import mean_of_views


def shades(view: NDArray[np.uint8]) -> NDArray[np.float32]:
    """An invented network: the mean of the left and of the right half."""
    half = view.shape[1] // 2
    return np.array([view[:, :half].mean(), view[:, half:].mean()], dtype=np.float32)


def test_a_face_and_its_mirror_image_give_one_template() -> None:
    face = np.random.default_rng(0).integers(0, 255, (40, 40, 3), dtype=np.uint8)
    face[:, :20] //= 2
    one, other = mean_of_views(shades, face), mean_of_views(shades, face[:, ::-1])
    assert np.allclose(one, other)
    assert one.dtype == np.float32
    assert np.isclose(one[0], one[1])


def test_a_zoom_looks_at_the_inner_part_only() -> None:
    face = np.zeros((40, 40, 3), dtype=np.uint8)
    face[10:30, 10:30] = 200
    assert np.allclose(mean_of_views(shades, face, (0.4,)), 200)
    both = mean_of_views(shades, face, (1.0, 0.4))
    assert np.allclose(both, (200 + shades(face).mean()) / 2, atol=0.5)
