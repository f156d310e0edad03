"""Where the lines of a printed page are: the page is levelled, dark strokes are linked along the line alone.

Nine pixels stand for a millimetre, so that a line of values has capitals of 13 to 25 pixels and a label about 10. The
scale comes from the MRZ, whose characters are 2.54 mm apart on every document (ICAO Doc 9303-3, 4.1); a side without a
zone is taken for the front of a card.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from verify.document.engines.ink import ink_of
from verify.document.page import find_cards
from verify.model.face import Box

__all__ = ["SMALL", "Level", "cut", "level_by_card", "level_by_zone", "line_boxes"]

SMALL = 13  # pixels of a line below which it is a label, seldom a value
_PIXELS = 9.0  # for a millimetre
_PITCH = 2.54  # millimetres from one character of an MRZ to the next
_BESIDE, _ABOVE = 9.0, 72.0  # millimetres of the page looked at beside the zone's ends and above it
_CARD = 85.6  # millimetres: ID-1, the one format whose front has no zone
_SHARES = (0.62, 0.45)  # of the darkest strokes around: fainter is background print, or on others the print itself
_LINK, _BRIDGE = 13, 7  # pixels closed along a line, and the width of bridges between two lines that are cut
_FIGURE = (42, 120)  # pixels: what is higher or longer in one piece is no character
_HIGH = (7, 40)  # pixels of a line
_NARROW = 1.6  # widths of a line in its heights, below which it is one character or none
_FULL = (0.12, 0.75)  # share of ink in a line's box
_SAME, _LONGER, _TALLER = 0.5, 1.15, 1.4  # share of the smaller box from which two are one; ratios of their sides
_MOST_CHARACTERS = 8  # at an end of a line that are added to it
_EVEN = 0.75  # share of a line's ink in figures of at least half its height; of print 95 in 100 have 0.83
_FREE = 0.25  # of a line's share of ink, right above and below it; the 95th percentile of print is 0.16
_GAP, _LIKE, _LEVEL = 1.1, 1.6, 0.6  # heights between the pieces of a line, ratio of their heights, share of overlap

_Picture = NDArray[np.uint8]
_Frame = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Level:
    """A page made level.

    Attributes:
        page: H x W x 3, RGB, as given.
        picture: the part that is looked at, level, nine pixels to a millimetre.
        frame: 2 x 3, from the page to the picture.
    """

    page: _Picture
    picture: _Picture
    frame: _Frame


def level_by_zone(page: _Picture, quad: NDArray[np.float32], characters: int) -> Level:
    """What stands above the zone, level with it.

    Args:
        page: H x W x 3, RGB, upright.
        quad: 4 x 2, corners of the zone: upper left first, clockwise.
        characters: in a row of the zone.
    """
    corners = quad.astype(np.float64)
    across = corners[1] - corners[0]
    length = float(np.linalg.norm(across))
    width = characters * _PITCH
    scale = _PIXELS * width / max(1.0, length)
    along = across / max(1.0, length)
    turned = scale * np.array([along, (-along[1], along[0])])
    origin = np.array([_BESIDE, _ABOVE]) * _PIXELS - turned @ corners[0]
    frame = np.column_stack([turned, origin])
    size = round((width + 2 * _BESIDE) * _PIXELS), round(_ABOVE * _PIXELS)
    return _levelled(page, frame, size)


def level_by_card(page: _Picture) -> Level:
    """The largest card on the page, or the page itself where none stands out, as wide as the front of a card is."""
    height, width = page.shape[:2]
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float64)
    for quad in find_cards(page)[:1]:
        start = int(np.argmin(quad.sum(axis=1)))  # the page is upright: so is the card on it
        corners = np.roll(quad.astype(np.float64), -start, axis=0)
    across, down = corners[1] - corners[0], corners[3] - corners[0]
    long, short = float(np.linalg.norm(across)), float(np.linalg.norm(down))
    size = round(_CARD * _PIXELS), round(_CARD * _PIXELS * short / max(1.0, long))
    there = np.array([(0, 0), (size[0], 0), (0, size[1])], np.float32)
    frame = cv2.getAffineTransform(corners[[0, 1, 3]].astype(np.float32), there)
    return _levelled(page, np.asarray(frame, np.float64), size)


def _levelled(page: _Picture, frame: _Frame, size: tuple[int, int]) -> Level:
    scale = float(np.hypot(frame[0, 0], frame[1, 0]))
    fewer = int(1 / max(scale, 1e-3)) if scale < 0.5 else 1  # by area, where single pixels would be skipped
    small = page if fewer == 1 else np.asarray(cv2.resize(page, None, fx=1 / fewer, fy=1 / fewer, interpolation=3))
    reduced = frame * np.array([fewer, fewer, 1.0])
    how = cv2.INTER_LINEAR if scale < 1 else cv2.INTER_CUBIC
    picture = cv2.warpAffine(small, reduced, size, flags=how, borderMode=cv2.BORDER_REPLICATE)
    return Level(page, np.asarray(picture, np.uint8), frame)


def line_boxes(level: Level, without: Iterable[Box] = ()) -> tuple[list[Box], list[Box]]:
    """Where lines stand on a level page, likely values first, then labels, the short first; and single characters.

    Args:
        level: the page.
        without: rectangles of the page to leave out: portraits.
    """
    grey = np.asarray(cv2.cvtColor(level.picture, cv2.COLOR_RGB2GRAY), np.uint8)
    outside = _outside(level, without)
    lines: list[Box] = []
    singles: list[Box] = []
    for share in _SHARES:
        ink = _characters(ink_of(grey, share))
        ink[outside] = 0
        linked = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, _LINK), np.uint8))
        parted = cv2.morphologyEx(linked, cv2.MORPH_OPEN, np.ones((1, _BRIDGE), np.uint8))
        found = _joined(_pieces(np.asarray(parted, np.uint8), ink))
        stats = np.asarray(cv2.connectedComponentsWithStats(ink, connectivity=8)[2], np.int32)[1:]
        for piece in sorted(found, key=lambda box: -box.area):  # what was parted too much lies inside its line
            box = _completed(piece, stats)
            if box.width >= _NARROW * box.height and _stands_free(ink, box) and _is_even(stats, box):
                _add(lines, box)
        for box in _joined(_pieces(np.asarray(linked, np.uint8), ink)):
            if box.width < _NARROW * box.height:
                _add(singles, box)
    values = [box for box in lines if box.height >= SMALL]
    values.sort(key=lambda box: -min(box.height, 20) * min(box.width / box.height, 8.0))
    labels = sorted((box for box in lines if box.height < SMALL), key=lambda box: box.width)
    return values + labels, singles


def _outside(level: Level, without: Iterable[Box]) -> NDArray[np.bool_]:
    """Where the picture goes beyond the page, or shows what is to be left out."""
    height, width = level.page.shape[:2]
    inside = np.full((height, width), 255, np.uint8)
    for box in without:
        inside[max(0, box.top) : max(0, box.bottom), max(0, box.left) : max(0, box.right)] = 0
    size = level.picture.shape[1], level.picture.shape[0]
    seen = cv2.warpAffine(inside, level.frame, size, flags=cv2.INTER_NEAREST, borderValue=0)
    return np.asarray(cv2.erode(seen, np.ones((5, 5), np.uint8)) == 0)


def _pieces(linked: _Picture, ink: _Picture) -> list[Box]:
    """The blobs that may be words, by height and by how full of ink they are."""
    count, labels, stats, _middles = cv2.connectedComponentsWithStats(linked, connectivity=4)
    filled = np.bincount(np.asarray(labels)[ink > 0], minlength=count)
    left, top, wide, high = (stats[:, at] for at in range(4))
    full = filled / np.maximum(1, wide * high)
    likely = (high >= _HIGH[0]) & (high <= _HIGH[1]) & (wide >= 0.3 * high) & (full > _FULL[0]) & (full < _FULL[1])
    likely[0] = False
    return [
        Box(int(left[one]), int(top[one]), int(left[one] + wide[one]), int(top[one] + high[one]))
        for one in np.flatnonzero(likely)
    ]


def _completed(line: Box, stats: NDArray[np.int32]) -> Box:
    """A line with the characters at its ends that were cut off with the bridges.

    Args:
        line: as found.
        stats: of every figure of the ink, as OpenCV gives them.
    """
    left, top, wide, high = (stats[:, at] for at in range(4))
    shared = np.minimum(top + high, line.bottom) - np.maximum(top, line.top)
    alike = (shared > _LEVEL * high) & (high > _LEVEL * line.height) & (high < _LIKE * line.height)
    for _step in range(_MOST_CHARACTERS):
        near = alike & (left < line.right + _GAP * line.height) & (left + wide > line.left - _GAP * line.height)
        if not near.any():
            break
        start, end = min(line.left, int(left[near].min())), max(line.right, int((left + wide)[near].max()))
        if (start, end) == (line.left, line.right):
            break
        line = Box(start, line.top, end, line.bottom)
    return line


def _stands_free(ink: _Picture, box: Box) -> bool:
    """Whether there is little ink right above and below: print has room there, patterns go on."""
    inside = float(ink[box.top : box.bottom, box.left : box.right].mean())
    above, below = ink[max(0, box.top - 4) : max(0, box.top - 1)], ink[box.bottom + 1 : box.bottom + 4]
    around = [float(rows[:, box.left : box.right].mean()) for rows in (above, below) if rows.size]
    return sum(around) <= _FREE * inside * max(1, len(around))


def _is_even(stats: NDArray[np.int32], box: Box) -> bool:
    """Whether most of the ink is in figures about as high as the line: print, and no crumbs of a pattern."""
    left, top, wide, high, area = (stats[:, at] for at in range(5))
    x, y = left + wide / 2, top + high / 2
    within = (x >= box.left) & (x < box.right) & (y >= box.top) & (y < box.bottom)
    return float(area[within & (high >= box.height / 2)].sum()) >= _EVEN * float(area[within].sum())


def _add(lines: list[Box], box: Box) -> None:
    """Adds a line that was found with fainter ink: it counts where it is longer, or where there was none."""
    for index, line in enumerate(lines):
        wide = min(line.right, box.right) - max(line.left, box.left)
        high = min(line.bottom, box.bottom) - max(line.top, box.top)
        if wide <= 0 or high <= 0 or wide * high < _SAME * min(line.area, box.area):
            continue
        if box.width > _LONGER * line.width and box.height < _TALLER * line.height:
            lines[index] = box
        return
    lines.append(box)


def _characters(ink: _Picture) -> _Picture:
    """The ink without large figures, and without specks."""
    _count, labels, stats, _middles = cv2.connectedComponentsWithStats(ink, connectivity=8)
    keep = (stats[:, 3] <= _FIGURE[0]) & (stats[:, 2] <= _FIGURE[1]) & (stats[:, 4] >= 4)
    keep[0] = False
    return np.asarray(keep.astype(np.uint8)[labels], np.uint8)


def _joined(pieces: list[Box]) -> list[Box]:
    """Pieces on one line with no more than a space between them become one."""
    lines: list[Box] = []
    for piece in sorted(pieces, key=lambda box: box.left):
        for index in range(len(lines)):
            if _follows(lines[index], piece):
                piece = _around(lines.pop(index), piece)
                break
        lines.append(piece)
    return lines


def _follows(line: Box, piece: Box) -> bool:
    low, high = sorted((line.height, piece.height))
    shared = min(line.bottom, piece.bottom) - max(line.top, piece.top)
    return -0.5 * low < piece.left - line.right < _GAP * high and shared > _LEVEL * low and high < _LIKE * low


def _around(one: Box, other: Box) -> Box:
    return Box(
        min(one.left, other.left), min(one.top, other.top), max(one.right, other.right), max(one.bottom, other.bottom)
    )


def cut(level: Level, box: Box, margin: float, *, anew: bool = False, wider: float = 1.0) -> _Picture:
    """A line with some margin around it.

    Args:
        level: the page.
        box: of the line.
        margin: in heights of the line, on every side.
        anew: from the page as given, 48 pixels high, instead of from the level picture.
        wider: by how much it is drawn out along the line; only with `anew`.
    """
    around = round(margin * box.height) + 1
    height, width = level.picture.shape[:2]
    left, top = max(0, box.left - around), max(0, box.top - around)
    right, bottom = min(width, box.right + around), min(height, box.bottom + around)
    if not anew:
        return level.picture[top:bottom, left:right]
    scale = 48 / max(1, bottom - top)
    stretch = np.array([[scale * wider], [scale]])
    frame = np.column_stack([level.frame[:, :2], level.frame[:, 2] - (left, top)]) * stretch
    size = max(1, round((right - left) * scale * wider)), 48
    picture = cv2.warpAffine(level.page, frame, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(picture, np.uint8)
