"""The rows of characters around a point: straightened, followed along their length, and grouped to zones.

The surroundings are turned level at about 11 pixels for a capital. There, closing along the row alone links its
characters and never two rows; each row's middle is then followed by a curve, so perspective and curl matter little.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from verify.document.engines.ink import ink_of
from verify.document.engines.zone import Row, Zone

__all__ = ["rows_at"]

_CAPITAL = 11  # pixels of a capital in the straightened surroundings
_AHEAD = 60  # capitals looked at to either side: a line of 44 with wide characters
_BESIDE = 5.8  # and above and below: two rows more
_SHARE = 0.5  # of the darkest strokes around
_LINK = 17  # pixels closed along a row
_TALL, _FLAT = 25, 60  # pixels: higher strokes, and longer thin ones, are edges of cards and portraits, and rules
_FULL = 0.3  # share of ink in what surrounds a high figure, from which it may be characters on a line
_HIGH = (5, 18)  # pixels of a row's pieces
_GAP = 2.6  # capitals between two pieces of a row
_LENGTHS = (19, 66)  # of a row in its capitals: 30 narrow to 44 wide characters
_PITCHES = (1.1, 2.9)  # from row to row in capitals
_ENDS = 0.16  # of a row's length, by which the ends of its neighbours may differ
_LEVEL, _LIKE = 0.006, (0.8, 1.25)  # radians that are level enough, and capitals that are high enough, of those meant
_PASSES = 3
_LEAST_WIDTH = round(_LENGTHS[0] * _CAPITAL * 0.6)  # pixels, as heights are known only about
_MOST_ROWS = 6

_Grey = NDArray[np.uint8]
_Floats = NDArray[np.float32]


def rows_at(level: _Grey, scale: float, middle: tuple[float, float], angle: float, height: float) -> Zone | None:
    """The rows around a point, of a certain direction and height.

    Args:
        level: H x W, grey: the page, reduced or enlarged.
        scale: its pixels for one of the page.
        middle: the point, on the level.
        angle: of the rows in radians, clockwise from the right.
        height: of their capitals, about, on the level.

    Returns:
        The zone with the longest rows; None when there are no two rows of like length.
    """
    for left in reversed(range(_PASSES)):
        frame, size = _frame(level.shape, middle, angle, height)
        if size[0] < _LEAST_WIDTH:
            return None
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        around = cv2.warpAffine(level, frame, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
        pieces, found = _Pieces.of(np.asarray(around, np.uint8)), list[Row]()
        chains = pieces.chains()[:_MOST_ROWS]
        if len(chains) < 2:
            return None
        rows = (row for chain in chains if (row := pieces.followed(chain)) is not None and _plausible(row))
        for row in rows:  # the longest first: of those through the point the first one tells what is level
            found.append(row)
            if _through(row):
                break
        if not found:
            return None
        told = found[-1] if _through(found[-1]) else found[0]
        slope = float(np.polyval(np.polyder(told.middle), (told.left + told.right) / 2))
        if left == 0 or (abs(slope) < _LEVEL and _LIKE[0] < told.high / _CAPITAL < _LIKE[1]):
            break
        middle = tuple(frame @ ((told.left + told.right) / 2, told.y, 1))
        angle, height = angle + float(np.arctan(slope)), height * told.high / _CAPITAL
    zone = _group(sorted([*found, *rows], key=lambda row: row.y))
    return Zone(tuple(zone), frame / scale, _likeness(zone)) if zone else None


def _plausible(row: Row) -> bool:
    """Whether it is as long as a row of an MRZ can be."""
    return _LENGTHS[0] <= row.length <= _LENGTHS[1]


def _through(row: Row) -> bool:
    """Whether a row passes through the middle of its surroundings."""
    return abs(row.y - _BESIDE * _CAPITAL) < row.high


def _frame(
    shape: tuple[int, ...], middle: tuple[float, float], angle: float, height: float
) -> tuple[NDArray[np.float64], tuple[int, int]]:
    """From the straightened surroundings of a point to the level, and the size of those: within the level."""
    along, unit = np.array([np.cos(angle), np.sin(angle)]), height / _CAPITAL
    behind, ahead = -_AHEAD * height, _AHEAD * height
    for at, towards, end in zip(middle, along, (shape[1] - 1, shape[0] - 1), strict=True):
        if abs(towards) > 1e-3:
            first, second = sorted(((-at) / towards, (end - at) / towards))
            behind, ahead = max(behind, first), min(ahead, second)
    width, high = max(2, round((ahead - behind) / unit)), round(2 * _BESIDE * _CAPITAL)
    across = np.array([-along[1], along[0]])
    origin = np.array(middle) + behind * along - _BESIDE * height * across
    return np.column_stack([along * unit, across * unit, origin]), (width, high)


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Linked ink in level surroundings: `stats` and middles as of OpenCV's connected components."""

    labels: NDArray[np.int32]
    stats: NDArray[np.int32]
    middles: NDArray[np.float64]

    @classmethod
    def of(cls, around: _Grey) -> _Pieces:
        linked = cv2.morphologyEx(
            _without_edges(ink_of(around, _SHARE)), cv2.MORPH_CLOSE, np.ones((1, _LINK), np.uint8)
        )
        _count, labels, stats, middles = cv2.connectedComponentsWithStats(linked, connectivity=4)
        return cls(np.asarray(labels, np.int32), np.asarray(stats, np.int32), np.asarray(middles, np.float64))

    def chains(self) -> list[NDArray[np.intp]]:
        """Pieces that make up a row, the longest row first."""
        wide, high, area = (self.stats[:, at] for at in (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT, cv2.CC_STAT_AREA))
        thick = area / np.maximum(wide, 1)
        usable = (thick > _HIGH[0] * 0.6) & (thick < _HIGH[1]) & (high < _HIGH[1] + 0.1 * wide) & (high >= _HIGH[0])
        usable[0] = False
        chosen = np.flatnonzero(usable)
        if not len(chosen):
            return []
        slope = self._slope(int(chosen[np.argmax(wide[chosen])]))
        level = self.middles[chosen, 1] - slope * self.middles[chosen, 0]
        chains = [self._chain(chosen[line]) for line in _lines(level, high[chosen], wide[chosen])]
        long = [(self._ends(chain), chain) for chain in chains]
        long = [(ends, chain) for ends, chain in long if ends[1] - ends[0] >= _LEAST_WIDTH]
        return [chain for ends, chain in sorted(long, key=lambda one: one[0][0] - one[0][1])]

    def _slope(self, label: int) -> float:
        left, top, wide, high = self.stats[label][:4]
        mask = self.labels[top : top + high, left : left + wide] == label
        part = cv2.moments(mask.astype(np.uint8), True)
        return float(part["mu11"] / part["mu20"]) if part["mu20"] > 0 else 0.0

    def _ends(self, chain: NDArray[np.intp]) -> tuple[int, int]:
        left = self.stats[chain, cv2.CC_STAT_LEFT]
        return int(left.min()), int((left + self.stats[chain, cv2.CC_STAT_WIDTH]).max())

    def _chain(self, pieces: NDArray[np.intp]) -> NDArray[np.intp]:
        """The longest chain of these pieces with no wide gap."""
        ordered = pieces[np.argsort(self.stats[pieces, cv2.CC_STAT_LEFT])]
        start = self.stats[ordered, cv2.CC_STAT_LEFT]
        end = np.maximum.accumulate(start + self.stats[ordered, cv2.CC_STAT_WIDTH])
        cuts = np.flatnonzero(start[1:] - end[:-1] > _GAP * _CAPITAL) + 1
        return max(np.split(ordered, cuts), key=lambda chain: int(self.stats[chain, cv2.CC_STAT_WIDTH].sum()))

    def followed(self, chain: NDArray[np.intp]) -> Row | None:
        """The curve through the middle of a chain, and its height."""
        left, right = self._ends(chain)
        top = int(self.stats[chain, cv2.CC_STAT_TOP].min())
        bottom = int((self.stats[chain, cv2.CC_STAT_TOP] + self.stats[chain, cv2.CC_STAT_HEIGHT]).max())
        chosen = np.zeros(len(self.stats), np.float32)
        chosen[chain] = 1
        part = chosen[self.labels[top:bottom, left:right]]
        count = part.sum(axis=0)
        centre = np.arange(top + 0.5, bottom, dtype=np.float32) @ part / np.maximum(count, 1)
        x = np.arange(left + 0.5, right, dtype=np.float32)
        high = float(np.percentile(count[count > 0], 85))
        good = (count > 0.55 * high) & (count < 1.5 * high)
        tall = good & (count > 0.82 * high)
        if tall.sum() < 0.1 * len(x):
            return None
        return Row(left, right, _curve(x[good], centre[good], 2), _curve(x[tall], count[tall], 1))


