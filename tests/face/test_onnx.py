"""A network of the user's own: everything is told by its card."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from verify.errors import MissingEngineError, UsageError
from verify.face import FaceEngine, choose_engine, describe_engine, get_engine
from verify.runtime import load_card
from verify.runtime.openvino_ir import read_openvino

from ..contracts.face_engine import FaceEngineContract

MODELS = Path(os.environ.get("VERIFY_SHARED", Path(__file__).parents[3] / "shared")) / "models"
pytestmark = pytest.mark.skipif(not MODELS.is_dir(), reason=f"the models are not here: {MODELS}")
NETWORK = "face-reidentification-retail-0095"
DETECTOR = "yunet_n_dynamic.onnx"
CARD = """
name = "own 1"
licence = "Apache-2.0"
source = "a test"
sha256 = "{sha256}"
[[files]]
part = "network"
name = "own.onnx"
licence = "Apache-2.0"
url = ""
size = {size}
sha256 = "{sha256}"
[input]
side = 128
template = [[40.39, 59.08], [87.38, 59.08], [64.03, 81.98], [44.73, 105.56], [83.64, 105.38]]
colours = "BGR"
mean = 0.0
scale = 1.0
values = 256
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The network of the Open Model Zoo once more, as a user would bring it."""
    folder = tmp_path_factory.mktemp("models")
    data = read_openvino(*((MODELS / f"{NETWORK}.{end}").read_bytes() for end in ("xml", "bin")), NETWORK)
    (folder / "own.onnx").write_bytes(data)
    (folder / "own.toml").write_text(CARD.format(sha256=hashlib.sha256(data).hexdigest(), size=len(data)))
    shutil.copyfile(MODELS / DETECTOR, folder / DETECTOR)
    return folder


class TestOnnx(FaceEngineContract):
    name = "onnx:own"

    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def _folder(cls, folder: Path) -> None:
        cls.models = folder

    @pytest.fixture(scope="class")
    @classmethod
    def engine(cls, folder: Path) -> FaceEngine:
        return get_engine("onnx:own", folder)

    def test_its_card_is_found_by_what_it_says(self, engine: FaceEngine) -> None:
        assert load_card(engine.card).rest["input"]["side"] == 128

    def test_templates_are_those_of_the_engine_made_for_it(
        self, engine: FaceEngine, portrait: NDArray[np.uint8]
    ) -> None:
        other = get_engine("omz", MODELS)
        one, two = (e.embed(e.align(portrait, e.detect(portrait)[0])) for e in (engine, other))
        assert one @ two > 0.999 * np.linalg.norm(one) * np.linalg.norm(two)


def test_a_gallery_of_it_is_recognised(folder: Path) -> None:
    told = describe_engine("onnx:own", folder)
    assert choose_engine(folder, [(told.name, told.model_sha256)]) == "onnx:own"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("values = 256", "values = 512"),
        ('colours = "BGR"', 'colours = "GBR"'),
        ("[44.73, 105.56], ", ""),
        ("side = 128", ""),
        ('part = "network"', 'part = "detector"'),
    ],
)
def test_a_card_that_does_not_fit_is_refused(folder: Path, tmp_path: Path, old: str, new: str) -> None:
    for path in folder.iterdir():
        shutil.copyfile(path, tmp_path / path.name)
    text = (tmp_path / "own.toml").read_text()
    assert old in text
    (tmp_path / "own.toml").write_text(text.replace(old, new))
    with pytest.raises(UsageError, match="own"):
        get_engine("onnx:own", tmp_path)


def test_another_file_than_the_cards_is_refused(folder: Path, tmp_path: Path) -> None:
    for path in folder.iterdir():
        shutil.copyfile(path, tmp_path / path.name)
    with (tmp_path / "own.onnx").open("ab") as file:
        file.write(b"x")
    with pytest.raises(MissingEngineError, match="SHA-256 differs"):
        get_engine("onnx:own", tmp_path)


def test_a_card_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(MissingEngineError, match="no model card 'own'"):
        get_engine("onnx:own", tmp_path)
