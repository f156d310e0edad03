"""How templates are gone through in a search: so many together, in pieces, in spans that grow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Float32s", "Int64s", "Tiling", "margin_of", "spans"]

Float32s = NDArray[np.float32]
Int64s = NDArray[np.int64]

_SCORES = 1 << 18  # of one tile: 1 MB, so that they are looked at while they are in the second-level cache
_PROBES = 512
_MOST_ROWS = 1 << 18
_GROWTH = 0.5  # each span is so much of all rows before it; bounds are raised after it


@dataclass(frozen=True, slots=True)
class Tiling:
    """Sizes of one matrix product.

    Attributes:
        probes: at most, of one product.
        rows: templates of one product.
    """

    probes: int
    rows: int

    @classmethod
    def of(cls, probes: int) -> Tiling:
        """For a batch of so many probes; of one probe the product is bound by memory and takes long pieces."""
        together = max(1, min(probes, _PROBES))
        return cls(together, max(1, min(_MOST_ROWS, _SCORES // together)))


def spans(rows: int, first: int, limited: bool) -> Iterator[tuple[int, int]]:
    """First and last row (exclusive) of the spans between which bounds are raised.

    Args:
        rows: of all.
        first: of the first span; all but the last are a multiple of it.
        limited: False when all that reach a fixed bound are wanted: one span.
    """
    start = 0
    while start < rows:
        more = max(first, int(start * _GROWTH) // first * first) if limited else rows
        yield start, min(rows, start + more)
        start += more


def margin_of(dimensions: int, largest_bias: float = 0.0) -> float:
    """More than a float32 product of unit vectors can be off, in whatever order it is added.

    |fl(a.b) - a.b| <= n u / (1 - n u) * sum |a_i b_i|, u = 2^-24 (Higham, Accuracy and Stability of Numerical
    Algorithms, 3.1); the sum is at most 1 for unit vectors, and a bias takes part as one more product.
    """
    terms = dimensions + 4  # the bias, the rounding of both lengths, and one to spare
    return terms * 2.0**-24 * (1.0 + largest_bias) * 1.01
