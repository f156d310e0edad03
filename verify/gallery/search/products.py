"""The float32 pass: blocked matrix products, and a look at each tile while it is in the cache."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from verify.gallery.search.layout import Float32s, Int64s, Tiling
from verify.gallery.search.pool import Pool

__all__ = ["float_pass"]

_ASIDE = 1 << 17  # values that are put aside: half of a tile


def float_pass(probes: Float32s, matrix: Float32s, kept: Int64s | None, pool: Pool, seed: int) -> None:
    """Puts into the pool every pair that reaches its bound.

    Args:
        probes: P x D.
        matrix: N x D.
        kept: rows that take part, ascending; None for all.
        pool: empty.
        seed: as many of the best rows of the first piece belong to at least the wanted number of subjects; 0 when
            all that reach a bound are wanted.
    """
    tiling = Tiling.of(len(probes))
    memory = np.empty(tiling.probes * tiling.rows, dtype=np.float32)
    look = _Look(tiling.rows, pool)
    begun = False
    for piece, place in tiling.pieces(matrix, kept):
        for first in range(0, len(probes), tiling.probes):
            part = probes[first : first + tiling.probes]
            tile = memory[: len(part) * len(piece)].reshape(len(part), len(piece))
            _product(part, piece, tile)
            if not begun and 0 < seed <= len(piece):
                pool.raise_bounds(np.partition(tile, -seed, axis=1)[:, -seed], first)
            look.at(tile, first, place)
        begun = True
        if pool.due(len(piece)):
            look.finish()
            pool.settle()
    look.finish()


def _product(part: Float32s, piece: Float32s, tile: Float32s) -> None:
    if len(part) == 1:  # as a matrix and a vector, BLAS reads the templates once, at the speed of the memory
        np.matmul(piece, part[0], out=tile[0])
    else:
        np.matmul(part, piece.T, out=tile)


class _Look:
    """Finds what reaches a bound.

    Lines of a tile that have such a value are put aside and looked through many at a time, in memory that is used
    again: small steps and fresh memory would cost more than the look itself.
    """

    def __init__(self, rows: int, pool: Pool) -> None:
        self._lines = max(1, _ASIDE // rows)
        self._memory = np.empty(self._lines * rows, dtype=np.float32)
        self._owners, self._starts = np.empty((2, self._lines), dtype=np.int64)
        self._held, self._width = 0, rows
        self._pool = pool

    def at(self, tile: Float32s, first: int, place: Int64s | int) -> None:
        """Looks at the products of probes from `first` with rows from `place` on, or with these rows."""
        lines = np.flatnonzero(_reached(tile, self._pool.bounds[first : first + len(tile)], self._pool.positive))
        if tile.shape[1] != self._width:
            self.finish()
            self._width = tile.shape[1]
        while len(lines):
            some = lines[: self._lines - self._held]
            here = slice(self._held, self._held + len(some))
            tile.take(some, axis=0, out=self._near[here], mode="clip")
            self._owners[here] = some + first
            self._starts[here] = place if isinstance(place, int) else 0
            self._held += len(some)
            lines = lines[len(some) :]
            if self._held == self._lines or not isinstance(place, int):
                self.finish(place)

    def finish(self, place: Int64s | int = 0) -> None:
        """Looks through what was put aside; `place` when that was of given rows."""
        if not self._held:
            return
        near, owners, starts = self._near[: self._held], self._owners[: self._held], self._starts[: self._held]
        self._held = 0
        bounds, each = self._pool.bounds[owners], np.arange(len(near))
        for _ in range(2):  # most lines have one such value: it is quicker to find the greatest twice than all once
            column = near.argmax(axis=1)
            greatest = near[each, column]
            high = np.flatnonzero(greatest >= bounds)
            if not high.size:
                return
            self._add(owners[high], starts[high], column[high], greatest[high], place)
            near[high, column[high]] = -np.inf
        line, column = np.nonzero(near[high] >= bounds[high, None])
        line = high[line]
        self._add(owners[line], starts[line], column, near[line, column], place)

    @property
    def _near(self) -> Float32s:
        return self._memory[: self._lines * self._width].reshape(self._lines, self._width)

    def _add(self, owners: Int64s, starts: Int64s, column: Int64s, scores: Float32s, place: Int64s | int) -> None:
        rows = starts + column if isinstance(place, int) else place[column]
        self._pool.add(owners, rows, scores)


def _reached(tile: Float32s, bounds: Float32s, positive: bool) -> NDArray[np.bool_]:
    """Which lines have a value of at least their bound."""
    # floats above zero are ordered as their bits are, and whole numbers have no NaN to look for: half the time
    if positive:
        return np.asarray(np.maximum.reduce(tile.view(np.int32), axis=1) >= bounds.view(np.int32))
    return np.asarray(np.maximum.reduce(tile, axis=1) >= bounds)
