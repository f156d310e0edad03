"""From an image to templates: detection, roles, alignment, quality, embedding. Failure to acquire is a value."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from verify.face.engines import Detection, FaceEngine
from verify.face.quality import measure
from verify.model.face import Box, FaceRole, FaceTemplate

__all__ = ["APPEARANCE_SIDE", "AcquiredFace", "acquire"]

_MAX_FACES = 6  # of one picture; more are counted in the reason, never silently dropped
_INNER = 2 / 15  # cut off each side: hair and background vary more than the face itself
APPEARANCE_SIDE = 16
_MARGIN = 0.45  # of the box, around the crop that a person sees


@dataclass(frozen=True, slots=True)
class AcquiredFace:
    """A template and the crop that a person will look at (RGB)."""

    template: FaceTemplate
    crop: NDArray[np.uint8]


def acquire(
    image: NDArray[np.uint8], engine: FaceEngine, *, main: FaceRole, source: str
) -> tuple[list[AcquiredFace], str]:
    """Templates of the faces on an upright image, the main one first.

    Args:
        image: H x W x 3 RGB.
        engine: a loaded face engine.
        main: the role of the largest face: PORTRAIT on a document, LIVE on a capture.
        source: file role, kept in the template.

    Returns:
        The faces, and a reason: why there is none, or that there are several on a capture; empty otherwise.
    """
    detections = engine.detect(image)
    if not detections:
        return [], "no face was found (failure to acquire)"
    faces = [
        _acquire_one(image, engine, detection, role, source)
        for detection, role in zip(detections[:_MAX_FACES], _roles(detections, main), strict=False)
    ]
    reason = ""
    if main is FaceRole.LIVE and len(detections) > 1:
        reason = f"{len(detections)} faces on a live capture; the largest was taken"
    return faces, reason


def _roles(detections: list[Detection], main: FaceRole) -> list[FaceRole]:
    """The largest face is the main one; a smaller one on a document may be its ghost portrait."""
    others = FaceRole.GHOST if main is FaceRole.PORTRAIT else FaceRole.OTHER
    return [main] + [others] * (len(detections) - 1)


def _acquire_one(
    image: NDArray[np.uint8], engine: FaceEngine, detection: Detection, role: FaceRole, source: str
) -> AcquiredFace:
    aligned = engine.align(image, detection)
    template = FaceTemplate(
        vector=tuple(float(value) for value in engine.embed(aligned)),
        engine=engine.name,
        model_sha256=engine.model_sha256,
        role=role,
        box=detection.box,
        quality=measure(aligned, detection),
        source=source,
        appearance=_appearance(aligned),
    )
    return AcquiredFace(template, _crop(image, detection.box))


def _appearance(aligned: NDArray[np.uint8]) -> str:
    """The inner face, small and grey: steady under scanning, different from one photograph to the next."""
    height, width = aligned.shape[:2]
    inner = aligned[
        round(height * _INNER) : round(height * (1 - _INNER)),
        round(width * _INNER) : round(width * (1 - _INNER)),
    ]
    small = cv2.resize(
        cv2.cvtColor(inner, cv2.COLOR_RGB2GRAY),
        (APPEARANCE_SIDE, APPEARANCE_SIDE),
        interpolation=cv2.INTER_AREA,
    )
    return small.tobytes().hex()


def _crop(image: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
    height, width = image.shape[:2]
    dx, dy = round(box.width * _MARGIN), round(box.height * _MARGIN)
    return image[
        max(0, box.top - dy) : min(height, box.bottom + dy),
        max(0, box.left - dx) : min(width, box.right + dx),
    ]
