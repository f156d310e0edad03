"""A network of the user's own: any ONNX that turns an aligned face into a vector, told by a model card and no code.

ArcFace, AdaFace and their like take a face of 112 pixels aligned by five points; size, template, colour order and scale
are what the card says, as a shared guess costs more than the network gains. Detection is YuNet's. The card
(`NAME.toml`) and its file lie in the folder of fetched models; docs/decisions/012-face-engines.md shows one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify.errors import UsageError
from verify.face.engines import DescribedEngine, Description, Detection
from verify.face.engines.align import warp
from verify.face.engines.views import mean_of_views
from verify.face.engines.yunet_detector import SURE, YuNetDetector
from verify.runtime import ModelCard, Session, fetched_folder, load_card, load_file

__all__ = ["OnnxEngine"]

_VERSION = "onnx 2"  # changes with anything that changes templates
_DETECTOR_CARD = "omz-reidentification-0095"
_COLOURS = {"RGB": slice(None), "BGR": slice(None, None, -1)}


@dataclass(frozen=True, slots=True)
class _Form:
    """How the network wants a face.

    Attributes:
        side: pixels of the square input.
        template: 5 x 2 pixels: eye on the left of the image, the other, tip of the nose, corners of the mouth likewise.
        colours: order of the channels.
        mean, scale: what is subtracted from 0 to 255, and what the rest is multiplied with.
        values: of a template.
    """

    side: int
    template: NDArray[np.float64]
    colours: slice
    mean: float
    scale: float
    values: int

    @classmethod
    def of(cls, card: ModelCard) -> _Form:
        try:
            table: Mapping[str, Any] = card.rest["input"]
            template = np.array(table["template"], dtype=np.float64)
            if template.shape != (5, 2):
                raise ValueError("the template is not five points")
            return cls(
                int(table["side"]),
                template,
                _COLOURS[table["colours"]],
                float(table["mean"]),
                float(table["scale"]),
                int(table["values"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise UsageError(f"the card of '{card.name}': [input] is incomplete or damaged ({error})") from error


class OnnxEngine(DescribedEngine):
    """A user's network behind the `FaceEngine` protocol."""

    sure = SURE

    def __init__(self, models: Path | None, card: str) -> None:
        """Load the networks.

        Args:
            models: folder of fetched models, with the card and its file; None for the usual one.
            card: its name.

        Raises:
            MissingEngineError: a file is missing, or is another one than the card names.
            UsageError: the card is incomplete, or the network gives something else than it says.
        """
        found = _card(models, card)
        self._description, self._form = self.describe(models, card), _Form.of(found)
        self._session = Session(load_file(found, "network", models))
        self._detector = YuNetDetector(load_file(load_card(_DETECTOR_CARD), "detector", models))
        values = self.embed(np.zeros((self._form.side, self._form.side, 3), dtype=np.uint8))
        if values.shape != (self._form.values,):
            raise UsageError(f"{card}: the network gives {values.size} values, the card says {self._form.values}")

    @classmethod
    def describe(cls, models: Path | None, card: str) -> Description:
        """Name, model and card, without loading the networks. Raises as the engine itself does."""
        found = _card(models, card)
        load_file(found, "network", models)
        return Description(
            f"{_VERSION} {found.name}", found.sha256, card if models is None else str(models.absolute() / card)
        )

    def detect(self, image: NDArray[np.uint8], *, all_faces: bool = False) -> list[Detection]:
        """Upright faces, the most prominent first."""
        return self._detector.detect(image, all_faces=all_faces)

    def align(self, image: NDArray[np.uint8], detection: Detection) -> NDArray[np.uint8]:
        """A square of the card's size, RGB."""
        return warp(image, detection.landmarks, self._form.template, self._form.side)

    def embed(self, aligned: NDArray[np.uint8]) -> NDArray[np.float32]:
        """The mean of the network's values for the face and its mirror image."""
        return mean_of_views(self._embed_once, aligned)

    def _embed_once(self, aligned: NDArray[np.uint8]) -> NDArray[np.float32]:
        pixels = (aligned[:, :, self._form.colours].astype(np.float32) - self._form.mean) * self._form.scale
        tensor = np.ascontiguousarray(pixels.transpose(2, 0, 1)[None], dtype=np.float32)
        return np.asarray(self._session.run(tensor)[0], dtype=np.float32).reshape(-1)


def _card(models: Path | None, name: str) -> ModelCard:
    card = load_card(name, models or fetched_folder())
    if [file.part for file in card.files] != ["network"] or card.files[0].sha256 != card.sha256:
        raise UsageError(f"the card '{name}' has to name one file with part = \"network\" and the card's own SHA-256")
    return card
