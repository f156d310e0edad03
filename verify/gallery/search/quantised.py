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

from verify.gallery.search.integer import IntegerProducts
from verify.gallery.search.layout import Float32s
from verify.gallery.search.pool import Pool

__all__ = ["Quantised", "quantise", "quantised_pass"]

TILE = 1024
"""Templates of one product; they share one scale."""
_PROBES = 256
_LEAST_SCALE = 1e-12
_SLACK = 4e-6  # lengths are one but for their rounding to float32


@dataclass(frozen=True, slots=True)
class Quantised:
    """Templates at a quarter of their size. Made by `quantise`.

    Attributes:
        codes: int8 (tiles x D x TILE), each tile with a template a column; the last one is filled up with zeros.
        scales: float64 (tiles).
        residuals: float32 (N); |r| of each template, rounded up.
        biases: float32 (N), or None.
    """

    codes: NDArray[np.int8]
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
    tiles = -(-rows // TILE)
    codes = np.zeros((tiles, dimensions, TILE), dtype=np.int8)
    scales, residuals = np.ones(tiles), np.empty(rows, dtype=np.float32)
    biases: Float32s | None = None
    row = 0
    for piece in pieces:
        if piece.shape[1] > dimensions:
            biases = np.empty(rows, dtype=np.float32) if biases is None else biases
            biases[row : row + len(piece)] = piece[:, dimensions]
        for start in range(0, len(piece), TILE):
            part = piece[start : start + TILE, :dimensions]
            tile = (row + start) // TILE
            scale = max(float(np.abs(part).max()) / 127, _LEAST_SCALE)
            code = np.rint(part / np.float32(scale)).astype(np.int8)
            codes[tile, :, : len(part)] = code.T
            scales[tile] = scale
            left = part.astype(np.float64) - code.astype(np.float64) * scale
            residuals[row + start : row + start + len(part)] = np.sqrt((left * left).sum(axis=1)) * (1 + 1e-6)
        row += len(piece)
    return Quantised(codes, scales, residuals, biases)


@dataclass(frozen=True, slots=True)
class _Probes:
    codes: NDArray[np.uint8]
    scales: NDArray[np.float64]
    residuals: NDArray[np.float64]
    floats: Float32s


def quantised_pass(
    probes: Float32s,
    matrix: Float32s,
    kept: NDArray[np.bool_] | None,
    pool: Pool,
    quantised: Quantised,
    products: IntegerProducts,
) -> None:
    """Puts into the pool every pair that reaches its bound, as the float32 pass does.

    Args:
        probes: P x D, or P x (D + 1) with a one for the bias.
        matrix: the templates in float32; only rows that come near a bound are read.
        kept: of each row, whether it takes part; None for all.
        pool: empty.
        quantised: the same templates.
        products: the integer product in force.
    """
    dimensions = quantised.codes.shape[1]
    ready = _quantised_probes(probes, dimensions, products)
    for tile, codes in enumerate(quantised.codes):
        start = tile * TILE
        width = min(TILE, len(quantised) - start)
        part = None if kept is None else kept[start : start + width]
        if part is not None and not part.any():
            continue
        for first in range(0, len(probes), _PROBES):
            some = slice(first, first + _PROBES)
            sums = products.of(ready.codes[some], codes)
            _look(sums, ready, some, quantised, tile, width, part, matrix, pool)
        if pool.due(width):
            pool.settle()


def _quantised_probes(probes: Float32s, dimensions: int, products: IntegerProducts) -> _Probes:
    wide = probes[:, :dimensions].astype(np.float64)
    scales = np.maximum(np.abs(wide).max(axis=1, initial=0.0) / products.most, _LEAST_SCALE)
    codes = np.rint(wide / scales[:, None])
    residuals = np.linalg.norm(wide - codes * scales[:, None], axis=1) * (1 + 1e-6)
    return _Probes((codes + products.zero).astype(np.uint8), scales, residuals, probes)


def _look(
    sums: NDArray[np.int32],
    ready: _Probes,
    some: slice,
    quantised: Quantised,
    tile: int,
    width: int,
    kept: NDArray[np.bool_] | None,
    matrix: Float32s,
    pool: Pool,
) -> None:
    bounds = pool.bounds[some].astype(np.float64)
    start = tile * TILE
    rest = quantised.residuals[start : start + width]
    bias = None if quantised.biases is None else quantised.biases[start : start + width]
    # by the worst template of the tile first, because that is one whole number a probe
    worst = float(rest.max())
    off = worst + ready.residuals[some] * (1 + worst) + _SLACK + (0.0 if bias is None else float(bias.max()))
    steps = ready.scales[some] * quantised.scales[tile]
    least = np.clip(np.floor((bounds - off) / steps), -(2**31), 2**31 - 1).astype(np.int32)
    lines = np.flatnonzero(np.maximum.reduce(sums, axis=1) >= least)
    if not lines.size:
        return
    near = sums[lines]
    line, column = np.divmod(np.flatnonzero(near >= least[lines, None]), TILE)
    real = column < width
    if kept is not None:
        real[real] = kept[column[real]]
    line, column = line[real], column[real]
    coarse = near[line, column] * steps[lines[line]] + rest[column] + _SLACK
    coarse += ready.residuals[some][lines[line]] * (1 + rest[column]) + (0.0 if bias is None else bias[column])
    high = coarse >= bounds[lines[line]]
    probes, rows = some.start + lines[line[high]], start + column[high]
    scores = np.einsum("nd,nd->n", ready.floats[probes], matrix[rows])
    high = scores >= pool.bounds[probes]
    pool.add(probes[high], rows[high], scores[high])
