"""The line recogniser: grey rows of an MRZ in, log-posteriors of characters out.

A small convolutional network with the CTC output of Graves et al. (2006), trained by scripts/train_mrz.py on rendered
rows alone (docs/decisions/010-mrz-recogniser.md). It looks at about two and a half characters at a time and was shown
no language: what a row means is the decoder's business.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from verify.errors import MissingEngineError
from verify.runtime import Session, load_card, models_folder

__all__ = ["ALPHABET", "HEIGHT", "STRIDE", "LineRecogniser", "greedy", "normalised"]

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"  # classes 1 to 37; class 0 is the blank
HEIGHT = 32  # pixels of a row as the network sees it
STRIDE = 4  # pixels across for each time step
_LIKE = 1.25  # rows whose widths differ by less than this share a batch
_Grey = NDArray[np.uint8]
_Floats = NDArray[np.float32]


class LineRecogniser:
    """The network, loaded once."""

    def __init__(self, name: str = "mrz-lines-v1") -> None:
        """Loads the network and compares its SHA-256 with the card's.

        Args:
            name: of card and network in `models/`.

        Raises:
            MissingEngineError: card or network is absent, or they do not belong together.
        """
        folder = models_folder()
        card = load_card(name, folder)
        try:
            network = (folder / f"{name}.onnx").read_bytes()
        except OSError as error:
            raise MissingEngineError(f"the network '{name}' is not in {folder}; reinstall verify") from error
        self.sha256 = hashlib.sha256(network).hexdigest()
        if self.sha256 != card.sha256:
            raise MissingEngineError(f"{folder / name}.onnx is not the network of its card; reinstall verify")
        self.name = name
        self._session = Session(network)

    def recognise(self, lines: Sequence[_Grey]) -> list[_Floats]:
        """The posteriors of each row.

        Args:
            lines: H x W each, grey, dark print on lighter ground, level and upright; the capitals best at 0.6 of the
                height (0.45 to 0.8 is read) and in the middle.

        Returns:
            T x 38 for each row: natural logarithms of the posteriors of the blank and `ALPHABET`; step t looks at the
            pixels around `STRIDE` * (t + 0.5) of the row when it is scaled to `HEIGHT`.
        """
        rows = [normalised(line) for line in lines]
        found: list[_Floats] = [np.empty((0, len(ALPHABET) + 1), np.float32)] * len(rows)
        order = sorted(range(len(rows)), key=lambda index: rows[index].shape[1])
        while order:
            narrowest = rows[order[0]].shape[1]
            batch = [index for index in order if rows[index].shape[1] <= _LIKE * narrowest]
            order = order[len(batch) :]
            posteriors = self._session.run(_stacked([rows[index] for index in batch]))[0]
            for index, one in zip(batch, posteriors, strict=True):
                found[index] = one[: -(-rows[index].shape[1] // STRIDE)]
        return found


def normalised(line: _Grey) -> _Floats:
    """A row as the network sees it: HEIGHT x W', mean 0 and deviation 1, in the proportions it had."""
    height, width = line.shape
    if height != HEIGHT:
        how = cv2.INTER_AREA if height > HEIGHT else cv2.INTER_CUBIC
        line = np.asarray(cv2.resize(line, (max(STRIDE, round(width * HEIGHT / height)), HEIGHT), interpolation=how))
    row = line.astype(np.float32)
    return np.asarray((row - row.mean()) / max(float(row.std()), 2.0), np.float32)


def greedy(posteriors: _Floats) -> str:
    """The best path: the likeliest class of each step, repeats and blanks taken out."""
    best = posteriors.argmax(axis=1)
    first = np.concatenate(([True], best[1:] != best[:-1]))
    return "".join(ALPHABET[one - 1] for one in best[first & (best > 0)])


def _stacked(rows: Sequence[_Floats]) -> _Floats:
    """N x 1 x HEIGHT x W: the shorter ones go on as they end, to a width that the stride divides."""
    width = -(-max(row.shape[1] for row in rows) // STRIDE) * STRIDE
    return np.stack([np.pad(row, ((0, 0), (0, width - row.shape[1])), mode="edge") for row in rows])[:, None]
