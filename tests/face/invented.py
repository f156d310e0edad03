"""An invented face engine: it finds the rectangles it is told to, and its templates are the mean colours of them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from verify.face.engines import Detection
from verify.model.face import Box

MODEL = "ab" * 32


@dataclass(frozen=True)
class InventedEngine:
    boxes: tuple[Box, ...]
    name: str = "invented engine 1"
    model_sha256: str = MODEL
    card: str = "invented"
    sure: float = 0.5

    def detect(self, image: NDArray[np.uint8], *, all_faces: bool = False) -> list[Detection]:
        return [detection(box) for box in sorted(self.boxes, key=lambda box: -box.area)]

    def align(self, image: NDArray[np.uint8], detection: Detection) -> NDArray[np.uint8]:
        box = detection.box
        return np.asarray(cv2.resize(image[box.top : box.bottom, box.left : box.right], (60, 60)), dtype=np.uint8)

    def embed(self, aligned: NDArray[np.uint8]) -> NDArray[np.float32]:
        return np.asarray(aligned.mean(axis=(0, 1)), dtype=np.float32)


def detection(box: Box, eyes: float | None = None) -> Detection:
    """Eyes a third of the box's width apart, or as far as told."""
    apart = box.width / 3 if eyes is None else eyes
    middle, height = (box.left + box.right) / 2, box.top + box.height / 3
    centres = np.array([[middle - apart / 2, height], [middle + apart / 2, height]])
    return Detection(box, 1.0, centres, centres)
