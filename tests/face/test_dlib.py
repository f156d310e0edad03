"""The dlib engine keeps the contract, gives the templates of face_recognition, and never opens the 68-point model."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from verify.errors import MissingEngineError, UsageError
from verify.face import ENGINES, FaceEngine, get_engine
from verify.face.engines import dlib as engine_module

from ..contracts.face_engine import FaceEngineContract, picture

pytestmark = pytest.mark.reference
_HAS_DLIB = bool(importlib.util.find_spec("dlib") and importlib.util.find_spec("face_recognition_models"))
needs_dlib = pytest.mark.skipif(not _HAS_DLIB, reason="dlib and its models are not installed (extra 'dlib')")
FORBIDDEN = "shape_predictor_68_face_landmarks.dat"

# Each in its own process: an audit hook stays for the life of one, and face_recognition loads its models on import.
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
print(json.dumps({"opened": opened, "models": sorted(m for m in sys.modules if "face_recognition" in m)}))
"""
_REFERENCE = """
import json, sys, warnings
import face_recognition_models as models
models.pose_predictor_model_location = models.pose_predictor_five_point_model_location  # never the 68 points
import face_recognition
import numpy as np
from PIL import Image
box = json.loads(sys.argv[2])
image = np.asarray(Image.open(sys.argv[1]).convert("RGB"))
(found,) = face_recognition.face_encodings(image, known_face_locations=[box], model="small")
print(json.dumps(found.tolist()))
"""


def run(code: str, *arguments: str) -> dict[str, list[str]]:
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, cwd=root, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


@needs_dlib
class TestDlib(FaceEngineContract):
    @pytest.fixture(scope="class")
    @classmethod
    def engine(cls) -> FaceEngine:
        return get_engine("dlib")

    def test_templates_have_128_values(self, engine: FaceEngine, faces_folder: Path) -> None:
        image = picture(faces_folder, "id000", "doc")
        assert engine.embed(engine.align(image, engine.detect(image)[0])).shape == (128,)

    @pytest.mark.skipif(not importlib.util.find_spec("face_recognition"), reason="face_recognition is not installed")
    @pytest.mark.parametrize("name", ["id000_doc", "id003_cap", "id007_side"])
    def test_templates_are_those_of_face_recognition(self, engine: FaceEngine, name: str, faces_folder: Path) -> None:
        path = faces_folder / f"{name}.jpg"
        image = picture(faces_folder, *name.split("_"))
        detection = engine.detect(image)[0]
        ours = engine.embed(engine.align(image, detection))
        # its boxes are top, right, bottom, left, and include the last pixel
        box = (detection.box.top, detection.box.right - 1, detection.box.bottom - 1, detection.box.left)
        theirs = np.array(run(_REFERENCE, str(path), json.dumps(box)))
        assert np.abs(ours - theirs).max() <= 1e-4

    def test_the_68_point_model_is_never_opened(self, faces_folder: Path) -> None:
        found = run(_TRACED, str(faces_folder / "id000_doc.jpg"))
        assert any(Path(one).name == engine_module._NETWORK for one in found["opened"]), "the hook sees the network"
        assert not any(FORBIDDEN in one for one in found["opened"])
        assert found["models"] == [], "the package with the models is never imported"


@needs_dlib
def test_the_engine_works_without_the_68_point_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, faces_folder: Path
) -> None:
    """What dlib's own code opens no hook shows, so here nothing else can be opened."""
    for name in (engine_module._NETWORK, engine_module._LANDMARKS):
        (tmp_path / name).symlink_to(engine_module.model_folder() / name)
    monkeypatch.setattr(engine_module, "model_folder", lambda: tmp_path)
    engine = get_engine("dlib")
    image = picture(faces_folder, "id000", "doc")
    assert engine.embed(engine.align(image, engine.detect(image)[0])).any()


def test_an_engine_of_no_name_is_refused() -> None:
    with pytest.raises(UsageError, match="there are: dlib"):
        get_engine("invented")
    assert "dlib" in ENGINES


def test_without_dlib_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dlib", None)
    with pytest.raises(MissingEngineError, match=r"pip install 'verify-toolkit\[dlib\]'"):
        get_engine("dlib")


def test_without_its_models_the_message_says_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(MissingEngineError, match="model files"):
        engine_module.model_folder()
