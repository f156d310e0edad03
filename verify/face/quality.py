"""What can be measured on a face image, in the terms of ISO/IEC 29794-5 where they apply, and advice to retake.

Inter-eye distance, luminance, dynamic range, exposure, sharpness, roll and crop are measured as described here; they
are not the standard's scalar scores. The length of the template as the network gives it stands for a unified score with
the engine omz, where leaving out the tenth with the shortest halves the misses on LFW; with dlib it tells next to
nothing (docs/faces.md). Yaw, pitch, expression, occlusion, head covering and eyes closed are not measured, and nothing
stands in for them.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from verify.face.engines import Detection
from verify.model.face import FaceQuality

__all__ = ["measure"]

_MIN_EYES = 26.0  # pixels: no loss seen above; 14 px doubles misses (docs/decisions/005-faces.md)
_USELESS_EYES = 9.0
_DARK, _BRIGHT = 50.0, 215.0
_UNDER, _OVER = 26, 247  # grey levels
_BLURRED = 25.0
_TILTED = 30.0  # degrees
_CUT = 0.3  # of the aligned face


def measure(aligned: NDArray[np.uint8], detection: Detection, vector: NDArray[np.float32] | None = None) -> FaceQuality:
    """Measures one aligned face.

    Args:
        aligned: H x W x 3 RGB, as the engine aligns it; black where it reaches beyond the picture.
        detection: with the eye centres in pixels of the original image.
        vector: the template's values as the engine gives them.
    """
    grey = cv2.cvtColor(aligned, cv2.COLOR_RGB2GRAY)
    across = detection.eyes[1] - detection.eyes[0]
    eyes = float(np.linalg.norm(across))
    roll = math.degrees(math.atan2(float(across[1]), float(across[0])))
    sharpness = float(cv2.Laplacian(grey, cv2.CV_64F).var())
    luminance = float(grey.mean())
    shares = np.bincount(grey.ravel(), minlength=256) / grey.size
    used = shares[shares > 0]
    crop = float((aligned == 0).all(axis=2).mean())
    advice = []
    if eyes < _USELESS_EYES:
        advice.append("face is far too small to compare: move closer or scan at a higher resolution")
    elif eyes < _MIN_EYES:
        advice.append("face is small: move closer or scan at a higher resolution")
    if luminance < _DARK:
        advice.append("face is dark: add light from the front")
    elif luminance > _BRIGHT:
        advice.append("face is overexposed: reduce the light")
    if sharpness < _BLURRED:
        advice.append("face is blurred: hold still and focus")
    if abs(roll) > _TILTED:
        advice.append("head is tilted: hold it upright")
    if crop > _CUT and luminance >= _DARK:
        advice.append("face is cut off: leave room around it")
    return FaceQuality(
        eyes,
        sharpness,
        luminance,
        tuple(advice),
        dynamic_range=round(float(-(used * np.log2(used)).sum()), 3),
        under_exposed=round(float(shares[:_UNDER].sum()), 4),
        over_exposed=round(float(shares[_OVER + 1 :].sum()), 4),
        roll=round(roll, 1),
        crop=round(crop, 4),
        template_norm=None if vector is None else round(float(np.linalg.norm(vector)), 4),
    )
