"""From an image to templates: detection, roles, alignment, quality, embedding. Failure to acquire is a value."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from verify.face.engines import Detection, FaceEngine
from verify.face.quality import measure
from verify.model.face import Box, FaceRole, FaceTemplate

__all__ = ["APPEARANCE_SIDE", "AcquiredFace", "acquire"]

_MAX_FACES = 6  # of one picture; more are counted in the choice, never silently dropped
_GHOST = 0.64  # of the main face's area, up to which another one on a document may be its second portrait
_INNER = 2 / 15  # cut off each side: hair and background vary more than the face itself
APPEARANCE_SIDE = 16
_MARGIN = 0.45  # of the box, around the crop that a person sees


@dataclass(frozen=True, slots=True)
class AcquiredFace:
    """A template and the crop that a person will look at (RGB)."""

    template: FaceTemplate
    crop: NDArray[np.uint8]
    surety: float = 0.0  # of the detector, to choose among turns of a page


def acquire(
    image: NDArray[np.uint8], engine: FaceEngine, *, main: FaceRole, source: str
) -> tuple[list[AcquiredFace], str]:
    """Templates of the faces on an upright image, the main one first.

    Args:
        image: H x W x 3 RGB.
        engine: a loaded face engine.
        main: the role of the most prominent face: PORTRAIT on a document, LIVE on a capture.
        source: file role, kept in the template.

    Returns:
        The faces, each with why it has its role, and a reason why there is none; empty when there is one.
    """
    detections = engine.detect(image, all_faces=main is FaceRole.PORTRAIT)
    if not detections:
        return [], "no face was found (failure to acquire)"
    roles = [_role(one, detections[0], main) for one in detections[:_MAX_FACES]]
    faces = [
        _acquire_one(image, engine, detection, role, _choice(detection, detections, role), source)
        for detection, role in zip(detections, roles, strict=False)
    ]
    return faces, ""


def _role(one: Detection, first: Detection, main: FaceRole) -> FaceRole:
    """The most prominent face is the main one; a clearly smaller one on a document may be its ghost portrait."""
    if one is first:
        return main
    small = one.box.area < _GHOST * first.box.area
    return FaceRole.GHOST if main is FaceRole.PORTRAIT and small else FaceRole.OTHER


def _choice(one: Detection, detections: list[Detection], role: FaceRole) -> str:
    count = len(detections)
    if count == 1:
        return ""
    if one is detections[0]:
        more = f"; of the others, {count - _MAX_FACES} are left out" if count > _MAX_FACES else ""
        return f"the most prominent of {count} faces: the largest, counting less when away from the middle{more}"
    side = math.sqrt(one.box.area / max(1, detections[0].box.area))
    told = "small enough for a second portrait" if role is FaceRole.GHOST else "a further face"
    return f"{told}: {side:.0%} of the main face's size"


def _acquire_one(
    image: NDArray[np.uint8], engine: FaceEngine, detection: Detection, role: FaceRole, choice: str, source: str
) -> AcquiredFace:
    aligned = engine.align(image, detection)
    vector = engine.embed(aligned)
    template = FaceTemplate(
        vector=tuple(float(value) for value in vector),
        engine=engine.name,
        model_sha256=engine.model_sha256,
        role=role,
        box=detection.box,
        quality=measure(aligned, detection, vector),
        source=source,
        appearance=_appearance(aligned),
        choice=choice,
        landmarks=_on_crop(detection, image.shape),
    )
    return AcquiredFace(template, _crop(image, detection.box), detection.confidence)


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
    shown = _shown(box, image.shape)
    return image[shown.top : shown.bottom, shown.left : shown.right]


def _shown(box: Box, shape: tuple[int, ...]) -> Box:
    dx, dy = round(box.width * _MARGIN), round(box.height * _MARGIN)
    right, bottom = min(shape[1], box.right + dx), min(shape[0], box.bottom + dy)
    return Box(max(0, box.left - dx), max(0, box.top - dy), right, bottom)


def _on_crop(detection: Detection, shape: tuple[int, ...]) -> tuple[tuple[float, float], ...]:
    """Where the landmarks lie on the crop, to a thousandth: for the eye of a person, never to compute with."""
    shown = _shown(detection.box, shape)
    return tuple(
        (round((float(x) - shown.left) / shown.width, 3), round((float(y) - shown.top) / shown.height, 3))
        for x, y in detection.landmarks
    )
