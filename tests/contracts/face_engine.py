"""What every face engine has to keep. Its test is a subclass that gives the engine in a fixture named `engine`."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from verify.face import FaceEngine, acquire, compare
from verify.face.engines import Detection, describe_engine
from verify.model.face import FaceRole, FaceTemplate
from verify.runtime import load_card

__all__ = ["FaceEngineContract", "picture"]

PEOPLE = ("id000", "id003", "id007")
VIEWS = ("doc", "cap")


def picture(root: Path, person: str, view: str) -> NDArray[np.uint8]:
    """A rendered portrait of an invented person, RGB."""
    with Image.open(root / f"{person}_{view}.jpg") as image:
        return np.asarray(image.convert("RGB"))


class FaceEngineContract:
    """Subclasses give `engine` (class-scoped) and its name, and find the samples in the fixture `faces_folder`."""

    name = ""
    models: Path | None = None
    tells_lying = True  # False for a detector that is as sure of a face on its side as of an upright one

    @pytest.fixture(scope="class")
    @classmethod
    def engine(cls) -> FaceEngine:
        raise NotImplementedError

    @pytest.fixture(scope="class")
    @classmethod
    def portrait(cls, faces_folder: Path) -> NDArray[np.uint8]:
        return picture(faces_folder, PEOPLE[0], "doc")

    @pytest.fixture(scope="class")
    @classmethod
    def two(cls, faces_folder: Path) -> NDArray[np.uint8]:
        """Two people side by side, the one on the right in half the size."""
        left, right = (picture(faces_folder, person, "doc") for person in PEOPLE[:2])
        small = np.asarray(Image.fromarray(right).resize((right.shape[1] // 2, right.shape[0] // 2)))
        page = np.full((left.shape[0], left.shape[1] + small.shape[1], 3), 200, dtype=np.uint8)
        page[:, : left.shape[1]] = left
        page[-small.shape[0] :, left.shape[1] :] = small
        return page

    @pytest.fixture(scope="class")
    @classmethod
    def templates(cls, engine: FaceEngine, faces_folder: Path) -> dict[tuple[str, str], FaceTemplate]:
        found = {}
        for person in PEOPLE:
            for view in VIEWS:
                faces, _reason = acquire(
                    picture(faces_folder, person, view), engine, main=FaceRole.PORTRAIT, source="document"
                )
                found[person, view] = faces[0].template
        return found

    def test_it_says_what_it_is_and_has_a_card_of_its_model(self, engine: FaceEngine) -> None:
        assert engine.name
        assert re.fullmatch("[0-9a-f]{64}", engine.model_sha256)
        assert load_card(engine.card).sha256 == engine.model_sha256

    def test_its_facts_are_told_without_loading_it(self, engine: FaceEngine) -> None:
        told = describe_engine(self.name, self.models)
        assert (told.name, told.model_sha256, told.card) == (engine.name, engine.model_sha256, engine.card)

    def test_faces_come_most_prominent_first_and_lie_on_the_image(
        self, engine: FaceEngine, two: NDArray[np.uint8]
    ) -> None:
        found = engine.detect(two, all_faces=True)
        assert len(found) == 2
        assert found[0].box.area > found[1].box.area
        height, width = two.shape[:2]
        for one in found:
            assert 0 <= one.box.left < one.box.right <= width
            assert 0 <= one.box.top < one.box.bottom <= height

    def test_a_small_portrait_on_a_large_page_is_found(self, engine: FaceEngine, portrait: NDArray[np.uint8]) -> None:
        """A passport photograph of 35 x 45 mm on a sheet of A4 at 150 dots to the inch."""
        page = np.full((1754, 1240, 3), 235, dtype=np.uint8)
        small = np.asarray(Image.fromarray(portrait).resize((207, 266), Image.Resampling.LANCZOS))
        page[1200:1466, 100:307] = small
        (one,) = engine.detect(page)
        assert (one.eyes >= [100, 1200]).all()
        assert (one.eyes <= [307, 1466]).all()

    def test_a_second_portrait_of_a_third_of_the_size_is_found_when_it_is_asked_for(
        self, engine: FaceEngine, portrait: NDArray[np.uint8]
    ) -> None:
        height, width = (side // 3 for side in portrait.shape[:2])
        page = np.full((portrait.shape[0], 2 * portrait.shape[1], 3), 235, dtype=np.uint8)
        page[:, : portrait.shape[1]] = portrait
        page[-height:, -width:] = np.asarray(Image.fromarray(portrait).resize((width, height)))
        found = engine.detect(page, all_faces=True)
        assert len(found) == 2
        assert found[0].box.right <= portrait.shape[1]
        assert found[1].box.left >= page.shape[1] - width - 20

    def test_a_large_picture_gives_the_template_of_a_small_one(
        self, engine: FaceEngine, portrait: NDArray[np.uint8]
    ) -> None:
        height, width = portrait.shape[:2]
        large = np.asarray(Image.fromarray(portrait).resize((4 * width, 4 * height), Image.Resampling.LANCZOS))
        ours, theirs = (engine.embed(engine.align(one, _main(engine, one))) for one in (portrait, large))
        assert ours @ theirs > 0.95 * np.linalg.norm(ours) * np.linalg.norm(theirs)

    def test_a_face_that_lies_is_less_sure_than_an_upright_one(
        self, engine: FaceEngine, portrait: NDArray[np.uint8]
    ) -> None:
        """Detectors find lying faces as if they were upright; by their confidence the right turn is found."""
        assert _main(engine, portrait).confidence >= engine.sure
        for turns in (1, 2, 3) if self.tells_lying else ():
            found = engine.detect(np.ascontiguousarray(np.rot90(portrait, turns)))
            assert all(one.confidence < engine.sure for one in found)

    def test_eyes_lie_in_the_box_the_left_of_the_image_first(self, engine: FaceEngine, two: NDArray[np.uint8]) -> None:
        for one in engine.detect(two, all_faces=True):
            assert one.eyes.shape == (2, 2)
            assert one.landmarks.ndim == 2
            assert one.eyes[0, 0] < one.eyes[1, 0]
            assert (one.eyes >= [one.box.left, one.box.top]).all()
            assert (one.eyes <= [one.box.right, one.box.bottom]).all()
            assert one.eyes[:, 1].mean() < (one.box.top + one.box.bottom) / 2, "eyes lie in the upper half of a face"

    @pytest.mark.parametrize("grey", [0, 128, 255])
    def test_a_blank_picture_has_no_face(self, engine: FaceEngine, grey: int) -> None:
        assert engine.detect(np.full((300, 240, 3), grey, dtype=np.uint8)) == []

    @pytest.mark.parametrize("shape", [(1, 1, 3), (1, 200, 3), (200, 1, 3), (9, 7, 3)])
    def test_a_tiny_picture_has_no_face(self, engine: FaceEngine, shape: tuple[int, int, int]) -> None:
        assert engine.detect(np.zeros(shape, dtype=np.uint8)) == []

    def test_aligned_faces_are_rgb_of_one_size(self, engine: FaceEngine, two: NDArray[np.uint8]) -> None:
        aligned = [engine.align(two, one) for one in engine.detect(two, all_faces=True)]
        assert {one.shape for one in aligned} == {aligned[0].shape}
        assert aligned[0].shape[2] == 3
        assert all(one.dtype == np.uint8 for one in aligned)

    def test_colours_keep_their_order(self, engine: FaceEngine, portrait: NDArray[np.uint8]) -> None:
        """Skin is redder than it is blue, so a face that lost its order shows."""
        aligned = engine.align(portrait, _main(engine, portrait))
        red, _green, blue = aligned[40:-40, 40:-40].reshape(-1, 3).mean(axis=0)
        assert red > blue

    def test_templates_are_float32_finite_and_always_the_same(
        self, engine: FaceEngine, portrait: NDArray[np.uint8]
    ) -> None:
        aligned = engine.align(portrait, _main(engine, portrait))
        one, again = engine.embed(aligned), engine.embed(aligned.copy())
        assert one.dtype == np.float32
        assert one.ndim == 1
        assert np.isfinite(one).all()
        assert np.array_equal(one, again)
        assert np.linalg.norm(one) > 0

    def test_the_image_is_left_as_it_was(self, engine: FaceEngine, portrait: NDArray[np.uint8]) -> None:
        image = portrait.copy()
        engine.embed(engine.align(image, _main(engine, image)))
        assert np.array_equal(image, portrait)

    def test_a_view_into_a_larger_picture_will_do(self, engine: FaceEngine, portrait: NDArray[np.uint8]) -> None:
        page = np.full((portrait.shape[0], portrait.shape[1] + 200, 3), 200, dtype=np.uint8)
        page[:, : portrait.shape[1]] = portrait
        view = page[:, : portrait.shape[1]]
        found, wanted = engine.detect(view), engine.detect(portrait)
        assert [one.box for one in found] == [one.box for one in wanted]
        ours, theirs = (engine.embed(engine.align(one, wanted[0])) for one in (view, portrait))
        assert np.array_equal(ours, theirs)

    def test_pictures_of_one_person_are_more_alike_than_of_two(
        self, templates: dict[tuple[str, str], FaceTemplate]
    ) -> None:
        mated = [compare(templates[one, "doc"], templates[one, "cap"]).value for one in PEOPLE]
        non_mated = [
            compare(templates[one, "doc"], templates[other, "cap"]).value
            for one in PEOPLE
            for other in PEOPLE
            if one != other
        ]
        assert np.mean(mated) > np.mean(non_mated) + 0.01
        assert min(mated) > 0
        assert max(mated + non_mated) <= 1 + 1e-5

    def test_for_each_person_the_own_picture_ranks_first(self, templates: dict[tuple[str, str], FaceTemplate]) -> None:
        for one in PEOPLE:
            scores = {other: compare(templates[one, "cap"], templates[other, "doc"]).value for other in PEOPLE}
            assert max(scores, key=scores.__getitem__) == one


def _main(engine: FaceEngine, image: NDArray[np.uint8]) -> Detection:
    found = engine.detect(image)
    assert found
    return found[0]
