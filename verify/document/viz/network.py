"""The line recogniser of the VIZ: PP-OCRv6, found inside the package rapidocr, which is never imported.

Nothing is downloaded: network and alphabet (Latin with its accents, Han, kana) are one file of the wheel, and our own
runtime runs it. rapidocr itself would read the whole page, and can fetch other networks; neither is wanted here.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from verify.errors import MissingEngineError
from verify.model.viz import VizLook
from verify.runtime import Session

__all__ = ["TextRecogniser", "is_installed"]

_PACKAGE, _FILE = "rapidocr", Path("models") / "PP-OCRv6_rec_small.onnx"
_SHA256 = "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884"  # of the file that was measured
_HEIGHT = 48  # pixels of a line as the network sees it
_LEAST_WIDTH, _MOST_WIDTH = 16, 960  # pixels; what is longer is squeezed, as each pixel costs memory
_FLOOR = 1e-6  # of a probability, so that margins stay finite
_MISSING = "the reader of the printed page is not installed: pip install 'verify-toolkit[viz]'"

_Picture = NDArray[np.uint8]


class TextRecogniser:
    """The network, loaded once."""

    def __init__(self) -> None:
        """Loads the network and compares its SHA-256 with that of the one that was measured.

        Raises:
            MissingEngineError: the package is not installed, or carries another network.
        """
        path = _path()
        if path is None:
            raise MissingEngineError(_MISSING)
        network = path.read_bytes()
        if hashlib.sha256(network).hexdigest() != _SHA256:
            raise MissingEngineError(f"{_PACKAGE} carries another network than was measured; install rapidocr 3.10")
        self._session = Session(network)
        alphabet = self._session.metadata()["character"].split("\n")
        self._classes = ["", *alphabet, " "]

    @classmethod
    def describe(cls) -> str:
        """Engine, version and the first of its network's digest, without loading it.

        Raises:
            MissingEngineError: not installed.
        """
        if not is_installed():
            raise MissingEngineError(_MISSING)
        return f"ppocr 6 ({_SHA256[:12]})"

    def read(self, line: _Picture) -> VizLook:
        """Recognises one line.

        Args:
            line: H x W x 3, RGB, level and upright, the capitals at about 0.6 of the height.
        """
        height, width = line.shape[:2]
        size = min(max(_LEAST_WIDTH, round(_HEIGHT * width / height)), _MOST_WIDTH), _HEIGHT
        how = cv2.INTER_AREA if height > _HEIGHT else cv2.INTER_CUBIC
        scaled = np.asarray(cv2.resize(line, size, interpolation=how), np.float32)
        given = (scaled[:, :, ::-1].transpose(2, 0, 1) / 255 - 0.5) / 0.5
        frames = self._session.run(np.ascontiguousarray(given[None], np.float32))[0][0]
        return _greedy(frames, self._classes)


def is_installed() -> bool:
    """Whether the network is there; it is not opened."""
    return _path() is not None


def _path() -> Path | None:
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        return None
    path = Path(spec.submodule_search_locations[0]) / _FILE
    return path if path.is_file() else None


def _greedy(frames: NDArray[np.float32], classes: Sequence[str]) -> VizLook:
    """The best path, with the margin of each character at its strongest frame.

    Args:
        frames: T x classes, probabilities; class 0 is the blank. Spent afterwards.
        classes: what each stands for.
    """
    best = frames.argmax(axis=1)
    steps = np.arange(len(best))
    top = frames[steps, best]
    frames[steps, best] = 0
    margins = np.log(np.maximum(top, _FLOOR) / np.maximum(frames.max(axis=1), _FLOOR))
    starts = np.flatnonzero(np.concatenate(([True], best[1:] != best[:-1])))
    text: list[str] = []
    leads: list[float] = []
    for start, end in zip(starts, [*starts[1:], len(best)], strict=True):
        if best[start]:
            letters = classes[best[start]]
            text.append(letters)
            leads += [round(float(margins[start:end].max()), 1)] * len(letters)
    return VizLook("".join(text), tuple(leads))
