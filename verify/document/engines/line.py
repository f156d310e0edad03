"""One line of an MRZ on a picture of its own: a crop from elsewhere, of unknown length and format."""

from __future__ import annotations

import re

import cv2
import numpy as np
from numpy.typing import NDArray

from verify.document.check_digit import FILLER
from verify.document.decode import Crop, decode_line
from verify.document.engines.recogniser import HEIGHT, LineRecogniser
from verify.document.lattice import ALPHABET

__all__ = ["LineReader"]

_LEAST_INK = 0.02  # of a row of pixels, from which characters stand there
_CAPITALS = (0.6, 0.52, 0.7)  # of the height of a crop
_TOLD = 4.0  # nats between O and 0 from which the picture is believed
_NARROW, _WIDER = 13.0, 1.6  # pixels of a character below which the line is read again, and how much wider

_Grey = NDArray[np.uint8]


class LineReader:
    """Reads single lines."""

    def __init__(self) -> None:
        """Loads the recogniser.

        Raises:
            MissingEngineError: its weights are not there.
        """
        self._recogniser = LineRecogniser()

    def read(self, picture: _Grey) -> tuple[str, float]:
        """Reads a line.

        Args:
            picture: H x W, grey, dark on light, level.

        Returns:
            The text, empty when there is none, and the least margin of its characters in nats.
        """
        crops = [Crop(frames) for frames in self._recogniser.recognise(_cuts(picture))]
        text, log = decode_line(crops)
        width = picture.shape[1] * HEIGHT / picture.shape[0]
        if text and width / len(text) < _NARROW:
            wider = np.asarray(cv2.resize(picture, None, fx=_WIDER, fy=1, interpolation=cv2.INTER_CUBIC), np.uint8)
            crops += [Crop(frames) for frames in self._recogniser.recognise(_cuts(wider))]
            text, log = decode_line(crops)
        if not text:
            return "", 0.0
        first, second = np.sort(log, axis=1)[:, :-3:-1].T
        return _told_apart(text, log), float((first - second).min())


def _told_apart(text: str, log: NDArray[np.float32]) -> str:
    """O and 0 by what stands beside them, where the picture does not tell them well apart.

    In a word of letters it is an O; between digits, alone, or several after a letter, a 0. Other places stay as read.
    """
    said = list(text)
    lead = np.abs(log[:, ALPHABET.index("0")] - log[:, ALPHABET.index("O")])
    for word in re.finditer(f"[^{FILLER}]+", text):
        name = re.fullmatch("[A-Z0]*[A-NP-Z][A-Z0]*", word.group()) is not None
        for run in re.finditer("[0O]+", word.group()):
            beside = word.group()[: run.start()][-1:] + word.group()[run.end() :][:1]
            several = len(run.group()) > 1 and len(beside) == 1
            if name and not several:
                meant = "O"
            elif several or not beside or beside.isdecimal():
                meant = "0"
            else:
                continue
            for at in range(word.start() + run.start(), word.start() + run.end()):
                if lead[at] < _TOLD:
                    said[at] = meant
    return "".join(said)


def _cuts(picture: _Grey) -> list[_Grey]:
    """The picture as it is, and cut so that the characters take certain shares of the height."""
    _level, ink = cv2.threshold(picture, 0, 1, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    rows = np.flatnonzero(ink.mean(axis=1) > _LEAST_INK)
    if not len(rows):
        return [picture]
    top, high = int(rows[0]), int(rows[-1] - rows[0] + 1)
    ground = int(np.median(picture[ink == 0])) if (ink == 0).any() else 255
    cuts = [picture]
    for share in _CAPITALS:
        margin = round(high * (1 / share - 1) / 2)
        padded = cv2.copyMakeBorder(
            picture, margin, margin, margin // 2, margin // 2, cv2.BORDER_CONSTANT, value=ground
        )
        cuts.append(np.asarray(padded[top : top + high + 2 * margin], np.uint8))
    return cuts
