"""Face engines behind one protocol: detect, then turn a detection into a template."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from verify.errors import UsageError
from verify.model.face import Box

__all__ = ["ENGINES", "Described", "Description", "Detection", "FaceEngine", "describe_engine", "get_engine"]

ENGINES = {"dlib": "verify.face.engines.dlib:DlibEngine"}
"""Name of each engine and where it lives; a new engine is one file and one line here."""


@dataclass(frozen=True, slots=True)
class Detection:
    """One face found on an image.

    Attributes:
        box: pixels of the image.
        confidence: the detector's own measure; comparable only within one engine.
        landmarks: N x 2 float64, pixels of the image, in the engine's own order.
        eyes: 2 x 2 float64, centres of the eye on the left and on the right of the image.
    """

    box: Box
    confidence: float
    landmarks: NDArray[np.float64]
    eyes: NDArray[np.float64]


class Described(Protocol):
    """What is written beside every score, and needed to find its thresholds."""

    @property
    def name(self) -> str:
        """Name and version of the engine."""

    @property
    def model_sha256(self) -> str:
        """SHA-256 of the embedding network's file."""

    @property
    def card(self) -> str:
        """Name of the model card in `models/` that holds its measured thresholds."""


@dataclass(frozen=True, slots=True)
class Description:
    """An engine's facts, for a process that has not loaded it."""

    name: str
    model_sha256: str
    card: str


class FaceEngine(Described, Protocol):
    """What a face engine offers. An engine is loaded once per process and is not shared between threads."""

    def detect(self, image: NDArray[np.uint8]) -> list[Detection]:
        """Faces on an upright RGB image (H x W x 3), the largest first."""

    def align(self, image: NDArray[np.uint8], detection: Detection) -> NDArray[np.uint8]:
        """The face cut out and set upright in the engine's own template, RGB."""

    def embed(self, aligned: NDArray[np.uint8]) -> NDArray[np.float32]:
        """The template's values for an aligned face."""


def get_engine(name: str) -> FaceEngine:
    """Loads an engine by its short name.

    Raises:
        UsageError: no engine of that name.
        MissingEngineError: its libraries or models are not installed.
    """
    engine: FaceEngine = _class_of(name)()
    return engine


def describe_engine(name: str) -> Description:
    """The facts of an engine, without loading its networks. Raises as `get_engine` does."""
    description: Description = _class_of(name).describe()
    return description


def _class_of(name: str) -> Any:
    try:
        module, _, attribute = ENGINES[name].partition(":")
    except KeyError:
        raise UsageError(f"no face engine '{name}'; there are: {', '.join(sorted(ENGINES))}") from None
    return getattr(importlib.import_module(module), attribute)
