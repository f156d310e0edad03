"""Rows of an MRZ as a locator would cut them from a page: printed, photographed, found, cut.

The print: a cut of the face, stroke weight, wear, dot matrix, laser raster, neighbouring rows. Then the paper and the
camera (`mrz_training.page`). Then the cut: 32 pixels high, capitals near 0.6 of the height, now and then thresholded.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from mrz_training.glyphs import CAP, CELL, Cut, draw_cut
from mrz_training.page import photograph
from mrz_training.texts import CHARACTERS, draw_text

__all__ = ["HEIGHT", "Renderer"]

HEIGHT = 32  # pixels of a cut row
_CAP = 24  # pixels of a capital on the print
_Floats = NDArray[np.float32]
_Grey = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class _Style:
    cut: Cut
    wide: float  # letters narrower or wider
    pitch: float  # pixels of the print from one character to the next
    rows: float  # pixels of the print from one row to the next
    weight: float
    ragged: float
    worn: float
    raster: str


class Renderer:
    """Draws rows; the same seed draws the same rows."""

    def __init__(self, seed: int | list[int], *, cuts: int = 12) -> None:
        """Prepares some cuts of the faces; one of them is renewed every forty rows."""
        self.rng = np.random.default_rng(seed)
        self._cuts = [draw_cut(self.rng) for _ in range(cuts)]
        self._drawn = 0

    def row(self, width: int) -> tuple[_Grey, str]:
        """A row and its text; its width is near the one asked for, in pixels. One of fifty has no text."""
        rng = self.rng
        self._drawn += 1
        if self._drawn % 40 == 0:
            self._cuts[rng.integers(len(self._cuts))] = draw_cut(rng)
        style = self._style()
        share = float(np.clip(rng.normal(0.6, 0.07), 0.44, 0.8))  # of the cut's height that a capital takes
        scale = HEIGHT * share / _CAP
        count = int(np.clip(round(width / (style.pitch * scale)) - 1, 3, 46))
        text = "" if rng.random() < 0.02 else draw_text(rng, count)
        ink, middle, left = self._print(style, text, count)
        ink, ends = _tilted(rng, ink, middle, left, style.pitch * count)
        binary = bool(rng.random() < 0.2)
        cap = self._cap()
        harm = float(rng.random()) * (0.4 if binary else 1.0)
        ratio = cap / _CAP
        size = (max(8, round(ink.shape[1] * ratio)), max(8, round(ink.shape[0] * ratio)))
        small = cv2.resize(ink, size, interpolation=cv2.INTER_AREA if ratio < 1 else cv2.INTER_LINEAR)
        page = photograph(rng, np.asarray(small), cap, harm)
        row = self._cut(
            page, middle * ratio, (ends[0] * ratio, ends[1] * ratio), cap / share, style.pitch * ratio, binary
        )
        return row, text

    def _cap(self) -> float:
        """Height of a capital on the page, in pixels; half the rows are small."""
        least, most = ((3.8, 5.5), (5.5, 9.0), (9.0, 34.0))[self.rng.choice(3, p=[0.14, 0.36, 0.5])]
        return float(np.exp(self.rng.uniform(np.log(least), np.log(most))))

    def _style(self) -> _Style:
        rng = self.rng
        cut = self._cuts[rng.integers(len(self._cuts))]
        wide = float(np.clip(np.exp(rng.normal(0, 0.11)), 0.72, 1.35))
        loose = float(np.exp(rng.normal(0.03, 0.08)))
        pitch = float(np.clip(cut.pitch * loose, 0.78, 1.35)) * wide
        return _Style(
            cut=cut,
            wide=wide,
            pitch=max(pitch, 0.6) * _CAP,
            rows=float(rng.uniform(1.4, 2.3)) * _CAP,
            weight=float(rng.choice([rng.normal(0, 0.015), rng.uniform(-0.035, 0.06)])),
            ragged=float(rng.choice([0, rng.uniform(0, 0.04)], p=[0.6, 0.4])),
            worn=float(rng.choice([0, rng.uniform(0.1, 0.9)], p=[0.8, 0.2])),
            raster=str(rng.choice(["", "dots", "laser"], p=[0.84, 0.08, 0.08])),
        )

    def _print(self, style: _Style, text: str, count: int) -> tuple[_Floats, float, float]:
        """Ink 0 to 1, the row's middle and its left end, in pixels of the print."""
        rng = self.rng
        left = 2 * style.pitch
        height, width = int(2.9 * _CAP), int(left * 2 + style.pitch * count)
        middle = height / 2
        distance = np.full((height, width), -0.3, np.float32)
        self._write(distance, style, text, left, middle)
        for side in (-1, 1):
            if rng.random() < 0.6 and style.rows < 1.9 * _CAP:  # farther rows would not be seen
                self._write(distance, style, draw_text(rng, count), left, middle + side * style.rows)
        noise = _smooth_noise(rng, distance.shape, float(rng.uniform(1, 3))) * style.ragged
        drift = _smooth_noise(rng, distance.shape, 40) * 0.012
        soft = float(rng.uniform(0.02, 0.05))
        ink = np.clip((distance + style.weight + noise + drift) / soft + 0.5, 0, 1)
        if style.worn:
            patches = _smooth_noise(rng, distance.shape, float(rng.uniform(1.5, 8)))
            ink *= 1 - style.worn * np.clip(patches * 1.5 - float(rng.uniform(-0.3, 1)), 0, 1)
        return np.asarray(ink * _raster(rng, style, ink.shape), np.float32), middle, left

    def _write(self, distance: _Floats, style: _Style, text: str, left: float, middle: float) -> None:
        rng = self.rng
        unit = _CAP / CAP
        rows, columns = int(CELL[0] * unit) + 2, int(CELL[1] * unit * style.wide) + 2
        shaky = float(rng.choice([0.006, 0.03])) * _CAP
        chance = rng.standard_normal((len(text), 5)) * (shaky, shaky, 0.02, 0.015, 0.01)
        for index, (one, (dx, dy, lean, wider, higher)) in enumerate(zip(text, chance.tolist(), strict=True)):
            x, y = left + (index + 0.5) * style.pitch + dx, middle + dy
            column, row = int(x - columns / 2), int(y - rows / 2)
            wide, high = unit * style.wide * (1 + wider), unit * (1 + higher)
            across = x - column - wide * CELL[1] / 2 - lean * CELL[0] / 2
            matrix = np.array([[wide, lean, across], [0, high, y - row - high * CELL[0] / 2]])
            glyph = cv2.warpAffine(
                style.cut.distances[CHARACTERS.index(one)], matrix, (columns, rows), borderValue=-0.3
            )
            _lay(distance, np.asarray(glyph), column, row)

    def _cut(
        self, page: _Grey, middle: float, ends: tuple[float, float], height: float, pitch: float, binary: bool
    ) -> _Grey:
        """The row as a locator cuts it, HEIGHT pixels high."""
        rng = self.rng
        middle += float(np.clip(rng.normal(0, 0.05), -0.12, 0.12)) * height
        left = ends[0] - pitch * float(rng.choice([rng.uniform(-0.14, 0.4), rng.uniform(0.1, 1.7)]))
        right = ends[1] + pitch * float(rng.choice([rng.uniform(-0.14, 0.4), rng.uniform(0.1, 1.7)]))
        rows = int(rng.integers(50, 62)) if binary else HEIGHT
        scale = rows / height
        columns = max(12, round((right - left) * scale))
        if scale < 0.7:  # reduced: by areas, as the recogniser does
            page = np.asarray(cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
            left, middle, scale = left * scale, middle * scale, 1.0
        matrix = np.array([[scale, 0, -left * scale], [0, scale, rows / 2 - middle * scale]])
        how = (cv2.INTER_LINEAR, cv2.INTER_CUBIC)[rng.integers(2)]
        row = np.asarray(cv2.warpAffine(page, matrix, (columns, rows), flags=how, borderMode=cv2.BORDER_REPLICATE))
        if binary:
            row = _thresholded(rng, row)
            row = np.asarray(
                cv2.resize(row, (max(8, round(columns * HEIGHT / rows)), HEIGHT), interpolation=cv2.INTER_AREA)
            )
        return row


def _thresholded(rng: np.random.Generator, row: _Grey) -> _Grey:
    if rng.random() < 0.5:
        row = np.asarray(cv2.GaussianBlur(row, (0, 0), float(rng.uniform(0.6, 2))))
    elif rng.random() < 0.3:  # grain that becomes specks, mostly in places
        grain = rng.standard_normal(row.shape, np.float32) * np.clip(_smooth_noise(rng, row.shape, 40) + 0.3, 0, 2)
        row = np.clip(row + float(rng.uniform(5, 35)) * grain, 0, 255).astype(np.uint8)
    if rng.random() < 0.4:
        block = int(rng.integers(20, 50)) | 1
        less = float(rng.uniform(4, 15))
        binary = cv2.adaptiveThreshold(row, 255, cv2.ADAPTIVE_THRESH_GAUSSIAN_C, cv2.THRESH_BINARY, block, less)
        if np.mean(binary) < 0.97 * 255:  # pale print would be lost
            return np.asarray(binary, np.uint8)
    level, _row = cv2.threshold(row, 0, 255, cv2.THRESH_OTSU)
    return np.where(row > level + rng.normal(0, 8), 255, 0).astype(np.uint8)


def _tilted(
    rng: np.random.Generator, ink: _Floats, middle: float, left: float, length: float
) -> tuple[_Floats, tuple[float, float]]:
    """Turn, shear and keystone; the middle of the row stays where it is. Returns the ink and the row's ends."""
    turn = float(np.clip(rng.normal(0, 0.012), -0.04, 0.04)) * min(1.0, 12 * _CAP / length)
    shear = float(rng.normal(0, 0.05))
    keystone = float(rng.choice([rng.normal(0, 0.03), rng.uniform(-0.55, 0.55)], p=[0.85, 0.15])) / length
    centre = np.array([[1, 0, left + length / 2], [0, 1, middle], [0, 0, 1]])
    tilt = np.array([[1, -shear, 0], [turn, 1, 0], [keystone, 0, 1]])
    matrix = centre @ tilt @ np.linalg.inv(centre)
    ends = matrix @ np.array([[left, left + length], [middle, middle], [1, 1]])
    first, last = float(ends[0, 0] / ends[2, 0]), float(ends[0, 1] / ends[2, 1])
    matrix = np.array([[1, 0, left - first], [0, 1, 0], [0, 0, 1]]) @ matrix
    tilted = cv2.warpPerspective(ink, matrix, (int(last - first + 2 * left), ink.shape[0]), flags=cv2.INTER_LINEAR)
    return np.asarray(tilted), (left, left + last - first)


def _lay(distance: _Floats, glyph: _Floats, column: int, row: int) -> None:
    rows, columns = distance.shape
    top, bottom, left, right = (
        max(row, 0),
        min(row + glyph.shape[0], rows),
        max(column, 0),
        min(column + glyph.shape[1], columns),
    )
    if top < bottom and left < right:
        part = distance[top:bottom, left:right]
        np.maximum(part, glyph[top - row : bottom - row, left - column : right - column], out=part)


def _raster(rng: np.random.Generator, style: _Style, shape: tuple[int, ...]) -> _Floats | float:
    if not style.raster:
        return 1.0
    step = _CAP / float(rng.uniform(7, 10))
    y, x = np.arange(shape[0])[:, None], np.arange(shape[1])[None]
    down = np.cos(2 * np.pi * y / step + rng.uniform(0, 6))
    if style.raster == "laser":
        return np.asarray(np.clip(1 - rng.uniform(0.2, 0.8) * (down > rng.uniform(-0.2, 0.6)), 0, 1), np.float32)
    across = np.cos(2 * np.pi * x / (step * style.wide) + rng.uniform(0, 6))
    return np.asarray(np.clip((down + across) / 2 * rng.uniform(1, 3) + rng.uniform(0.5, 1.2), 0, 1), np.float32)


def _smooth_noise(rng: np.random.Generator, shape: tuple[int, ...], grain: float) -> _Floats:
    """Noise of deviation about 1 whose grains are that many pixels wide."""
    rows, columns = (max(2, int(size / grain) + 2) for size in shape[:2])
    coarse = rng.standard_normal((rows, columns), np.float32)
    return np.asarray(cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR))
