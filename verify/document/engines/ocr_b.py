"""Characters of an MRZ line compared with the shapes of OCR-B (ISO 1073-2), cell by cell.

OCR-B is monospaced and no position of an MRZ line is blank, so a line is a grid: its ends and its number of characters
give the cells. Each cell is compared with 37 shapes by normalised correlation; a quadratic fit of the best shifts then
takes up what is left of slant and perspective. `ocr_b.png` holds the shapes, rendered from the OCR-B font that the
samples use (samples/fonts; a test renders them anew).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["CHARACTERS", "PITCH", "ROW_HEIGHT", "Line", "read_line"]

CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"
PITCH = 24  # pixels of a cell, across
ROW_HEIGHT = 36  # and down: capitals are 24 high
_LENGTHS = (30, 36, 44)
_INK_SPAN = 0.62  # of the pitch: a character's ink, so N characters span N - 1 + 0.62 pitches
_MARGIN = 8
_Grey = NDArray[np.uint8]
_Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Line:
    """A line as recognised.

    Attributes:
        text: one character a cell.
        scores: correlation with the best shape, -1 to 1, of each cell.
        margins: by how much the best shape leads the second.
    """

    text: str
    scores: _Floats
    margins: _Floats

    @property
    def quality(self) -> float:
        """The mean correlation."""
        return float(self.scores.mean())


def read_line(ink: _Floats, top: float, bottom: float, left: float, right: float) -> Line:
    """Recognises one line.

    Args:
        ink: H x W, ink is high; the line is level to about one degree.
        top: of the capitals, in pixels.
        bottom: of the capitals.
        left: where the ink of the line begins.
        right: where it ends.

    Returns:
        The line with the number of cells (30, 36 or 44) that fits best.
    """
    lines = [
        _read(ink, (top + bottom) / 2, left, (right - left) / (count - 1 + _INK_SPAN), count)
        for count in _plausible(top, bottom, left, right)
    ]
    return max(lines, key=lambda line: line.quality)


def _plausible(top: float, bottom: float, left: float, right: float) -> list[int]:
    """Counts whose pitch goes with the height: in OCR-B the pitch is about the height of a capital."""
    height = bottom - top
    ranked = sorted(_LENGTHS, key=lambda count: abs(np.log((right - left) / (count - 0.4) / height)))
    return ranked[:2]


def _read(ink: _Floats, middle: float, left: float, pitch: float, count: int) -> Line:
    first = left + pitch * _INK_SPAN / 2
    xs = (first + pitch * np.arange(count)).astype(np.float32)
    ys = np.full(count, middle, np.float32)
    unit = pitch / PITCH
    for reach, step in (((8, 8), 2), ((3, 3), 1)):
        scores, shifts = _compare(ink, xs, ys, unit, reach, step)
        best = scores.max(axis=2)  # count x shifts
        chosen = best.argmax(axis=1)
        weight = np.clip(best.max(axis=1), 0.05, 1) ** 2
        dx, dy = shifts[chosen, 0] * unit, shifts[chosen, 1] * unit
        xs, ys = _smooth(xs, xs + dx, weight), _smooth(xs, ys + dy, weight)
    scores, _shifts = _compare(ink, xs, ys, unit, (2, 0), 1)  # no way up or down: a 0 is taller than an O
    by_shape = scores.max(axis=1)
    order = np.sort(by_shape, axis=1)
    text = "".join(CHARACTERS[index] for index in by_shape.argmax(axis=1))
    return Line(text, order[:, -1], order[:, -1] - order[:, -2])


def _smooth(at: _Floats, values: _Floats, weight: _Floats) -> _Floats:
    """The values replaced by a quadratic through them, fitted twice so that outliers drop out."""
    x = (at - at.mean()) / (np.ptp(at) / 2)
    fitted = np.polyval(np.polyfit(x, values, 2, w=weight), x)
    far = np.abs(values - fitted)
    keep = far <= max(1.0, 2.0 * float(np.median(far)))
    return np.polyval(np.polyfit(x[keep], values[keep], 2, w=weight[keep]), x).astype(np.float32)


def _compare(
    ink: _Floats, xs: _Floats, ys: _Floats, unit: float, reach: tuple[int, int], step: int
) -> tuple[_Floats, _Floats]:
    """Correlations of each cell at each shift with each shape.

    Returns:
        cells x shifts x shapes, and shifts x 2 (right, down) in pixels of the shapes.
    """
    width, height = PITCH + 2 * _MARGIN, ROW_HEIGHT + 2 * _MARGIN
    grid_x, grid_y = np.meshgrid(np.arange(width) - (width - 1) / 2, np.arange(height) - (height - 1) / 2)
    map_x = (xs[:, None, None] + unit * grid_x[None]).reshape(-1, width).astype(np.float32)
    map_y = (ys[:, None, None] + unit * grid_y[None]).reshape(-1, width).astype(np.float32)
    warped = cv2.remap(ink, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    cells = np.asarray(warped, np.float32).reshape(-1, height, width)
    across, down = (range(-most, most + 1, step) for most in reach)
    shifts = np.array([(dx, dy) for dy in down for dx in across], np.float32)
    patches = np.stack(
        [
            cells[:, _MARGIN + dy : _MARGIN + dy + ROW_HEIGHT, _MARGIN + dx : _MARGIN + dx + PITCH].reshape(len(xs), -1)
            for dx, dy in shifts.astype(int)
        ],
        axis=1,
    )
    return _normalised(patches) @ _shapes().T, shifts


def _normalised(vectors: _Floats) -> _Floats:
    centred = vectors - vectors.mean(axis=-1, keepdims=True)
    length = np.linalg.norm(centred, axis=-1, keepdims=True)
    return np.asarray(centred / np.maximum(length, 1e-6), np.float32)


@cache
def _shapes() -> _Floats:
    data = np.frombuffer(files("verify.document.engines").joinpath("ocr_b.png").read_bytes(), np.uint8)
    sheet = np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.float32)
    sheet = np.asarray(cv2.GaussianBlur(255 - sheet, (0, 0), 0.8), np.float32)
    cells = sheet.reshape(ROW_HEIGHT, len(CHARACTERS), PITCH).transpose(1, 0, 2)
    return _normalised(cells.reshape(len(CHARACTERS), -1).astype(np.float32))
