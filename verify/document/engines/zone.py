"""A zone: parallel rows of characters on a page, each along a curve, and how a row is cut out."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["ROW_HEIGHT", "Row", "Zone", "crop"]

ROW_HEIGHT = 32  # pixels of a cut row
_CAPITALS = 0.6  # of that height

_Grey = NDArray[np.uint8]
_Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Row:
    """A row in its straightened surroundings, in their pixels.

    Attributes:
        left, right: its ends.
        middle: coefficients of the curve of its middle, the highest power first.
        height: coefficients of the height of its capitals.
    """

    left: float
    right: float
    middle: _Floats
    height: _Floats

    @property
    def length(self) -> float:
        """In capitals."""
        return (self.right - self.left) / self.high

    @property
    def high(self) -> float:
        """The height of its capitals half way."""
        return float(np.polyval(self.height, (self.left + self.right) / 2))

    def moved(self, down: float) -> Row:
        """The same row at another place."""
        return Row(self.left, self.right, self.middle + np.array([0, 0, down], np.float32), self.height)

    @property
    def y(self) -> float:
        """Of its middle, half way."""
        return float(np.polyval(self.middle, (self.left + self.right) / 2))


@dataclass(frozen=True, slots=True)
class Zone:
    """Parallel rows of like length.

    Attributes:
        rows: from above, or from below where the page lies upside down.
        frame: 2 x 3, from their surroundings to the page.
        likeness: to an MRZ; the higher the likelier.
    """

    rows: tuple[Row, ...]
    frame: NDArray[np.float64]
    likeness: float

    def holds(self, x: float, y: float) -> bool:
        """Whether a point of the page lies within."""
        there = cv2.invertAffineTransform(self.frame) @ (x, y, 1)
        return any(
            row.left - row.high <= there[0] <= row.right + row.high and abs(there[1] - row.y) < row.high
            for row in self.rows
        )

    def like(self, other: Zone) -> bool:
        """Whether this is the other zone again."""
        (x, y), (other_x, other_y) = self.middle(), other.middle()
        apart = float(np.hypot(x - other_x, y - other_y))
        high, other_high = (zone.rows[0].high * zone.unit for zone in (self, other))
        return (
            len(self.rows) == len(other.rows)
            and apart < 0.5 * high + 0.05 * self.length
            and abs(np.log(self.length / other.length)) < 0.1
            and abs(np.log(high / other_high)) < 0.2
        )

    @property
    def unit(self) -> float:
        """Pixels of the page for one of the surroundings."""
        return float(np.linalg.norm(self.frame[:, 0]))

    @property
    def length(self) -> float:
        """Of its first row, in pixels of the page."""
        return (self.rows[0].right - self.rows[0].left) * self.unit

    def upside_down(self) -> Zone:
        """The same zone, read from the other side."""
        # the surroundings seen from the other side: x and y of a point change their signs
        rows = tuple(
            Row(
                -row.right,
                -row.left,
                np.asarray(-row.middle * (1, -1, 1), np.float32),
                np.asarray(row.height * (-1, 1), np.float32),
            )
            for row in reversed(self.rows)
        )
        return Zone(rows, self.frame * (-1, -1, 1), self.likeness)

    def extended(self) -> Zone:
        """The zone wider, with a row more above, below and in each wide gap: where something may have been missed."""
        wider = [Row(row.left - row.high, row.right + row.high, row.middle, row.height) for row in self.rows]
        steps = [below.y - above.y for above, below in itertools.pairwise(self.rows)]
        step = min(steps)
        rows = [wider[0].moved(-step)]
        for row, gap in zip(wider, [*steps, step], strict=True):
            rows += [row.moved(gap / round(gap / step) * number) for number in range(round(gap / step))]
        return Zone((*rows, wider[-1].moved(step)), self.frame, self.likeness)

    def middle(self) -> tuple[float, float]:
        """A point of the page in the middle of its first row."""
        row = self.rows[0]
        x, y = self.frame @ ((row.left + row.right) / 2, row.y, 1)
        return float(x), float(y)

    def quad(self) -> _Floats:
        """Corners on the page, 4 x 2, with a margin: upper left first, clockwise as the rows lie."""
        first, last = self.rows[0], self.rows[-1]
        left, right = min(row.left for row in self.rows), max(row.right for row in self.rows)
        corners = []
        for row, x, sign in ((first, left, -1), (first, right, -1), (last, right, 1), (last, left, 1)):
            side = -1 if x == left else 1
            corners.append((x + side * row.high, np.polyval(row.middle, x) + sign * row.high * 1.1, 1))
        return np.asarray(np.array(corners) @ self.frame.T, np.float32)


def crop(page: _Grey, zone: Zone, row: Row, *, share: float = _CAPITALS, shift: float = 0.0) -> _Grey:
    """A row cut out of the page, level and upright.

    Args:
        page: H x W, grey.
        zone: with the row.
        row: one of its rows.
        share: of the height of the crop that capitals take.
        shift: of the crop downwards, in capitals.

    Returns:
        32 x W.
    """
    left, right = min(one.left for one in zone.rows) - row.high, max(one.right for one in zone.rows) + row.high
    unit = row.high / (ROW_HEIGHT * share)  # of the surroundings' pixels for one of the crop
    x = np.arange(left, right, unit, dtype=np.float32)
    middle, high = np.polyval(row.middle, x), np.polyval(row.height, x)
    down = (np.arange(ROW_HEIGHT, dtype=np.float32) + 0.5) / ROW_HEIGHT - 0.5
    y = (middle + shift * high)[None] + down[:, None] * (high / share)[None]
    frame = zone.frame
    step = float(np.linalg.norm(frame[:, 0])) * unit  # of the page's pixels for one of the crop
    x_page = frame[0, 0] * x[None] + frame[0, 1] * y + frame[0, 2]
    y_page = frame[1, 0] * x[None] + frame[1, 1] * y + frame[1, 2]
    return _sampled(page, x_page, y_page, step)


def _sampled(page: _Grey, x: _Floats, y: _Floats, step: float) -> _Grey:
    """The page at these points; reduced first where they lie far apart."""
    low = np.floor([x.min() - 2, y.min() - 2]).astype(int).clip(0, (page.shape[1] - 1, page.shape[0] - 1))
    end = np.ceil([x.max() + 3, y.max() + 3]).astype(int).clip(low + 1, (page.shape[1], page.shape[0]))
    part, (x, y) = page[low[1] : end[1], low[0] : end[0]], (x - low[0], y - low[1])
    if step > 1.3:
        size = max(1, round(part.shape[1] / step)), max(1, round(part.shape[0] / step))
        fx, fy = size[0] / part.shape[1], size[1] / part.shape[0]
        part = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8)
        x, y = (x + 0.5) * fx - 0.5, (y + 0.5) * fy - 0.5
    return np.asarray(
        cv2.remap(part, x.astype(np.float32), y.astype(np.float32), cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE),
        np.uint8,
    )
