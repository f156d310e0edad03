"""Letter shapes as signed distances, so that stroke weight, wear and dots are arithmetic.

The unit of everything here is the height of a capital: glyphs are drawn CAP pixels high from OCR-B (Debian's
fonts-ocr-b) and, for the documents that print in another monospaced face, from Liberation Mono and DejaVu Sans Mono.
A *cut* is one face with its shapes changed a little, letter by letter, as the cuts of different foundries differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from mrz_training.texts import CHARACTERS

__all__ = ["CAP", "CELL", "FACES", "Cut", "draw_cut", "face"]

CAP = 32  # pixels of a capital's height
CELL = (56, 48)  # rows and columns of a glyph's cell; the capital stands in the middle
FACES = {
    "OCRB": "/usr/share/fonts/opentype/ocr-b/OCRB.otf",
    "OCRBS": "/usr/share/fonts/opentype/ocr-b/OCRBS.otf",
    "LiberationMono": "/usr/share/fonts/truetype/liberation/LiberationMono-Regular.ttf",
    "LiberationMonoBold": "/usr/share/fonts/truetype/liberation/LiberationMono-Bold.ttf",
    "DejaVuSansMono": "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf",
}
_Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Cut:
    """The shapes of one face.

    Attributes:
        distances: characters x CELL; distance to the outline in heights of a capital, inside positive.
        pitch: advance of a character in heights of a capital.
    """

    distances: _Floats
    pitch: float


@cache
def face(path: str) -> Cut:
    """A face as its designer drew it.

    Raises:
        OSError: the font is not installed; the message says which.
    """
    if not Path(path).is_file():
        raise OSError(f"{path}: not there. On Debian: apt-get install fonts-ocr-b fonts-liberation fonts-dejavu-core")
    probe = ImageFont.truetype(path, 1000)
    top, bottom = probe.getbbox("H", anchor="ls")[1::2]
    font = ImageFont.truetype(path, round(1000 * CAP * 4 / (bottom - top)))
    advance = font.getlength("0")
    rows, columns = CELL[0] * 4, CELL[1] * 4
    cells = []
    for one in CHARACTERS:
        image = Image.new("L", (columns, rows), 0)
        at = ((columns - advance) / 2, (rows + CAP * 4) / 2)
        ImageDraw.Draw(image).text(at, one, fill=255, font=font, anchor="ls")
        ink = (np.asarray(image) > 127).astype(np.uint8)
        inside = cv2.distanceTransform(ink, cv2.DIST_L2, 5)
        outside = cv2.distanceTransform(1 - ink, cv2.DIST_L2, 5)
        signed = np.clip((inside - outside) / (4 * CAP), -0.3, 0.3).astype(np.float32)
        cells.append(cv2.resize(signed, (CELL[1], CELL[0]), interpolation=cv2.INTER_AREA))
    return Cut(np.stack(cells), advance / (4 * CAP))


def draw_cut(rng: np.random.Generator) -> Cut:
    """A face, its letters bent and scaled a little, each in its own way; eight of ten are OCR-B."""
    name = str(rng.choice(list(FACES), p=[0.6, 0.24, 0.06, 0.04, 0.06]))
    plain = face(FACES[name])
    digits = float(np.clip(rng.normal(0.985, 0.02), 0.93, 1.04))  # in print they are 1.04 to 1.095 capitals high
    bend = rng.uniform(0, 0.026) * CAP
    return Cut(
        np.stack([_bent(rng, one, bend, digits if index < 10 else 1.0) for index, one in enumerate(plain.distances)]),
        plain.pitch,
    )


def _bent(rng: np.random.Generator, cell: _Floats, bend: float, height: float) -> _Floats:
    rows, columns = CELL
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    wide, high = rng.normal(1, 0.03), rng.normal(1, 0.013) * height
    knots = rng.normal(0, bend, (2, 5, 4)).astype(np.float32)
    dx, dy = (cv2.resize(one, (columns, rows), interpolation=cv2.INTER_CUBIC) for one in knots)
    map_x = (x - columns / 2) / wide + columns / 2 + dx
    foot = (rows + CAP) / 2  # letters stand on the line
    map_y = (y - foot) / high + foot + dy
    return np.asarray(
        cv2.remap(
            cell, map_x.astype(np.float32), map_y.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
    )
