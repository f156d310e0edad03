"""A template from several views of one aligned face: what the network gives for one view alone is noisier."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["mean_of_views"]


def mean_of_views(
    embed: Callable[[NDArray[np.uint8]], NDArray[np.float32]],
    aligned: NDArray[np.uint8],
    zooms: tuple[float, ...] = (1.0,),
) -> NDArray[np.float32]:
    """The mean of the values of a face and its mirror image, at each zoom.

    Args:
        embed: the network's values for one view, as it gives them.
        aligned: square, RGB.
        zooms: shares of the aligned face's side that are looked at, about its middle.
    """
    views = [aligned if zoom == 1 else _inner(aligned, zoom) for zoom in zooms]
    values = [embed(one) for view in views for one in (view, view[:, ::-1])]
    return np.asarray(np.mean(values, axis=0), dtype=np.float32)


def _inner(aligned: NDArray[np.uint8], zoom: float) -> NDArray[np.uint8]:
    """The inner part in the size of the whole."""
    height, width = aligned.shape[:2]
    move = np.array([[zoom, 0, (1 - zoom) * (width - 1) / 2], [0, zoom, (1 - zoom) * (height - 1) / 2]])
    ways = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(aligned, move, (width, height), flags=ways), dtype=np.uint8)
