"""From an image to templates: roles, reasons, crops. Failure to acquire is a value."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from verify.face import APPEARANCE_SIDE, acquire
from verify.model.face import Box, FaceRole

from .invented import MODEL, InventedEngine

LARGE, SMALL, TINY = Box(20, 20, 120, 140), Box(150, 60, 190, 110), Box(2, 2, 12, 14)


@pytest.fixture(scope="module")
def image() -> NDArray[np.uint8]:
    return np.random.default_rng(1).integers(0, 256, (200, 200, 3), dtype=np.uint8)


def test_no_face_is_a_reason(image: NDArray[np.uint8]) -> None:
    for main in (FaceRole.PORTRAIT, FaceRole.LIVE):
        faces, reason = acquire(image, InventedEngine(()), main=main, source="document")
        assert faces == []
        assert "failure to acquire" in reason


@pytest.mark.parametrize(("main", "others"), [(FaceRole.PORTRAIT, FaceRole.GHOST), (FaceRole.LIVE, FaceRole.OTHER)])
def test_the_largest_face_is_the_main_one(main: FaceRole, others: FaceRole, image: NDArray[np.uint8]) -> None:
    faces, _reason = acquire(image, InventedEngine((TINY, LARGE, SMALL)), main=main, source="x")
    assert [one.template.box for one in faces] == [LARGE, SMALL, TINY]
    assert [one.template.role for one in faces] == [main, others, others]


def test_several_faces_on_a_capture_are_told_on_a_document_they_are_usual(image: NDArray[np.uint8]) -> None:
    engine = InventedEngine((LARGE, SMALL))
    assert acquire(image, engine, main=FaceRole.LIVE, source="capture")[1] == (
        "2 faces on a live capture; the largest was taken"
    )
    assert acquire(image, engine, main=FaceRole.PORTRAIT, source="document")[1] == ""
    assert acquire(image, InventedEngine((LARGE,)), main=FaceRole.LIVE, source="capture")[1] == ""


def test_of_a_crowd_the_largest_are_taken_and_all_are_counted(image: NDArray[np.uint8]) -> None:
    crowd = tuple(Box(10 * n, 0, 10 * n + 9, 10 + n) for n in range(9))
    faces, reason = acquire(image, InventedEngine(crowd), main=FaceRole.LIVE, source="capture")
    assert [one.template.box.height for one in faces] == [18, 17, 16, 15, 14, 13]
    assert reason.startswith("9 faces")


def test_a_template_says_where_it_comes_from(image: NDArray[np.uint8]) -> None:
    ((face,), _reason) = acquire(image, InventedEngine((LARGE,)), main=FaceRole.LIVE, source="capture")
    template = face.template
    assert (template.engine, template.model_sha256, template.source) == ("invented engine 1", MODEL, "capture")
    assert len(template.vector) == 3
    assert all(isinstance(value, float) for value in template.vector)
    assert len(bytes.fromhex(template.appearance)) == APPEARANCE_SIDE**2
    assert template.quality.inter_eye_distance == pytest.approx(LARGE.width / 3)


def test_the_crop_holds_the_face_and_stays_on_the_image(image: NDArray[np.uint8]) -> None:
    faces, _reason = acquire(image, InventedEngine((LARGE, TINY)), main=FaceRole.PORTRAIT, source="document")
    large, tiny = (one.crop for one in faces)
    assert large.shape == (194, 165, 3)  # 120 + 2 x 54 high and 100 + 2 x 45 wide, less what lies outside
    assert tiny.shape == (19, 16, 3)
    assert (large == image[0:194, 0:165]).all()


def test_one_picture_has_one_appearance_and_another_another(image: NDArray[np.uint8]) -> None:
    def appearance(of: NDArray[np.uint8]) -> str:
        return acquire(of, InventedEngine((LARGE,)), main=FaceRole.PORTRAIT, source="x")[0][0].template.appearance

    assert appearance(image) == appearance(image.copy())
    assert appearance(image) != appearance(np.ascontiguousarray(image[::-1]))
