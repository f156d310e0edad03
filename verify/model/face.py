"""Faces: where they are on an image, how usable they are, and their templates."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Box", "FaceQuality", "FaceRole", "FaceTemplate"]


class FaceRole(StrEnum):
    """The part a detected face plays."""

    PORTRAIT = "portrait"  # the main portrait of a document
    GHOST = "ghost"  # the smaller second portrait of a document
    LIVE = "live"  # the person in front of the camera
    OTHER = "other"  # a further face in the picture


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels of the upright page: left, top, right, bottom (right and bottom excluded)."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """In pixels."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """In pixels."""
        return self.bottom - self.top

    @property
    def area(self) -> int:
        """In square pixels, 0 when the box is empty."""
        return max(0, self.width) * max(0, self.height)


@dataclass(frozen=True, slots=True)
class FaceQuality:
    """What can be measured on a face image, in the terms of ISO/IEC 29794-5 where they apply.

    Attributes:
        inter_eye_distance: between eye centres, pixels.
        sharpness: variance of the Laplacian of the aligned face (8-bit grey levels squared).
        mean_luminance: of the aligned face, 0 to 255.
        advice: plain sentences for the operator; empty when nothing stands out.
        dynamic_range: entropy of the aligned face's grey levels, bits, 0 to 8.
        under_exposed: share of its pixels below grey level 26.
        over_exposed: share of its pixels above grey level 247.
        roll: of the line between the eyes, degrees; positive when the eye on the right of the image lies lower.
        crop: share of the aligned face that reaches beyond the picture and is black.
        template_norm: length of the template as the network gives it; None when it was not given.
    """

    inter_eye_distance: float
    sharpness: float
    mean_luminance: float
    advice: tuple[str, ...] = ()
    dynamic_range: float | None = None
    under_exposed: float | None = None
    over_exposed: float | None = None
    roll: float | None = None
    crop: float | None = None
    template_norm: float | None = None


@dataclass(frozen=True, slots=True)
class FaceTemplate:
    """A face template: personal data as much as the picture it came from.

    Attributes:
        vector: float32 values as the engine gives them.
        engine: name and version.
        model_sha256: of the embedding network.
        role: which face of the picture this is.
        box: in pixels of the upright page.
        quality: measured on the aligned face.
        source: item file role the face was found on, e.g. "document".
        picture: name of the stored crop in the ledger; empty when none is kept.
        appearance: 16 x 16 grey levels of the aligned face, hexadecimal: tells whether two documents carry the very
            same picture, which no template can.
        choice: why this face has its role, where there were several; empty otherwise.
        landmarks: the detector's points on the stored crop, x and y as shares of its width and height, in the engine's
            own order; empty in records that have none.
    """

    vector: tuple[float, ...]
    engine: str
    model_sha256: str
    role: FaceRole
    box: Box
    quality: FaceQuality
    source: str = ""
    picture: str = ""
    appearance: str = ""
    choice: str = ""
    landmarks: tuple[tuple[float, float], ...] = ()
