"""How templates lie in memory for a search, and how many are looked at together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Float32s", "Int64s", "Tiling", "margin_of"]

Float32s = NDArray[np.float32]
Int64s = NDArray[np.int64]

_SCORES = 1 << 18  # of one tile: 1 MB of float32, so that they are looked at while they are in the second-level cache
_PROBES = 512
_MOST_ROWS = 1 << 16


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

    def pieces(self, matrix: Float32s, kept: Int64s | None) -> Iterator[tuple[Float32s, Int64s | int]]:
        """Templates piece by piece, each with its row numbers, or with its first one when the rows follow each other.

        Args:
            matrix: N x D.
            kept: rows that take part, ascending; None for all.
        """
        for start in range(0, len(matrix) if kept is None else len(kept), self.rows):
            if kept is None:
                yield matrix[start : start + self.rows], start
            else:
                rows = kept[start : start + self.rows]
                yield matrix[rows], rows


def margin_of(dimensions: int, largest_bias: float = 0.0) -> float:
    """More than a float32 product of unit vectors can be off, in whatever order it is added.

    |fl(a.b) - a.b| <= n u / (1 - n u) * sum |a_i b_i|, u = 2^-24 (Higham, Accuracy and Stability of Numerical
    Algorithms, 3.1); the sum is at most 1 for unit vectors, and a bias takes part as one more product.
    """
    terms = dimensions + 4  # the bias, the rounding of both lengths, and one to spare
    return terms * 2.0**-24 * (1.0 + largest_bias) * 1.01
