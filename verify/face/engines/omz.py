"""The recommended engine, fetched by the user: YuNet and face-reidentification-retail-0095 of the Open Model Zoo.

The network is a MobileNetV2 with 256 values (Apache-2.0; training data not disclosed), read from OpenVINO's files into
the one runtime. Faces are aligned with five landmarks to the template that its documentation gives.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from verify.face.engines import DescribedEngine, Description, Detection
from verify.face.engines.align import warp
from verify.face.engines.views import mean_of_views
from verify.face.engines.yunet_detector import SURE, YuNetDetector
from verify.runtime import Session, load_card, load_file
from verify.runtime.openvino_ir import read_openvino

__all__ = ["OmzEngine"]

_CARD = "omz-reidentification-0095"
_VERSION = "omz 2"  # changes with anything that changes templates
_SIDE = 128
_TEMPLATE = _SIDE * np.array(
    [
        (0.31556875, 0.46157410),  # eye on the left of the image
        (0.68262292, 0.46157410),
        (0.50026249, 0.64050537),  # tip of the nose
        (0.34947187, 0.82469195),  # corner of the mouth on the left of the image
        (0.65343645, 0.82325090),
    ]
)


class OmzEngine(DescribedEngine):
    """The engine behind the `FaceEngine` protocol."""

    sure = SURE

    def __init__(self, models: Path | None = None) -> None:
        """Load the networks.

        Args:
            models: folder of fetched models; None for the usual one.

        Raises:
            MissingEngineError: a file is missing or is another one than the card names.
        """
        card = load_card(_CARD)
        self._detector = YuNetDetector(load_file(card, "detector", models))
        network, weights = (load_file(card, part, models) for part in ("network", "weights"))
        self._session = Session(read_openvino(network, weights, card.name))
        self._description = self.describe(models)

    @classmethod
    def describe(cls, models: Path | None = None) -> Description:
        """Name, model and card, without loading the networks.

        Raises:
            MissingEngineError: a file is missing or is another one than the card names.
        """
        card = load_card(_CARD)
        for file in card.files:
            load_file(card, file.part, models)
        return Description(_VERSION, card.sha256, _CARD)

    def detect(self, image: NDArray[np.uint8], *, all_faces: bool = False) -> list[Detection]:
        """Upright faces, the largest first."""
        return self._detector.detect(image, all_faces=all_faces)

    def align(self, image: NDArray[np.uint8], detection: Detection) -> NDArray[np.uint8]:
        """128 x 128 RGB."""
        return warp(image, detection.landmarks, _TEMPLATE, _SIDE)

    def embed(self, aligned: NDArray[np.uint8]) -> NDArray[np.float32]:
        """256 values, the mean of the face and its mirror image: their length tells how usable the face is."""
        return mean_of_views(self._embed_once, aligned)

    def _embed_once(self, aligned: NDArray[np.uint8]) -> NDArray[np.float32]:
        tensor = np.ascontiguousarray(aligned[:, :, ::-1].transpose(2, 0, 1)[None], dtype=np.float32)  # blue first
        return np.asarray(self._session.run(tensor)[0], dtype=np.float32).reshape(-1)
