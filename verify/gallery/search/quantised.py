"""The int8 pass: a coarse product says who may reach a bound; by how much it can be off is known for each template.

A probe p = s_p q_p + r_p and a template t = s q + r of unit length give
|p.t - s_p s (q_p.q)| <= |r| + |r_p| (1 + |r|)   (Cauchy and Schwarz),
so nobody who belongs on a list is left out; the others are sent away by their float32 scores, as in the float32 pass.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from verify.gallery.search.layout import Float32s, Int64s, Tiling, spans
from verify.gallery.search.look import groups_of, parts_of
from verify.gallery.search.pool import Pool
from verify.gallery.search.products import ZERO, integer_bits, integer_products

__all__ = ["Quantised", "quantise", "quantised_pass"]

TILE = 1024
"""Templates that share one scale."""
_LEAST_SCALE = 1e-12
_SLACK = 4e-6  # lengths are one but for their rounding to float32
_PAIRS = 1 << 13  # scored together


@dataclass(frozen=True, slots=True)
class Quantised:
    """Templates at a quarter of their size. Made by `quantise`.

    Attributes:
        codes: uint8 (N x D); whole numbers from -127 to 127 and `ZERO`.
        scales: float64, of each `TILE` templates.
        residuals: float32 (N); |r| of each template, rounded up.
        biases: float32 (N), or None.
    """

    codes: NDArray[np.uint8]
    scales: NDArray[np.float64]
    residuals: Float32s
    biases: Float32s | None = None

    def __len__(self) -> int:
        """Templates."""
        return len(self.residuals)


def quantise(pieces: Iterator[Float32s] | list[Float32s], rows: int, dimensions: int) -> Quantised:
    """Quantises templates that come piece by piece, so that they need not all be in memory.

    Args:
        pieces: float32 (n x D) unit rows, or (n x D + 1) with a bias; all but the last a multiple of TILE long.
        rows: of all pieces together.
        dimensions: D.
    """
    codes = np.empty((rows, dimensions), dtype=np.uint8)
    scales, residuals = np.ones(-(-rows // TILE)), np.empty(rows, dtype=np.float32)
    biases: Float32s | None = None
    row = 0
    for piece in pieces:
        if piece.shape[1] > dimensions:
            biases = np.empty(rows, dtype=np.float32) if biases is None else biases
            biases[row : row + len(piece)] = piece[:, dimensions]
        for start in range(0, len(piece), TILE):
            part = piece[start : start + TILE, :dimensions]
            here = slice(row + start, row + start + len(part))
            scale = max(float(np.abs(part).max()) / 127, _LEAST_SCALE)
            code = np.rint(part / np.float32(scale))
            codes[here] = code + ZERO
            scales[here.start // TILE] = scale
            left = part.astype(np.float64) - code.astype(np.float64) * scale
            residuals[here] = np.sqrt((left * left).sum(axis=1)) * (1 + 1e-6)
        row += len(piece)
    return Quantised(codes, scales, residuals, biases)


def quantised_pass(
    probes: Float32s, matrix: Float32s, kept: NDArray[np.bool_] | None, pool: Pool, quantised: Quantised
) -> None:
    """Puts into the pool every pair that reaches its bound, as the float32 pass does.

    Args:
        probes: P x D, or P x (D + 1) with a one for the bias.
        matrix: the templates in float32; only rows that come near a bound are read.
        kept: of each row, whether it takes part; None for all.
        pool: empty.
        quantised: the same templates.
    """
    tiling = Tiling.of(len(probes))
    coarse = _Coarse(probes, quantised)
    products = [(part, integer_products(coarse.codes[part])) for part in parts_of(len(probes), tiling)]
    rows = len(quantised)
    step = tiling.rows if tiling.rows < TILE else tiling.rows // TILE * TILE
    block = max(step, TILE)  # has limits of its own
    groups = groups_of(products, min(rows, step), np.int32)
    for start, end in spans(rows, block, pool.limited):
        coarse.towards(pool.bounds)
        for first in range(start, end, block):
            last = min(end, first + block)
            if kept is not None and not kept[first:last].any():
                continue
            limits = coarse.limits(first, last)
            for group in groups:
                least = group.look.abreast(limits[group.part])
                for row in range(first, last, step):
                    stop = min(last, row + step)
                    group.products.into(group.look.tile(stop - row), quantised.codes[row:stop])
                    found = group.look.at(stop - row, least)
                    if found is not None:
                        places, owners, sums = found
                        coarse.take(owners + group.part.start, places + row, sums)
            if coarse.taken > _PAIRS:
                _score(*coarse.near(kept), probes, matrix, pool)
        _score(*coarse.near(kept), probes, matrix, pool)
        pool.settle()


class _Coarse:
    """A batch of probes as whole numbers, and what they say of the products of the floats."""

    def __init__(self, probes: Float32s, quantised: Quantised) -> None:
        most = (1 << (integer_bits() - 1)) - 1
        wide = probes[:, : quantised.codes.shape[1]].astype(np.float64)
        self._scales = np.maximum(np.abs(wide).max(axis=1, initial=0.0) / most, _LEAST_SCALE)
        whole = np.rint(wide / self._scales[:, None])
        self.codes = whole.astype(np.int8)
        self._residuals = np.linalg.norm(wide - whole * self._scales[:, None], axis=1) * (1 + 1e-6)
        self._of = quantised
        starts = np.arange(0, len(quantised), TILE)
        # of each TILE the template that can be off most, and the greatest bias
        self._worst = np.maximum.reduceat(quantised.residuals, starts).astype(np.float64)
        self._bias = np.zeros(len(starts))
        if quantised.biases is not None:
            self._bias = np.maximum.reduceat(quantised.biases, starts).astype(np.float64)

        self._taken: list[tuple[Int64s, Int64s, NDArray[np.int32]]] = []
        self.taken = 0

    def towards(self, bounds: Float32s) -> None:
        """Takes the bounds in force."""
        self._bounds = bounds
        self._parts = bounds / self._scales, self._residuals / self._scales, 1 / self._scales

    def limits(self, start: int, stop: int) -> NDArray[np.int32]:
        """A whole number for each probe, below which no product of these rows reaches its bound."""
        bounds, residuals, steps = self._parts
        tiles = slice(start // TILE, -(-stop // TILE))
        worst, bias = self._worst[tiles, None], self._bias[tiles, None]
        off = residuals * (1 + worst) + steps * (worst + _SLACK + bias)
        least = np.floor(((bounds - off) / self._of.scales[tiles, None]).min(axis=0))
        return np.asarray(np.clip(least, -(2**31) + 1, 2**31 - 1), dtype=np.int32)

    def take(self, owners: Int64s, rows: Int64s, sums: NDArray[np.int32]) -> None:
        """Takes pairs whose product reached the limit."""
        self._taken.append((owners, rows, sums))
        self.taken += len(owners)

    def near(self, kept: NDArray[np.bool_] | None) -> tuple[Int64s, Int64s]:
        """Probe and row of the pairs taken since, of which the score may reach its bound."""
        if not self._taken:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
        owners, rows, sums = (np.concatenate([one[place] for one in self._taken]) for place in range(3))
        self._taken, self.taken = [], 0
        rest = self._of.residuals[rows]
        most = sums * (self._scales[owners] * self._of.scales[rows // TILE])
        most += rest + _SLACK + self._residuals[owners] * (1 + rest)
        if self._of.biases is not None:
            most += self._of.biases[rows]
        high = most >= self._bounds[owners]
        if kept is not None:
            high &= kept[rows]
        return owners[high], rows[high]


def _score(owners: Int64s, rows: Int64s, probes: Float32s, matrix: Float32s, pool: Pool) -> None:
    for start in range(0, len(owners), _PAIRS):
        who, which = owners[start : start + _PAIRS], rows[start : start + _PAIRS]
        scores = np.einsum("nd,nd->n", probes[who], matrix[which])
        high = scores >= pool.bounds[who]
        pool.add(who[high], which[high], scores[high])
