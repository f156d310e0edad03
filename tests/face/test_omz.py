"""The recommended engine keeps the contract; its files are only taken when they are the ones its card names."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from verify.errors import MissingEngineError, PolicyError, UsageError
from verify.face import AUTO, FaceEngine, choose_engine, describe_engine, get_engine
from verify.runtime import load_card

from ..contracts.face_engine import FaceEngineContract

MODELS = Path(os.environ.get("VERIFY_SHARED", Path(__file__).parents[3] / "shared")) / "models"
needs_models = pytest.mark.skipif(not MODELS.is_dir(), reason=f"the models are not here: {MODELS}")


@needs_models
class TestOmz(FaceEngineContract):
    name, models = "omz", MODELS

    @pytest.fixture(scope="class")
    @classmethod
    def engine(cls) -> FaceEngine:
        return get_engine("omz", MODELS)

    def test_templates_have_256_values_and_a_length(self, engine: FaceEngine, portrait: NDArray[np.uint8]) -> None:
        values = engine.embed(engine.align(portrait, engine.detect(portrait)[0]))
        assert values.shape == (256,)
        assert np.linalg.norm(values) > 1.5, "the length is not made one: it tells how usable the face is"

    def test_its_card_was_measured_with_these_templates(self, engine: FaceEngine) -> None:
        assert load_card(engine.card).rest["engine"] == engine.name

    def test_a_mirrored_picture_gives_the_same_template(self, engine: FaceEngine, portrait: NDArray[np.uint8]) -> None:
        pictures = (portrait, np.ascontiguousarray(portrait[:, ::-1]))
        one, other = (engine.embed(engine.align(picture, engine.detect(picture)[0])) for picture in pictures)
        assert one @ other > 0.98 * np.linalg.norm(one) * np.linalg.norm(other)


@needs_models
def test_it_is_the_usual_engine_where_its_files_are(tmp_path: Path) -> None:
    assert choose_engine(MODELS) == "omz"
    assert choose_engine(tmp_path) == "dlib"
    assert describe_engine(AUTO, MODELS) == describe_engine("omz", MODELS)


@needs_models
def test_a_gallery_or_a_job_keeps_its_engine(tmp_path: Path) -> None:
    omz = describe_engine("omz", MODELS)
    origin = (omz.name, omz.model_sha256)
    assert choose_engine(MODELS, [origin, origin], "dlib") == "omz"
    assert choose_engine(MODELS, [], "dlib") == "dlib"
    with pytest.raises(PolicyError, match="omz 2, and that engine or model is not installed"):
        choose_engine(tmp_path, [origin])
    with pytest.raises(PolicyError, match="different engines"):
        choose_engine(MODELS, [origin, ("dlib 2", "0" * 64)])


@needs_models
@pytest.mark.parametrize("name", ["yunet_n_dynamic.onnx", "face-reidentification-retail-0095.bin"])
def test_a_file_that_is_another_one_is_refused(tmp_path: Path, name: str) -> None:
    for path in MODELS.iterdir():
        shutil.copyfile(path, tmp_path / path.name)
    data = bytearray((tmp_path / name).read_bytes())
    data[1000] ^= 1
    (tmp_path / name).write_bytes(data)
    with pytest.raises(MissingEngineError, match="SHA-256 differs"):
        get_engine("omz", tmp_path)
    with pytest.raises(MissingEngineError, match="SHA-256 differs"):
        describe_engine("omz", tmp_path)


def test_without_its_files_the_message_says_how_to_get_them(tmp_path: Path) -> None:
    with pytest.raises(MissingEngineError, match="verify models fetch"):
        get_engine("omz", tmp_path)


@pytest.mark.parametrize("name", ["onnx", "omz:x", "invented", "invented:x", ""])
def test_an_engine_of_no_name_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there are: auto, dlib, omz, and onnx:CARD"):
        get_engine(name, tmp_path)
