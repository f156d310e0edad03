"""What the network reads of rows whose text is known."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from mrz_training.render import Renderer
from verify.document.engines.recogniser import greedy, normalised
from verify.runtime import Session

__all__ = ["Figures", "Rows", "measured", "read_labels", "report", "synthetic"]

Rows = list[tuple[NDArray[np.uint8], str]]


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured.

    Attributes:
        readings: (number of the row, text, what was read) of each row.
        milliseconds: CPU time per 800 pixels of width, scaled to the network's height.
    """

    readings: tuple[tuple[int, str, str], ...]
    milliseconds: float

    @property
    def exact(self) -> float:
        """Rows read without a slip."""
        return sum(text == read for _row, text, read in self.readings) / len(self.readings)

    @property
    def character_errors(self) -> float:
        """Characters wrong, missing or too many, by characters."""
        wrong = sum(_edits(text, read) for _row, text, read in self.readings)
        return wrong / max(1, sum(len(text) for _row, text, _read in self.readings))


def synthetic(count: int, seed: int = 77) -> Rows:
    """Rendered rows that training does not see."""
    renderer = Renderer(seed)
    return [renderer.row(480) for _ in range(count)]


def read_labels(labels: Path) -> Rows:
    """The rows of a labels.jsonl: those of kind "line", with their pictures beside the file."""
    found: Rows = []
    for text in labels.read_text(encoding="utf-8").splitlines():
        entry = json.loads(text)
        if entry["kind"] == "line":
            picture = cv2.imread(str(labels.parent / entry["path"]), cv2.IMREAD_GRAYSCALE)
            if picture is None:
                raise SystemExit(f"{entry['path']}: no picture")
            found.append((np.asarray(picture, np.uint8), entry["lines"][0]))
    return found


def measured(session: Session, rows: Rows) -> Figures:
    """Reads each row by the best path."""
    readings, spent, pixels = [], 0.0, 0
    for index, (row, text) in enumerate(rows):
        image = normalised(row)[None, None]
        image = np.pad(image, ((0, 0), (0, 0), (0, 0), (0, -image.shape[3] % 4)), mode="edge")
        begun = time.process_time()
        posteriors = session.run(image)[0][0]
        spent += time.process_time() - begun
        pixels += image.shape[3]
        readings.append((index, text, greedy(posteriors)))
    return Figures(tuple(readings), 1000 * spent * 800 / pixels)


def report(figures: Figures, *, every: bool = False) -> str:
    """The figures as text, and each row that was read otherwise if asked for."""
    head = (
        f"{len(figures.readings)} rows, exact {figures.exact:.4f}, "
        f"character error rate {figures.character_errors:.4f}, {figures.milliseconds:.2f} CPU-ms per 800 pixels"
    )
    wrong = [f"{row:4d} {text}\n     {read}" for row, text, read in figures.readings if text != read]
    return "\n".join([*wrong, head] if every else [head])


def _edits(text: str, read: str) -> int:
    """Levenshtein's count."""
    row = np.arange(len(read) + 1)
    for one in text:
        before, row = row, np.empty_like(row)
        row[0] = before[0] + 1
        for index, other in enumerate(read):
            row[index + 1] = min(row[index] + 1, before[index + 1] + 1, before[index] + (one != other))
    return int(row[-1])
