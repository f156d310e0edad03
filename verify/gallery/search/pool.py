"""Who may still be on a list: the bound a score has to reach rises as templates are looked at.

A bound is always below the score of the k-th best subject found so far, by more than all rounding together; so nobody
who belongs on the list is ever left out, and in the end few enough are left to be scored exactly.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from verify.gallery.search.layout import Float32s, Int64s

__all__ = ["Pool"]

_ENOUGH = 1.4  # times the pairs that are wanted
_SIGN = np.uint32(1 << 31)


class Pool:
    """The candidates of a batch of probes while templates go by.

    Attributes:
        bounds: float32, of each probe; a pair below it cannot be on a list any more.
        limited: whether bounds rise.
    """

    def __init__(self, subjects: Int64s, least: Float32s, limit: int | None, margin: float) -> None:
        """An empty pool.

        Args:
            subjects: of each row, a number; one subject may have several rows.
            least: bound of each probe that its threshold gives; -inf for none.
            limit: subjects wanted for a probe; None for all that reach the bound.
            margin: more than a score given to `add` can be off.
        """
        self._subjects, self._limit, self._margin = subjects, limit, margin
        self.bounds = (least - np.float32(2 * margin)).astype(np.float32)
        self.limited = limit is not None
        self._found: list[tuple[Int64s, Int64s, Float32s]] = []

    def add(self, probes: Int64s, rows: Int64s, scores: Float32s) -> None:
        """Takes pairs whose score reached the bound of their probe."""
        self._found.append((probes, rows, scores))

    def raise_bounds(self, bounds: Float32s) -> None:
        """Takes bounds of all probes that are known otherwise, where they are higher."""
        np.maximum(self.bounds, bounds - np.float32(2 * self._margin), out=self.bounds)

    def settle(self) -> None:
        """Raises the bounds, and lets go of those who are beaten; not before there are enough of them."""
        limit = self._limit
        if limit is None or sum(len(one[0]) for one in self._found) < _ENOUGH * limit * len(self.bounds):
            return
        probes, rows, scores = self.pairs()
        order = np.argsort(_keys(probes, scores))
        probes, rows, scores = probes[order], rows[order], scores[order]
        subjects = self._subjects[rows]
        # only the best row of a subject counts: pairs lie by probe, the best first, and unique gives the first of each
        _, first = np.unique(probes * (int(subjects.max(initial=0)) + 1) + subjects, return_index=True)
        best = np.sort(first)
        starts = np.searchsorted(probes[best], np.arange(len(self.bounds)))
        ends = np.append(starts[1:], len(best))
        full = np.flatnonzero(ends - starts >= limit)
        last = scores[best[starts[full] + limit - 1]]
        self.bounds[full] = np.maximum(self.bounds[full], last - np.float32(2 * self._margin))
        kept = scores >= self.bounds[probes]
        self._found = [(probes[kept], rows[kept], scores[kept])]

    def pairs(self) -> tuple[Int64s, Int64s, Float32s]:
        """Probe, row and score of all that are left."""
        if not self._found:
            nobody = np.empty(0, dtype=np.int64)
            return nobody, nobody, np.empty(0, dtype=np.float32)
        probes, rows, scores = (np.concatenate([one[part] for one in self._found]) for part in range(3))
        return probes, rows, scores


def _keys(probes: Int64s, scores: Float32s) -> NDArray[np.uint64]:
    """Whole numbers that sort pairs by probe, and within a probe the greatest score first."""
    bits = scores.view(np.uint32)
    rising = np.where(bits & _SIGN, ~bits, bits | _SIGN)
    return (probes.astype(np.uint64) << np.uint64(32)) | (~rising).astype(np.uint64)
