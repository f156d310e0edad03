"""What stands between the print and the picture: paper, security print, light, lens, sensor, compression."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["photograph"]

_Floats = NDArray[np.float32]
_Grey = NDArray[np.uint8]


def photograph(rng: np.random.Generator, ink: _Floats, cap: float, harm: float) -> _Grey:
    """The picture of a print.

    Args:
        rng: where chance comes from.
        ink: H x W, 0 to 1, in pixels of the picture.
        cap: height of a capital in pixels.
        harm: 0 to 1, how much of what can go wrong does.
    """
    paper = _paper(rng, ink.shape, cap, harm)
    black = rng.uniform(0.0, 0.35) if rng.random() < 0.85 else rng.uniform(0.3, 0.5)
    strength = rng.uniform(0.75, 1)
    picture = paper * (1 - strength * ink) + strength * ink * np.minimum(black, paper * 0.8)
    picture = _lens(rng, picture, cap, harm)
    picture = _light(rng, picture, harm)
    if rng.random() < harm:
        picture += rng.standard_normal(picture.shape, np.float32) * float(rng.uniform(0, 0.08) * picture.std() * 4)
    grey = np.clip(picture * 255, 0, 255).astype(np.uint8)
    if rng.random() < 0.55:
        grey = _compressed(grey, int(rng.integers(18, 92)))
    if rng.random() < 0.25 * harm:  # a thumbnail that was enlarged, or a picture reduced once more
        factor = rng.uniform(0.55, 1.0) if cap > 9 else rng.uniform(1.2, 2.0)
        grey = np.asarray(
            cv2.resize(
                grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
            )
        )
        if rng.random() < 0.5:
            grey = _compressed(grey, int(rng.integers(25, 92)))
        grey = np.asarray(cv2.resize(grey, ink.shape[::-1], interpolation=cv2.INTER_LINEAR))
    return grey


def _paper(rng: np.random.Generator, shape: tuple[int, ...], cap: float, harm: float) -> _Floats:
    rows, columns = shape
    y, x = np.arange(rows, dtype=np.float32)[:, None] / cap, np.arange(columns, dtype=np.float32)[None] / cap
    paper = np.full((rows, columns), rng.uniform(0.6, 1), np.float32)
    if rng.random() < harm:  # guilloche
        for _ in range(int(rng.integers(1, 4))):
            paper += _guilloche(rng, x, y) * (0.3 + 0.7 * harm)
    if rng.random() < 0.7 * harm:  # a photograph or tint under the print
        for grain in (rng.uniform(0.3, 1), rng.uniform(1, 6)):
            paper += _cloud(rng, paper.shape, grain * cap) * rng.uniform(0, 0.09)
    if rng.random() < 0.4 * harm:  # large letters, emblems, edges of card and portrait
        paper = _shapes(rng, paper, cap)
    return np.clip(paper, 0.05, 1)


def _guilloche(rng: np.random.Generator, x: _Floats, y: _Floats) -> _Floats:
    slope, bend, wave = rng.normal(0, 1.5), rng.uniform(0, 1.5), rng.uniform(0.2, 1.5)
    phase = rng.uniform(2, 14) * (y + slope * x * 0.3 + bend * np.sin(wave * x + rng.uniform(0, 6))) + rng.uniform(0, 6)
    return np.asarray(rng.uniform(0.02, 0.14) * np.clip(np.sin(phase) * rng.uniform(1, 3), -1, 1), np.float32)


def _cloud(rng: np.random.Generator, shape: tuple[int, ...], grain: float) -> _Floats:
    coarse = rng.standard_normal([max(2, int(size / grain) + 2) for size in shape], np.float32)
    return np.asarray(cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC))


def _shapes(rng: np.random.Generator, paper: _Floats, cap: float) -> _Floats:
    rows, columns = paper.shape
    for _ in range(int(rng.integers(1, 4))):
        shade = float(paper.mean()) * float(rng.uniform(0.55, 1.15))
        drawn = paper.copy()
        kind = rng.integers(4)
        at = (int(rng.uniform(-0.1, 1) * columns), int(rng.uniform(0, 1) * rows))
        width = max(1, int(rng.uniform(0.05, 0.4) * cap))
        if kind == 0:
            word = "".join(chr(one) for one in rng.integers(65, 91, 6))
            cv2.putText(drawn, word, at, cv2.FONT_HERSHEY_DUPLEX, float(rng.uniform(1, 4)) * cap / 22, shade, width)
        elif kind == 1:
            cv2.circle(drawn, at, int(rng.uniform(0.5, 5) * cap), shade, width)
        elif kind == 2:
            to = (int(rng.uniform(0, 1) * columns), int(rng.uniform(0, 1) * rows))
            cv2.line(drawn, at, to, shade, width)
        else:  # the dark beyond an edge, at one end or along the top or bottom
            dark = float(rng.uniform(0, 1))
            end = int(rng.uniform(0, 1.6) * cap)
            if rng.random() < 0.5:
                drawn[:, :end] = dark
            elif rng.random() < 0.5:
                drawn[:, max(0, columns - end) :] = dark
            elif rng.random() < 0.5:
                drawn[: int(rng.uniform(0.05, 0.33) * rows)] = dark
            else:
                drawn[int(rng.uniform(0.67, 0.95) * rows) :] = dark
        paper = drawn
    return paper


def _lens(rng: np.random.Generator, picture: _Floats, cap: float, harm: float) -> _Floats:
    if rng.random() < 0.5 + 0.4 * harm:
        spread = rng.uniform(0.2, 0.6) if rng.random() < 0.5 else rng.uniform(0.03, 0.17) * cap
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), max(0.2, float(spread))))
    if rng.random() < 0.15 * harm:
        length = max(2, int(rng.uniform(0.1, 0.35) * cap))
        picture = np.asarray(cv2.blur(picture, (length, 1) if rng.random() < 0.5 else (1, length)))
    if rng.random() < 0.2:  # sharpened by the scanner
        picture = picture + float(rng.uniform(0.3, 1.5)) * (
            picture - cv2.GaussianBlur(picture, (0, 0), max(0.6, 0.1 * cap))
        )
    return np.asarray(picture, np.float32)


def _light(rng: np.random.Generator, picture: _Floats, harm: float) -> _Floats:
    rows, columns = picture.shape
    if rng.random() < 0.6 * harm:
        across = np.linspace(rng.uniform(0.4, 1), rng.uniform(0.4, 1), columns, dtype=np.float32)[None]
        down = np.linspace(rng.uniform(0.75, 1), rng.uniform(0.75, 1), rows, dtype=np.float32)[:, None]
        picture = picture * across * down
    if rng.random() < 0.5 * harm:  # dark: a gamma and less light
        picture = np.clip(picture, 0, 1.2) ** rng.uniform(0.7, 2.2) * rng.uniform(0.35, 1)
    if rng.random() < 0.4 * harm:  # glare
        y, x = np.arange(rows, dtype=np.float32)[:, None], np.arange(columns, dtype=np.float32)[None]
        cx, cy = rng.uniform(0, columns), rng.uniform(-0.5, 1.5) * rows
        wide, high = rng.uniform(0.5, 8) * rows, rng.uniform(0.5, 3) * rows
        picture = picture + rng.uniform(0.1, 0.55) * np.exp(-(((x - cx) / wide) ** 2) - ((y - cy) / high) ** 2)
    contrast = rng.uniform(0.3, 1) if rng.random() < 0.6 * harm else 1.0
    return np.asarray(np.clip(picture * contrast + rng.uniform(0, 1 - contrast), 0, 1), np.float32)


def _compressed(grey: _Grey, quality: int) -> _Grey:
    _done, data = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)
