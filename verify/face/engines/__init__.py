"""Face engines behind one protocol: detect, then turn a detection into a template."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from verify.errors import MissingEngineError, PolicyError, UsageError
from verify.model.face import Box
from verify.runtime import fetched_folder

__all__ = [
    "AUTO",
    "ENGINES",
    "Described",
    "DescribedEngine",
    "Description",
    "Detection",
    "FaceEngine",
    "choose_engine",
    "describe_engine",
    "get_engine",
]

ENGINES = {
    "omz": "verify.face.engines.omz:OmzEngine",
    "onnx": "verify.face.engines.onnx:OnnxEngine",
    "dlib": "verify.face.engines.dlib:DlibEngine",
}
"""Name of each engine and where it lives; a new engine is one file and one line here."""

AUTO = "auto"
"""Stands for the recommended engine where its files are, and otherwise for the one that needs no download."""

_RECOMMENDED, _WITHOUT_DOWNLOAD = "omz", "dlib"


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


class DescribedEngine:
    """The one piece that engines share: what they say of themselves comes from their `_description`."""

    _description: Description

    @property
    def name(self) -> str:
        """Name and version."""
        return self._description.name

    @property
    def model_sha256(self) -> str:
        """SHA-256 of the embedding network's file, or of its weights where it has two."""
        return self._description.model_sha256

    @property
    def card(self) -> str:
        """Name of the model card, with its folder when that is not the usual one."""
        return self._description.card


class FaceEngine(Described, Protocol):
    """What a face engine offers. An engine is loaded once per process and is not shared between threads."""

    @property
    def sure(self) -> float:
        """The detector's confidence from which a face is upright beyond doubt.

        Below it the other quarter turns of the page have to be looked at, too: detectors find lying faces as if they
        were upright, and the template of such a one is worthless.
        """

    def detect(self, image: NDArray[np.uint8], *, all_faces: bool = False) -> list[Detection]:
        """Faces on an upright RGB image (H x W x 3), the most prominent first: large, and near the middle.

        With `all_faces`, also those much smaller than the largest are looked for.
        """

    def align(self, image: NDArray[np.uint8], detection: Detection) -> NDArray[np.uint8]:
        """The face cut out and set upright in the engine's own template, RGB."""

    def embed(self, aligned: NDArray[np.uint8]) -> NDArray[np.float32]:
        """The template's values for an aligned face."""


def get_engine(name: str, models: Path | None = None) -> FaceEngine:
    """Loads an engine.

    Args:
        name: a key of `ENGINES`, or "onnx:CARD" for a network of the user's own, or `AUTO`.
        models: folder of fetched models; None for the usual one.

    Raises:
        UsageError: no engine of that name.
        MissingEngineError: its libraries or models are not installed.
    """
    kind, extra = _named(name, models)
    engine: FaceEngine = kind(models, *extra)
    return engine


def describe_engine(name: str, models: Path | None = None) -> Description:
    """The facts of an engine, without loading its networks. Raises as `get_engine` does."""
    kind, extra = _named(name, models)
    description: Description = kind.describe(models, *extra)
    return description


def choose_engine(models: Path | None = None, pinned: Collection[tuple[str, str]] = (), usual: str = AUTO) -> str:
    """The engine that `AUTO` stands for.

    Args:
        models: folder of fetched models; None for the usual one.
        pinned: (engine, SHA-256 of its model) of the galleries that take part: theirs has to be used.
        usual: where nothing is pinned; `AUTO` for the recommended one, where its files are.

    Returns:
        A name for `get_engine`.

    Raises:
        PolicyError: the galleries are of different engines, or of one that is not installed here.
    """
    if pinned:
        return _pinned(models, pinned)
    if usual != AUTO:
        return usual
    with contextlib.suppress(MissingEngineError):
        describe_engine(_RECOMMENDED, models)
        return _RECOMMENDED
    return _WITHOUT_DOWNLOAD


def _pinned(models: Path | None, pinned: Collection[tuple[str, str]]) -> str:
    engines = ", ".join(sorted({engine for engine, _ in pinned}))
    if len(set(pinned)) > 1:
        raise PolicyError(
            f"the galleries hold templates of different engines or models ({engines}), which cannot be compared; "
            "search them in different runs, or enrol one of them anew"
        )
    own = [f"onnx:{path.stem}" for path in (models or fetched_folder()).glob("*.toml")]
    for name in (*(name for name in ENGINES if name != "onnx"), *sorted(own)):
        with contextlib.suppress(MissingEngineError, UsageError):
            found = describe_engine(name, models)
            if (found.name, found.model_sha256) in pinned:
                return name
    raise PolicyError(
        f"the gallery was enrolled with {engines}, and that engine or model is not installed here; "
        "install it ('verify models list'), or enrol the gallery anew with one that is"
    )


def _named(name: str, models: Path | None) -> tuple[Any, tuple[str, ...]]:
    """The class of an engine, and what it has to be told beside the folder."""
    short, _, rest = (choose_engine(models) if name == AUTO else name).partition(":")
    if short not in ENGINES or bool(rest) != (short == "onnx"):
        told = ", ".join(sorted({*ENGINES, AUTO} - {"onnx"}))
        raise UsageError(f"no face engine '{name}'; there are: {told}, and onnx:CARD for a network of your own")
    module, _, attribute = ENGINES[short].partition(":")
    return getattr(importlib.import_module(module), attribute), ((rest,) if rest else ())
