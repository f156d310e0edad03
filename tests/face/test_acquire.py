"""From an image to templates: roles, reasons, crops. Failure to acquire is a value."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from verify.face import APPEARANCE_SIDE, acquire
from verify.face.engines import Detection
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
def test_the_most_prominent_face_is_the_main_one(main: FaceRole, others: FaceRole, image: NDArray[np.uint8]) -> None:
    faces, _reason = acquire(image, InventedEngine((TINY, LARGE, SMALL)), main=main, source="x")
    assert [one.template.box for one in faces] == [LARGE, SMALL, TINY]
    assert [one.template.role for one in faces] == [main, others, others]


def test_a_second_face_of_nearly_the_size_is_no_second_portrait(image: NDArray[np.uint8]) -> None:
    other = Box(130, 20, 190, 190)
    faces, _reason = acquire(image, InventedEngine((LARGE, other)), main=FaceRole.PORTRAIT, source="document")
    assert [one.template.role for one in faces] == [FaceRole.PORTRAIT, FaceRole.OTHER]


def test_of_several_faces_each_says_why_it_has_its_role(image: NDArray[np.uint8]) -> None:
    def choices(*boxes: Box, main: FaceRole = FaceRole.PORTRAIT) -> list[str]:
        faces, reason = acquire(image, InventedEngine(boxes), main=main, source="x")
        assert reason == "", "a reason says why there is no face"
        return [one.template.choice for one in faces]

    assert choices(LARGE) == [""]
    first, second = choices(LARGE, SMALL)
    assert "most prominent of 2 faces" in first
    assert second == "small enough for a second portrait: 41% of the main face's size"
    assert choices(LARGE, SMALL, main=FaceRole.LIVE)[1] == "a further face: 41% of the main face's size"


def test_all_faces_are_asked_for_on_a_document_only(image: NDArray[np.uint8]) -> None:
    asked: list[bool] = []

    class Asked(InventedEngine):
        def detect(self, image: NDArray[np.uint8], *, all_faces: bool = False) -> list[Detection]:
            asked.append(all_faces)
            return super().detect(image)

    for main in (FaceRole.PORTRAIT, FaceRole.LIVE):
        acquire(image, Asked((LARGE,)), main=main, source="x")
    assert asked == [True, False]


def test_of_a_crowd_the_largest_are_taken_and_all_are_counted(image: NDArray[np.uint8]) -> None:
    crowd = tuple(Box(10 * n, 0, 10 * n + 9, 10 + n) for n in range(9))
    faces, _reason = acquire(image, InventedEngine(crowd), main=FaceRole.LIVE, source="capture")
    assert [one.template.box.height for one in faces] == [18, 17, 16, 15, 14, 13]
    assert "of 9 faces" in faces[0].template.choice
    assert "3 are left out" in faces[0].template.choice


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
