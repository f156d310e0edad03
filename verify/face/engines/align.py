"""Setting a face upright: the similarity transform between landmarks and a network's own template."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["similarity", "warp"]

_SHRINK = 0.5  # of a face's size from which bilinear sampling would skip pixels


def similarity(
    source: NDArray[np.float32] | NDArray[np.float64], target: NDArray[np.float32] | NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The similarity transform that best maps points (N x 2) on points: x -> M x + t.

    Umeyama, "Least-squares estimation of transformation parameters between two point patterns" (PAMI 1991); in the
    plane and without reflection the least-squares solution is a product of complex numbers.

    Returns:
        M (2 x 2) and t (2).
    """
    a, b = np.asarray(source, dtype=np.float64), np.asarray(target, dtype=np.float64)
    middle, aim = a.mean(axis=0), b.mean(axis=0)
    z, w = (a - middle) @ [1, 1j], (b - aim) @ [1, 1j]
    spread = float((z * z.conj()).real.sum())
    factor = (z.conj() @ w) / spread if spread > 0 else 1
    matrix = np.array([[factor.real, -factor.imag], [factor.imag, factor.real]])
    return matrix, aim - matrix @ middle


def warp(
    image: NDArray[np.uint8], landmarks: NDArray[np.float64], template: NDArray[np.float64], side: int
) -> NDArray[np.uint8]:
    """Cuts out a face so that its landmarks come to lie on a template.

    Args:
        image: H x W x 3.
        landmarks: N x 2 in pixels of the image.
        template: N x 2 in pixels of the result.
        side: of the square result, pixels.

    Returns:
        side x side x 3, black where it reaches beyond the image.
    """
    matrix, offset = similarity(landmarks, template)
    scale = float(np.hypot(*matrix[:, 0]))
    if 0 < scale < _SHRINK:
        smaller = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        ratio = np.array([smaller.shape[1] / image.shape[1], smaller.shape[0] / image.shape[0]])
        # pixels are areas: the middle of the first lies at a half
        matrix, offset = matrix / ratio, offset + matrix @ (0.5 / ratio - 0.5)
        image = np.asarray(smaller, dtype=np.uint8)
    affine = np.hstack([matrix, offset[:, None]])
    return np.asarray(cv2.warpAffine(image, affine, (side, side), flags=cv2.INTER_LINEAR), dtype=np.uint8)
