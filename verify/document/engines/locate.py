"""Where on a page rows of characters lie: at any angle, in any size, several documents on one sheet.

The page is looked at in a pyramid. On each level strokes of one size are linked to blobs wherever less than a
character's gap lies between them, which does not depend on the angle; an elongated blob is a seed. What is around it
is then straightened, and rows are looked for there (see `rows`). The cost is that of a page of 1000 pixels.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from verify.document.engines.ink import ink_of
from verify.document.engines.rows import rows_at
from verify.document.engines.zone import Zone

__all__ = ["Search", "Seed"]

_SIDE = (640, 1000)  # pixels of the longer side of the finest level: small pages are enlarged, at most fourfold
_MOST_SCALE = 4.0
_LEVELS = 3  # characters of 5 to 12 pixels are found on each, so of 5 to 48 in all
_LEAST_SIDE = 12  # pixels of a level
_REACHES = ((1.5, 0.5), (2.6, 0.72))  # pixels: half of the gaps that are closed; and share of the darkest strokes
_THICK = (5.0, 17.0)  # pixels of a row with what was closed
_OUTLINE = (40, 0.2)  # pixels of the narrower side of a figure, and the share of it that is ink
_LEAST_ASPECT = 4.0  # of a seed: about four characters
_MOST_SEEDS = 8  # a level
_LEAST_RANK = 8.0  # length in heights of a seed with that of its neighbour
_ALONE = 0.55  # of the page's longer side: a zone of that length fills it
_COARSE = 6.0  # pixels of a capital on a level, below which the rows are followed on the next finer one
_LEAST_HEIGHT = 2.5  # pixels of a capital on the level on which rows are followed
_SHORT = 0.4  # of the first seed's rank: once a zone was read, shorter seeds are not looked at

_Grey = NDArray[np.uint8]
_Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Seed:
    """A part of a row, in pixels of a level.

    Attributes:
        x, y: its middle.
        angle: of its direction in radians, -pi/2 to pi/2, clockwise from the right.
        length: along it.
        height: of its characters, about.
    """

    x: float
    y: float
    angle: float
    length: float
    height: float


class Search:
    """The search for zones of two or more rows of like length on one page, level by level from the coarsest.

    Each level is an iterator of its zones, the longest rows first. Lazily: who has found what was looked for stops
    asking, and the finer levels cost nothing. Who keeps a zone gets only zones elsewhere, around seeds like the best.
    """

    def __init__(self, page: _Grey) -> None:
        """Reduces the page.

        Args:
            page: H x W, grey.
        """
        side = max(page.shape)
        self._width, self._side = page.shape[1], side
        scale = min(_MOST_SCALE, min(max(side, _SIDE[0]), _SIDE[1]) / side)
        self._pyramid = [_scaled(page, scale)]
        while len(self._pyramid) < _LEVELS:
            self._pyramid.append(_scaled(self._pyramid[-1], 0.5))
        self._kept: list[Zone] = []
        self._given: list[Zone] = []

    def keep(self, zone: Zone) -> None:
        """Tells that a zone was what was looked for."""
        self._kept.append(zone)

    @property
    def complete(self) -> bool:
        """Whether a zone was kept, and those that were leave no room for another document beside theirs."""
        return bool(self._kept) and max(zone.length for zone in self._kept) > _ALONE * self._side

    def __iter__(self) -> Iterator[Iterator[Zone]]:
        for number in reversed(range(_LEVELS)):
            if min(self._pyramid[number].shape) >= _LEAST_SIDE:
                yield self._zones(number)

    def _zones(self, number: int) -> Iterator[Zone]:
        """Zones around the seeds of a level; what lies inside one that was kept is not looked at again."""
        tried = 0
        for rank, seed in _ranked(list(_seeds(self._pyramid[number]))):
            if tried == _MOST_SEEDS or (self._kept and rank < _SHORT):
                break
            scale = self._pyramid[number].shape[1] / self._width
            if any(zone.holds(seed.x / scale, seed.y / scale) for zone in self._kept):
                continue
            tried += 1
            zone = self._followed(number, seed)
            if zone is not None and not any(zone.like(other) for other in self._given):
                self._given.append(zone)
                yield zone

    def _followed(self, number: int, seed: Seed) -> Zone | None:
        """The zone of a seed; small rows are then followed on the next finer level, where their curves are truer."""
        zone = self._at(number, seed) if seed.height >= _LEAST_HEIGHT else None
        if number == 0 or seed.height >= _COARSE:
            return zone
        x, y, angle, high = (seed.x, seed.y, seed.angle, seed.height)
        if zone is not None:
            scale = self._pyramid[number].shape[1] / self._width
            x, y = (one * scale for one in zone.middle())
            angle, high = float(np.arctan2(zone.frame[1, 0], zone.frame[0, 0])), zone.rows[0].high * zone.unit * scale
        return self._at(number - 1, Seed(2 * x, 2 * y, angle, 2 * seed.length, 2 * high)) or zone

    def _at(self, number: int, seed: Seed) -> Zone | None:
        level = self._pyramid[number]
        return rows_at(level, level.shape[1] / self._width, (seed.x, seed.y), seed.angle, seed.height)


def _scaled(picture: _Grey, scale: float) -> _Grey:
    if scale == 1:
        return picture
    size = max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, size, interpolation=way), np.uint8)


def _seeds(level: _Grey) -> Iterator[Seed]:
    """The elongated blobs of a level."""
    for reach, share in _REACHES:
        away = cv2.distanceTransform(1 - _without_outlines(ink_of(level, share)), cv2.DIST_L2, 3)
        linked = np.asarray(np.asarray(away) <= reach, np.uint8)
        _count, labels, stats, _middles = cv2.connectedComponentsWithStats(linked, connectivity=4, ltype=cv2.CV_32S)
        diagonal = np.maximum(1, np.hypot(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]))
        thick = stats[:, cv2.CC_STAT_AREA] / diagonal
        likely = (thick > _THICK[0] * 0.6) & (thick < _THICK[1] * 1.2) & (diagonal > _LEAST_ASPECT * thick)
        likely[0] = False
        for label in np.flatnonzero(likely):
            left, top, width, height, area = stats[label]
            mask = np.asarray(labels)[top : top + height, left : left + width] == label
            moments = cv2.moments(mask.astype(np.uint8), True)
            seed = _elongated(moments, float(area))
            if seed is not None:
                x, y, angle, length, across = seed
                yield Seed(left + x, top + y, angle, length, across - 2 * reach)


def _without_outlines(ink: _Grey) -> _Grey:
    """The ink without large thin figures around nothing: frames, drawn circles, edges of cards."""
    _count, labels, stats, _middles = cv2.connectedComponentsWithStats(ink, connectivity=8, ltype=cv2.CV_32S)
    wide, high, area = (stats[:, at] for at in (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT, cv2.CC_STAT_AREA))
    outline = (np.minimum(wide, high) > _OUTLINE[0]) & (area < _OUTLINE[1] * wide * high)
    return np.asarray((~outline).astype(np.uint8)[labels] & ink, np.uint8)


def _elongated(moments: dict[str, float], area: float) -> tuple[float, float, float, float, float] | None:
    """Middle, direction, length and thickness of a blob; None when it is not like a filled bar."""
    xx, yy, xy = (moments[name] / area for name in ("mu20", "mu02", "mu11"))
    half, lean = (xx + yy) / 2, float(np.hypot((xx - yy) / 2, xy))
    length, thick = float(np.sqrt(12 * (half + lean))), float(np.sqrt(12 * max(half - lean, 1 / 12)))
    full = area / (length * thick)
    if not (_THICK[0] < thick < _THICK[1] and length > _LEAST_ASPECT * thick and 0.7 < full < 1.25):
        return None
    angle = 0.5 * float(np.arctan2(2 * xy, xx - yy))
    return moments["m10"] / area, moments["m01"] / area, angle, length, thick


def _ranked(seeds: list[Seed]) -> list[tuple[float, Seed]]:
    """Long seeds first, those with a parallel neighbour at a line's distance before those without.

    Each with its rank, of which the first has 1; short ones without such a neighbour are left out.
    """
    if not seeds:
        return []
    x, y, angle, length, height = (
        np.array([getattr(seed, name) for seed in seeds]) for name in ("x", "y", "angle", "length", "height")
    )
    across = -(x[None] - x[:, None]) * np.sin(angle)[:, None] + (y[None] - y[:, None]) * np.cos(angle)[:, None]
    along = (x[None] - x[:, None]) * np.cos(angle)[:, None] + (y[None] - y[:, None]) * np.sin(angle)[:, None]
    turned = np.abs((angle[None] - angle[:, None] + np.pi / 2) % np.pi - np.pi / 2)
    lines = np.abs(across) / np.maximum(height, 1)[:, None]
    beside = np.abs(along) < (length[None] + length[:, None]) / 2
    near = (lines > 1.1) & (lines < 5) & beside & (turned < 0.07)
    partner = np.where(near, np.minimum(length[None], length[:, None]), 0).max(axis=1)
    rank = (length + partner) / np.maximum(height, 1)
    return [(float(rank[index] / rank.max()), seeds[index]) for index in np.argsort(-rank) if rank[index] > _LEAST_RANK]
