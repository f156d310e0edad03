"""The score that decides: reproducible on any machine, in any order of the gallery, by any engine.

Blocked products only say who may be on a list; their last digits depend on the processor. What stands in a list is
computed here: each product of two float32 values is exact in float64, and the products are added in one fixed tree of
element-wise additions, which IEEE 754 makes equal everywhere. Its error is below 1e-15.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from verify.gallery.search.layout import Float32s

__all__ = ["scores_of_pairs", "unit_rows"]

_PAIRS = 1 << 9  # at once: 0.5 MB of float64 at 128 values a template, which stays in the cache


def unit_rows(vectors: Float32s) -> Float32s:
    """Rows (N x D) scaled to length one; a row without a direction (zero, not finite) becomes NaN."""
    scaled = np.empty(vectors.shape, dtype=np.float32)
    for start in range(0, len(vectors), _PAIRS):
        part = vectors[start : start + _PAIRS].astype(np.float64)
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            length = np.sqrt(_tree(part * part))[:, None]
            scaled[start : start + _PAIRS] = np.where((length > 0) & np.isfinite(length), part / length, np.nan)
    return scaled


def scores_of_pairs(probes: Float32s, references: Float32s) -> NDArray[np.float64]:
    """Cosines of unit rows, pair by pair (N x D with N x D), between -1 and 1."""
    found = np.empty(len(probes), dtype=np.float64)
    for start in range(0, len(probes), _PAIRS):
        part = slice(start, start + _PAIRS)
        found[part] = _tree(probes[part].astype(np.float64) * references[part])
    return np.clip(found, -1.0, 1.0)


def _tree(terms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sums of rows: the second half is added to the first until one column is left."""
    while terms.shape[1] > 1:
        half = (terms.shape[1] + 1) // 2
        rest = terms.shape[1] - half
        head = terms[:, :half].copy()
        head[:, :rest] += terms[:, half:]
        terms = head
    return terms[:, 0] if terms.shape[1] else np.zeros(len(terms))
