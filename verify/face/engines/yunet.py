"""YuNet: a small face detector with five landmarks.

Wu, Peng and Yu, "YuNet: A Tiny Millisecond-level Face Detector" (Machine Intelligence Research 2023); weights and
licence (MIT) from libfacedetection.train. The network was trained on faces of 10 to 300 pixels, so an image is brought
to a size before it is looked at.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from verify.runtime import Session

__all__ = ["YuNet"]

_STRIDES = (8, 16, 32)
_OVERLAP = 0.3  # intersection over union from which two boxes are one face


class YuNet:
    """The detector."""

    def __init__(self, model: bytes) -> None:
        """Load the network (ONNX with any height and width).

        Raises:
            MissingEngineError: it is no ONNX network.
        """
        self._session = Session(model)

    def find(self, image: NDArray[np.uint8], threshold: float) -> NDArray[np.float64]:
        """Faces, the best first.

        Args:
            image: H x W x 3 RGB.
            threshold: of the score, 0 to 1.

        Returns:
            N x 15: left, top, right, bottom; x and y of the eye on the left of the image, of the other, of the tip of
            the nose, of the corner of the mouth on the left, of the other; score.
        """
        height, width = image.shape[:2]
        padded = cv2.copyMakeBorder(image, 0, -height % 32, 0, -width % 32, cv2.BORDER_CONSTANT)
        outputs = self._session.run(np.ascontiguousarray(padded[:, :, ::-1].transpose(2, 0, 1)[None], dtype=np.float32))
        columns = padded.shape[1]
        found = np.concatenate(
            [
                _decode([outputs[kind * 3 + number][0] for kind in range(4)], stride, columns // stride, threshold)
                for number, stride in enumerate(_STRIDES)
            ]
        )
        boxes = np.column_stack([found[:, :2], found[:, 2:4] - found[:, :2]])
        kept = cv2.dnn.NMSBoxes(boxes.tolist(), found[:, 14].tolist(), threshold, _OVERLAP) if len(found) else []
        return found[np.asarray(kept, dtype=np.int64)]


def _decode(outputs: list[NDArray[np.float32]], stride: int, columns: int, threshold: float) -> NDArray[np.float64]:
    """The cells of one stride whose score is high enough; sizes are relative to the cell and logarithmic."""
    classes, objects, boxes, points = outputs
    scores = np.sqrt(np.clip(classes[:, 0], 0, 1) * np.clip(objects[:, 0], 0, 1)).astype(np.float64)
    cells = np.flatnonzero(scores >= threshold)
    corner = np.column_stack([cells % columns, cells // columns]).astype(np.float64)
    middle, size = corner + boxes[cells, :2], np.exp(boxes[cells, 2:].astype(np.float64))
    marks = np.tile(corner, 5) + points[cells]
    return np.column_stack([(middle - size / 2) * stride, (middle + size / 2) * stride, marks * stride, scores[cells]])
