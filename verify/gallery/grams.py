"""A coarse sieve over many names: those that share most rare grams with a probe, in numpy.

Each name is a set of pairs and triples of its letters and triples of its consonants, weighted by rarity (inverse
document frequency); names are compared by the cosine of their weights (Salton and Buckley 1988, "Term-weighting
approaches in automatic text retrieval"). The sieve says who is worth an exact comparison, never how alike they are.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["GramIndex"]

_BASE = 27  # a space and A to Z
_SOUNDS = _BASE**3 + _BASE**2  # triples, then pairs, then the triples of consonants
_CODES = _SOUNDS + _BASE**3
_COMMON, _SHARE = 1_000, 16  # a gram that more names have than these, and one name in 16, tells little and costs most


class GramIndex:
    """An inverted index: 4 bytes for each gram of each name."""

    def __init__(self, texts: Sequence[str], sounds: Sequence[str]) -> None:
        """Takes names as words of A to Z, and the classes of consonants of the same words."""
        self._size = len(texts)
        numbers, codes = _all_grams(texts, sounds)
        order = np.argsort(codes.astype(np.uint16), kind="stable")  # of 16 bits, numpy sorts by digits
        self._names = numbers[order].astype(np.int32)
        counts = np.bincount(codes, minlength=_CODES)
        self._ends = np.cumsum(counts)
        self._weights = np.log((1 + self._size) / (1 + counts)) + 1
        squares = np.bincount(numbers, weights=self._weights[codes] ** 2, minlength=self._size)
        self._lengths = np.sqrt(np.maximum(squares, 1e-12))
        self._telling = counts <= max(_COMMON, self._size // _SHARE)

    def nearest(
        self, text: str, sounds: str, count: int, *, among: NDArray[np.bool_] | None = None
    ) -> NDArray[np.intp]:
        """Places of the names that share most with a probe.

        Args:
            text: of the probe, words of A to Z.
            sounds: their classes of consonants.
            count: how many; more when the last ones share equally much, so that the order of the names does not matter.
            among: which names may be chosen; None for all.

        Returns:
            Places in ascending order; names that share nothing are not among them.
        """
        _, codes = _all_grams([text], [sounds])
        if not self._size or not codes.size:
            return np.empty(0, dtype=np.intp)
        rare = codes[self._telling[codes]]
        codes = rare if rare.size else codes
        spans = [self._names[self._ends[code - 1] if code else 0 : self._ends[code]] for code in codes]
        weights = np.repeat(self._weights[codes] ** 2, [len(span) for span in spans])
        shared = np.bincount(np.concatenate(spans), weights=weights, minlength=self._size) / self._lengths
        if among is not None:
            shared[~among] = 0.0
        floor = np.partition(shared, -count)[-count] if count < self._size else 0.0
        return np.flatnonzero((shared >= floor * (1 - 1e-9)) & (shared > 0))


def _all_grams(texts: Sequence[str], sounds: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Numbers of names and codes of their grams, each gram once a name, ordered by name and code."""
    letters, of = _letters(texts)
    consonants, owners = _letters(sounds)
    pairs, inside = _pairs(letters, of)
    triples = pairs[:-1] * _BASE + letters[2:]
    fits = inside[:-1] & inside[1:] & (letters[1:-1] > 0)
    classes, within = _pairs(consonants, owners)
    heard = classes[:-1] * _BASE + consonants[2:]
    whole = within[:-1] & within[1:] & (consonants[1:-1] > 0)
    numbers = np.concatenate([of[:-2][fits], of[:-1][inside], owners[:-2][whole]])
    codes = np.concatenate([triples[fits], _BASE**3 + pairs[inside], _SOUNDS + heard[whole]])
    keys = numbers * _CODES + codes
    keys.sort()
    keys = keys[np.diff(keys, prepend=-1) > 0]
    return keys // _CODES, keys % _CODES


def _letters(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All letters as numbers, 0 between words and around each text, and the text that each belongs to."""
    joined = np.frombuffer("".join(f" {text} " for text in texts).encode("ascii"), dtype=np.uint8).astype(np.int64)
    of = np.repeat(np.arange(len(texts)), [len(text) + 2 for text in texts])
    return np.where(joined == ord(" "), 0, joined - (ord("A") - 1)), of


def _pairs(letters: NDArray[np.int64], of: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Code of each letter with the next, and whether both belong to one text and are not both spaces."""
    pairs = letters[:-1] * _BASE + letters[1:]
    return pairs, (of[:-1] == of[1:]) & (pairs > 0)
