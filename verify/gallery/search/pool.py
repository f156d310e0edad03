"""Who may still be on a list: the bound a score has to reach rises as templates are looked at.

A bound is always below the score of the k-th best subject found so far, by more than all rounding together; so nobody
who belongs on the list is ever left out, and in the end few enough are left to be scored exactly.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from verify.gallery.search.layout import Float32s, Int64s

__all__ = ["Pool"]

_GROWTH = 1.3  # templates are looked at by as much more before bounds are raised again
_SIGN = np.uint32(1 << 31)


class Pool:
    """The candidates of a batch of probes while templates go by.

    Attributes:
        bounds: float32, of each probe; a pair below it cannot be on a list any more.
        positive: whether all of them are above zero.
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
        self.positive = bool(self.bounds.min() > 0)
        self._found: list[tuple[Int64s, Int64s, Float32s]] = []
        self._seen = self._settle_at = 0

    def add(self, probes: Int64s, rows: Int64s, scores: Float32s) -> None:
        """Takes pairs whose score reached the bound of their probe."""
        self._found.append((probes, rows, scores))

    def raise_bounds(self, bounds: Float32s, first: int) -> None:
        """Takes bounds for the probes from `first` that are known otherwise, where they are higher."""
        part = self.bounds[first : first + len(bounds)]
        np.maximum(part, bounds - np.float32(2 * self._margin), out=part)

    def due(self, rows: int) -> bool:
        """Counts rows that were looked at, and says when it is time to settle."""
        self._seen += rows
        return self._limit is not None and self._seen >= self._settle_at

    def settle(self) -> None:
        """Raises the bounds, and lets go of those who are beaten."""
        limit = self._limit
        if limit is None:
            return
        self._settle_at = int(self._seen * _GROWTH) + 1
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
        self.positive = bool(self.bounds.min() > 0)
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
