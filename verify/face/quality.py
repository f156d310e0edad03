"""What can be measured on a face image, in the terms of ISO/IEC 29794-5 where they apply, and advice to retake.

Inter-eye distance, luminance and sharpness are measured as described here; they are not the standard's scalar scores.
Pose, expression, occlusion and a unified score are not measured by this release, and nothing stands in for them.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from verify.face.engines import Detection
from verify.model.face import FaceQuality

__all__ = ["measure"]

_MIN_EYES = 26.0  # pixels: no loss seen above; 14 px doubles misses (docs/decisions/005-faces.md)
_USELESS_EYES = 9.0
_DARK, _BRIGHT = 50.0, 215.0
_BLURRED = 25.0


def measure(aligned: NDArray[np.uint8], detection: Detection) -> FaceQuality:
    """Measures one aligned face.

    Args:
        aligned: H x W x 3 RGB, as the engine aligns it.
        detection: with the eye centres in pixels of the original image.
    """
    grey = cv2.cvtColor(aligned, cv2.COLOR_RGB2GRAY)
    eyes = float(np.linalg.norm(detection.eyes[1] - detection.eyes[0]))
    sharpness = float(cv2.Laplacian(grey, cv2.CV_64F).var())
    luminance = float(grey.mean())
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
    return FaceQuality(eyes, sharpness, luminance, tuple(advice))