def _without_edges(ink: _Grey) -> _Grey:
    """The ink without strokes that are higher or, being thin, longer than those of characters."""
    _count, labels, stats, _middles = cv2.connectedComponentsWithStats(ink, connectivity=8)
    wide, tall, area = (stats[:, at] for at in (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT, cv2.CC_STAT_AREA))
    kept = (tall < _TALL) | (area > _FULL * wide * tall)
    kept[0] = False
    ink = kept.astype(np.uint8)[labels]
    high = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((_TALL, 1), np.uint8))
    flat = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, _FLAT), np.uint8))
    thick = cv2.morphologyEx(flat, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    return np.asarray((ink > high) & (thick >= flat), np.uint8)


def _lines(level: NDArray[np.float64], high: NDArray[np.int32], wide: NDArray[np.int32]) -> list[NDArray[np.intp]]:
    """Pieces that lie on one line; the widest pieces found the lines."""
    left = np.ones(len(level), bool)
    lines = []
    for index in np.argsort(-wide):
        if left[index]:
            same = left & (np.abs(level - level[index]) < 0.5 * high[index])
            left &= ~same
            lines.append(np.flatnonzero(same))
    return lines


def _curve(x: _Floats, y: _Floats, power: int) -> _Floats:
    """Coefficients of a polynomial through points, fitted again without those far from it."""
    start, span = float(x.mean()), max(1.0, float(np.ptp(x)) / 2)
    powers = np.vander((x - start) / span, power + 1).astype(np.float64)
    fitted = _solved(powers, y)
    far = np.abs(y - powers @ fitted)
    near = far <= max(0.7, 2 * float(np.median(far)))
    fitted = _solved(powers[near], y[near])
    if power == 1:
        slope, level = fitted / (span, 1)
        return np.array([slope, level - slope * start], np.float32)
    bend, slope, level = fitted / (span**2, span, 1)
    return np.array([bend, slope - 2 * bend * start, level - slope * start + bend * start**2], np.float32)


def _solved(powers: NDArray[np.float64], y: _Floats) -> NDArray[np.float64]:
    """Least squares; a little is added so that points in one place are no error."""
    return np.asarray(np.linalg.solve(powers.T @ powers + 1e-6 * np.eye(powers.shape[1]), powers.T @ y))


def _group(rows: list[Row]) -> list[Row]:
    """The neighbouring rows of like length and ends with most length in all."""
    groups: list[list[Row]] = []
    for row in rows:
        if groups and _alike(groups[-1][-1], row):
            groups[-1].append(row)
        else:
            groups.append([row])
    return max((group for group in groups if len(group) > 1), key=_likeness, default=[])


def _alike(one: Row, other: Row) -> bool:
    high, length = (one.high + other.high) / 2, (one.right - one.left + other.right - other.left) / 2
    pitch = (other.y - one.y) / high
    ends = max(abs(one.left - other.left), abs(one.right - other.right)) / length
    return _PITCHES[0] < pitch < _PITCHES[1] and ends < _ENDS and 0.6 < one.high / other.high < 1.6


def _likeness(rows: list[Row]) -> float:
    return sum(sorted((row.length for row in rows), reverse=True)[:2])
