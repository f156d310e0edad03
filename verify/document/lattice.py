"""From a recogniser's frames to characters: how likely each character is in each place of a line of known length.

Connectionist temporal classification (Graves et al., ICML 2006) gives frames, each with the probability of every
character and of a blank. The sum over all ways to write exactly N characters into the frames, computed forwards and
backwards, gives the probability that the line has N characters, and that of each character in each place, all others
left open.
Those probabilities are what everything after this works on: no beam, no best path, and nothing of a grammar yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["ALPHABET", "Places", "placed_text", "places"]

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"
_SURE_BLANK = 0.99  # neighbouring frames that are blanks with this probability are one
_APART, _ONE, _WIDEST = 0.98, 0.97, 8  # of the blanks between characters, of one between them, and in frames
_HOPELESS = -60.0  # nats: a line that is this unlikely to have the length is not gone through backwards
_NEVER = 1e-4  # a character that no frame holds more likely is left out of the sums
_LEAST = 1e-9  # probability below which a character in a place is not told from never

_Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Places:
    """A line of N characters.

    Attributes:
        log: N x 37, natural logarithms of the probability of each character of ALPHABET in each place.
        length: natural logarithm of the probability that the line has N characters.
    """

    log: _Floats
    length: float


def placed_text(log: _Floats) -> str:
    """The likeliest character of each place."""
    return "".join(ALPHABET[index] for index in log.argmax(axis=1))


def places(lines: Sequence[_Floats], length: int) -> list[Places]:
    """Characters in places.

    Args:
        lines: one array a line, T x 38, natural logarithms of the posteriors; class 0 is the blank, then ALPHABET.
        length: N, of every line.

    Returns:
        One for each line; `length` is minus infinity where no way to write N characters is possible at all.
    """
    probabilities = [np.exp(line) for line in lines]
    quick = [_apart(line, length) for line in probabilities]
    slow = [row for row, one in enumerate(quick) if one is None]
    summed = iter(_summed([probabilities[row] for row in slow], length) if slow else ())
    return [one if one is not None else next(summed) for one in quick]


def _apart(frames: _Floats, length: int) -> Places | None:
    """Places of a line whose characters stand apart, with a blank that is all but sure between any two; else None.

    Between two such blanks all ways to write just one character are summed; the rest of the probability is that of
    none or more than one.
    """
    inked = np.concatenate([[False], frames[:, 0] < _APART, [False]])
    edges = np.flatnonzero(inked[1:] != inked[:-1]).reshape(-1, 2)
    if len(edges) != length or (widest := int((edges[:, 1] - edges[:, 0]).max())) > _WIDEST:
        return None
    parts = np.zeros((length, widest, frames.shape[1]))
    parts[:, :, 0] = 1
    for at, (start, end) in enumerate(edges):
        parts[at, : end - start] = frames[start:end]
    found = np.zeros((length, len(ALPHABET)))
    before = np.ones(length)
    for first in range(widest):
        run = before[:, None]
        for last in range(first, widest):
            run = run * parts[:, last, 1:]
            found += run * parts[:, last + 1 :, 0].prod(axis=1)[:, None]
        before = before * parts[:, first, 0]
    one = found.sum(axis=1)
    if one.min() < _ONE:
        return None
    return Places(np.asarray(np.log(np.maximum(found / one[:, None], _LEAST)), np.float32), float(np.log(one).sum()))


def _summed(lines: list[_Floats], length: int) -> list[Places]:
    """Places of any lines."""
    frames = _stacked([_shortened(line) for line in lines])
    seen = np.concatenate([[0], np.flatnonzero(frames[:, :, 1:].max(axis=(0, 1)) > _NEVER) + 1])
    entered, scales, totals = _forward(frames[:, :, seen], length)
    found = np.zeros((len(lines), length, len(ALPHABET)), np.float32)
    able = np.flatnonzero(totals > _HOPELESS)
    if len(able):
        back = _backward(frames[:, able[:, None], seen], entered[:, able], scales[:, able])
        found[np.ix_(able, np.arange(length), seen[1:] - 1)] = back
    whole = np.maximum(found.sum(axis=2, keepdims=True), 1e-30)
    log = np.log(np.maximum(found / whole, _LEAST))
    return [Places(log[row], float(totals[row])) for row in range(len(lines))]


def _shortened(frames: _Floats) -> _Floats:
    """The frames without blanks beside blanks, which change nothing."""
    blank = frames[:, 0] > _SURE_BLANK
    return np.asarray(frames[~(blank & np.concatenate([[False], blank[:-1]]))])


def _stacked(lines: list[_Floats]) -> _Floats:
    """T x lines x 38; shorter lines go on with blanks."""
    stacked = np.zeros((max(len(line) for line in lines), len(lines), len(ALPHABET) + 1), np.float32)
    stacked[:, :, 0] = 1
    for row, line in enumerate(lines):
        stacked[: len(line), row] = line
    return stacked


def _forward(frames: _Floats, length: int) -> tuple[_Floats, _Floats, _Floats]:
    """How each place can be entered at each frame, the scale of each frame, and the logarithm of the whole.

    The states after a frame: in place i on character c, or on a blank after place i.
    """
    count, rows, classes = frames.shape
    on = np.zeros((rows, length + 1, classes - 1), np.float32)  # place 0 is none: nothing is ever on it
    after = np.zeros((rows, length + 1), np.float32)
    after[:, 0] = 1
    entered, scales = np.empty((count, rows, length, classes - 1), np.float32), np.empty((count, rows), np.float32)
    for step in range(count):
        both = on.sum(axis=2) + after
        # a character goes in after a blank or after another character; after its like only over a blank
        on[:, 1:] += np.subtract(both[:, :-1, None], on[:, :-1], out=entered[step])
        on *= frames[step][:, None, 1:]
        after = both * frames[step][:, :1]
        scales[step] = np.maximum(on.sum(axis=(1, 2)) + after.sum(axis=1), 1e-30)
        on /= scales[step][:, None, None]
        after /= scales[step][:, None]
    with np.errstate(divide="ignore"):
        return entered, scales, np.log(scales).sum(axis=0) + np.log(on[:, length].sum(axis=1) + after[:, length])


def _backward(frames: _Floats, entered: _Floats, scales: _Floats) -> _Floats:
    """How often each character is entered in each place, up to a factor for each line."""
    count, rows, length, characters = entered.shape
    on = np.zeros((rows, length, characters), np.float32)  # from: on a character in a place
    after = np.zeros((rows, length + 1), np.float32)  # from: on the blank after a place
    on[:, -1] = after[:, -1] = 1
    found = np.zeros((rows, length, characters), np.float32)
    for step in range(count - 1, -1, -1):
        ahead = on * (frames[step] / scales[step][:, None])[:, None, 1:]
        found += entered[step] * ahead
        into = ahead.sum(axis=2)
        after *= (frames[step][:, 0] / scales[step])[:, None]
        on = ahead + after[:, 1:, None]
        on[:, :-1] += into[:, 1:, None] - ahead[:, 1:]
        after[:, :-1] += into
    return found
