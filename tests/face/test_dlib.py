"""The dlib engine keeps the contract, gives what native dlib gives, and never opens the 68-point model."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from verify.errors import MissingEngineError
from verify.face import FaceEngine, describe_engine, get_engine
from verify.face.engines import Detection
from verify.face.engines import dlib as engine_module
from verify.face.engines.dlib import DlibEngine
from verify.face.engines.dlib_chip import face_chip
from verify.model.face import Box
from verify.runtime import load_card

from ..contracts.face_engine import FaceEngineContract, picture

_HAS_MODELS = bool(importlib.util.find_spec("face_recognition_models"))
needs_models = pytest.mark.skipif(not _HAS_MODELS, reason="dlib's models are not installed (extra 'dlib')")
FORBIDDEN = "shape_predictor_68_face_landmarks.dat"

# In its own process: an audit hook stays for the life of one.
_TRACED = """
import json, sys
opened = []
sys.addaudithook(lambda event, facts: opened.append(str(facts[0])) if event == "open" else None)
import numpy as np
from PIL import Image
from verify.face import get_engine
engine = get_engine("dlib")
image = np.asarray(Image.open(sys.argv[1]).convert("RGB"))
engine.embed(engine.align(image, engine.detect(image)[0]))
modules = sorted(one for one in sys.modules if "face_recognition" in one or one == "dlib")
print(json.dumps({"opened": opened, "modules": modules}))
"""
PICTURES = [("id000", "doc"), ("id003", "cap"), ("id007", "side"), ("id010", "doc")]


def run(code: str, *arguments: str) -> dict[str, list[str]]:
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, cwd=root, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


@needs_models
class TestDlib(FaceEngineContract):
    name = "dlib"
    tells_lying = False

    @pytest.fixture(scope="class")
    @classmethod
    def engine(cls) -> FaceEngine:
        return get_engine("dlib")

    def test_templates_have_128_values(self, engine: FaceEngine, portrait: NDArray[np.uint8]) -> None:
        assert engine.embed(engine.align(portrait, engine.detect(portrait)[0])).shape == (128,)

    def test_a_face_and_its_mirror_image_have_one_template(
        self, engine: FaceEngine, portrait: NDArray[np.uint8]
    ) -> None:
        aligned = engine.align(portrait, engine.detect(portrait)[0])
        assert np.allclose(engine.embed(aligned), engine.embed(np.ascontiguousarray(aligned[:, ::-1])), atol=1e-6)

    def test_its_card_was_measured_with_these_templates(self, engine: FaceEngine) -> None:
        assert load_card(engine.card).rest["engine"] == engine.name

    def test_the_68_point_model_is_never_opened(self, faces_folder: Path) -> None:
        found = run(_TRACED, str(faces_folder / "id000_doc.jpg"))
        assert any(Path(one).name == engine_module._NETWORK for one in found["opened"]), "the hook sees the network"
        assert not any(FORBIDDEN in one for one in found["opened"])
        assert found["modules"] == [], "neither dlib nor the package with the models is ever imported"


@needs_models
@pytest.mark.reference
class TestAgainstNativeDlib:
    """Each step on its own, so that one that differs shows."""

    @pytest.fixture(scope="class")
    @classmethod
    def native(cls) -> Any:
        return pytest.importorskip("dlib", reason="native dlib is not installed")

    @pytest.fixture(scope="class")
    @classmethod
    def engine(cls) -> DlibEngine:
        return DlibEngine()

    @pytest.fixture(scope="class")
    @classmethod
    def predictor(cls, native: Any) -> Any:
        return native.shape_predictor(str(engine_module.model_folder() / engine_module._LANDMARKS))

    @pytest.mark.parametrize("scale", [0.5, 1, 3])
    @pytest.mark.parametrize(("person", "view"), PICTURES)
    def test_landmarks_and_chip_are_the_same(
        self, native: Any, engine: DlibEngine, predictor: Any, faces_folder: Path, person: str, view: str, scale: float
    ) -> None:
        image = picture(faces_folder, person, view)
        size = round(image.shape[1] * scale), round(image.shape[0] * scale)
        image = np.asarray(Image.fromarray(image).resize(size))
        box = engine.detect(image)[0].box
        shape = predictor(image, native.rectangle(box.left, box.top, box.right - 1, box.bottom - 1))
        theirs = np.array([(point.x, point.y) for point in shape.parts()], dtype=np.float64)
        ours = engine._predictor.landmarks(image, box)
        assert np.array_equal(ours, theirs)
        assert np.array_equal(face_chip(image, ours), native.get_face_chip(image, shape, 150, 0.25))

    def test_landmarks_of_a_box_that_reaches_over_the_edge_are_the_same(
        self, native: Any, engine: DlibEngine, predictor: Any, portrait: NDArray[np.uint8]
    ) -> None:
        for left, top, right, bottom in ((-40, -30, 90, 100), (150, 200, 400, 460), (3, 3, 60, 61)):
            shape = predictor(portrait, native.rectangle(left, top, right - 1, bottom - 1))
            theirs = [(point.x, point.y) for point in shape.parts()]
            assert engine._predictor.landmarks(portrait, Box(left, top, right, bottom)).tolist() == [*map(list, theirs)]
            points = np.array(theirs, dtype=np.float64)
            assert np.array_equal(face_chip(portrait, points), native.get_face_chip(portrait, shape, 150, 0.25))

    @pytest.fixture(scope="class")
    @classmethod
    def portrait(cls, faces_folder: Path) -> NDArray[np.uint8]:
        return picture(faces_folder, "id000", "doc")

    def test_the_network_gives_the_same_values(self, native: Any, engine: DlibEngine, faces_folder: Path) -> None:
        network = native.face_recognition_model_v1(str(engine_module.model_folder() / engine_module._NETWORK))
        for person, view in PICTURES[:2]:
            image = picture(faces_folder, person, view)
            aligned = engine.align(image, engine.detect(image)[0])
            assert np.abs(engine.embed_once(aligned) - np.array(network.compute_face_descriptor(aligned))).max() < 1e-5

    def test_the_detector_gives_the_same_score_in_one_size(
        self, native: Any, engine: DlibEngine, portrait: NDArray[np.uint8]
    ) -> None:
        """Its pyramid is coarser than dlib's, so boxes differ by a part of a window, and scores a little."""
        detector = native.cnn_face_detection_model_v1(str(engine_module.model_folder() / engine_module._DETECTOR))
        (theirs,) = detector(portrait, 0)
        ((ours, score),) = engine._detector.find(portrait)
        assert abs(score - theirs.confidence) < 0.3
        assert abs((ours.left + ours.right) / 2 - theirs.rect.center().x) < 0.2 * ours.width
        assert 0.75 < ours.width / theirs.rect.width() < 1.34


