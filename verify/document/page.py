"""Pages as pictures: turning them, finding cards that lie on them, and making those upright."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["find_cards", "rectify", "turn", "turn_quad", "turns_of"]

_Picture = NDArray[np.uint8]
_Quad = NDArray[np.float32]
_SMALL = 600  # pixels of the longer side while looking for outlines
_LEAST_CONTRAST, _SPREADS = 12, 4  # grey levels by which a card differs from its background
_MIN_SHARE, _MAX_SHARE = 0.06, 0.97  # of the page
_ASPECT = (1.25, 1.75)  # ID-1 1.59, ID-2 1.41, ID-3 1.42 (ISO/IEC 7810), with room for perspective


def turn(page: _Picture, turns: int) -> _Picture:
    """The page turned by `turns` quarter turns, clockwise."""
    return np.ascontiguousarray(np.rot90(page, -turns % 4))


def turn_quad(quad: _Quad, page: _Picture, turns: int) -> _Quad:
    """Where the corners of a quad are once its page is turned by `turns` quarter turns, clockwise."""
    height, width = page.shape[:2]
    for _turn in range(turns % 4):
        quad = np.column_stack([height - quad[:, 1], quad[:, 0]]).astype(np.float32)
        height, width = width, height
    return quad


def turns_of(quad: _Quad) -> int:
    """Quarter turns, clockwise, that bring the text of a strip upright; its corners are as in `StripReading.quad`."""
    across = quad[1] - quad[0]
    angle = np.degrees(np.arctan2(across[1], across[0]))  # of the reading direction, clockwise from the right
    return round(float(-angle) / 90) % 4


def find_cards(page: _Picture) -> list[_Quad]:
    """Outlines of cards or passport pages on their background, the largest first.

    Args:
        page: H x W x 3, RGB.

    Returns:
        Corners in pixels, 4 x 2 each: a long side first, clockwise. Which way up the card lies is not known.
    """
    scale = min(1.0, _SMALL / max(page.shape[:2]))
    small = cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    border = np.concatenate([small[0], small[-1], small[:, 0], small[:, -1]])
    away = np.abs(small.astype(np.int16) - np.median(border, axis=0)).max(axis=2).astype(np.uint8)
    spread = np.abs(border - np.median(border, axis=0)).max(axis=1)
    clear = max(_LEAST_CONTRAST, _SPREADS * float(np.median(spread)))  # a desk has grain, a scanner's lid has none
    mask = (cv2.medianBlur(away, 5) > clear).astype(np.uint8)
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    contours, _tree = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    quads = []
    for contour in sorted(contours, key=cv2.contourArea, reverse=True)[:4]:
        quad = _corners(np.asarray(cv2.convexHull(contour), np.int32))
        share = cv2.contourArea(quad) / mask.size
        sides = np.linalg.norm(quad - np.roll(quad, -1, axis=0), axis=1)
        aspect = (sides[0] + sides[2]) / max(1e-6, sides[1] + sides[3])
        if _MIN_SHARE <= share <= _MAX_SHARE and _ASPECT[0] <= aspect <= _ASPECT[1]:
            quads.append((quad / scale).astype(np.float32))
    return quads


def rectify(page: _Picture, quad: _Quad) -> _Picture:
    """The card inside four corners, seen from straight above; the first side becomes the top."""
    sides = np.linalg.norm(quad - np.roll(quad, -1, axis=0), axis=1)
    width, height = max(1, round((sides[0] + sides[2]) / 2)), max(1, round((sides[1] + sides[3]) / 2))
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    matrix = cv2.getPerspectiveTransform(quad.astype(np.float32), corners)
    return np.asarray(cv2.warpPerspective(page, matrix, (width, height), flags=cv2.INTER_CUBIC), np.uint8)


def _corners(hull: NDArray[np.int32]) -> _Quad:
    """Four corners of an outline: of its polygon when it has four, else of the rectangle around it."""
    polygon = cv2.approxPolyDP(hull, 0.03 * cv2.arcLength(hull, True), True)
    corners = polygon.reshape(-1, 2) if len(polygon) == 4 else cv2.boxPoints(cv2.minAreaRect(hull))
    middle = corners.mean(axis=0)
    order = np.argsort(np.arctan2(*(corners - middle).T[::-1]))  # clockwise, as y points down
    corners = corners[order]
    if np.linalg.norm(corners[1] - corners[0]) < np.linalg.norm(corners[2] - corners[1]):
        corners = np.roll(corners, -1, axis=0)
    return np.asarray(corners, np.float32)