@needs_models
@pytest.mark.parametrize("name", [engine_module._NETWORK, engine_module._LANDMARKS, engine_module._DETECTOR])
def test_a_file_that_is_cut_off_is_told(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = engine_module.model_folder()
    for one in (engine_module._NETWORK, engine_module._LANDMARKS, engine_module._DETECTOR):
        (tmp_path / one).symlink_to(folder / one)
    (tmp_path / name).unlink()
    with pytest.raises(MissingEngineError, match=name):
        monkeypatch.setattr(engine_module, "model_folder", lambda: tmp_path)
        get_engine("dlib")
    (tmp_path / name).write_bytes((folder / name).read_bytes()[:50000])
    with pytest.raises(MissingEngineError, match=name):
        get_engine("dlib")


def test_without_its_models_the_message_says_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(MissingEngineError, match=r"pip install 'verify-toolkit\[dlib\]'"):
        describe_engine("dlib")


@pytest.mark.parametrize(
    ("other", "confidence", "step", "main"),
    [
        (Box(150, 70, 260, 180), 1.0, 0.75, 0),  # a neighbour, larger by one step of the detector's sizes
        (Box(150, 70, 260, 180), 1.0, 1.0, 1),  # where all faces are wanted, size decides
        (Box(0, 0, 240, 240), 1.0, 0.75, 1),  # plainly larger
        (Box(0, 0, 160, 160), 0.2, 0.75, 0),  # larger, but hardly a face
    ],
)
def test_the_main_face_is_sure_and_of_faces_of_one_size_the_central_one(
    other: Box, confidence: float, step: float, main: int
) -> None:
    points = np.zeros((5, 2))
    central = Detection(Box(85, 85, 167, 167), 1.05, points, points[:2])
    faces = [central, Detection(other, confidence, points, points[:2])]
    for given in (faces, faces[::-1]):
        found = engine_module._main_first(given, np.zeros((250, 250, 3), dtype=np.uint8), step=step)
        assert found[0] is faces[main]
        assert len(found) == 2
    assert engine_module._main_first([], np.zeros((9, 9, 3), dtype=np.uint8), step=step) == []
