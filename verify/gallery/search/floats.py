"""The float32 pass: blocked matrix products, and a look at each tile while it is in the cache."""

from __future__ import annotations

import numpy as np

from verify.gallery.search.layout import Float32s, Int64s, Tiling, spans
from verify.gallery.search.look import groups_of, parts_of
from verify.gallery.search.pool import Pool
from verify.gallery.search.products import float_products

__all__ = ["float_pass"]


def float_pass(probes: Float32s, matrix: Float32s, kept: Int64s | None, pool: Pool) -> None:
    """Puts into the pool every pair that reaches its bound.

    Args:
        probes: P x D.
        matrix: N x D.
        kept: rows that take part, ascending; None for all.
        pool: empty.
    """
    rows = len(matrix) if kept is None else len(kept)
    tiling = Tiling.of(len(probes))
    products = [(part, float_products(probes[part], rows)) for part in parts_of(len(probes), tiling)]
    groups = groups_of(products, min(rows, tiling.rows), np.float32)
    for start, end in spans(rows, tiling.rows, pool.limited):
        limits = [group.look.abreast(pool.bounds[group.part]) for group in groups]
        for row in range(start, end, tiling.rows):
            stop = min(end, row + tiling.rows)
            piece = matrix[row:stop] if kept is None else matrix[kept[row:stop]]
            for group, least in zip(groups, limits, strict=True):
                group.products.into(group.look.tile(len(piece)), piece)
                found = group.look.at(len(piece), least)
                if found is not None:
                    places, owners, scores = found
                    pool.add(owners + group.part.start, row + places if kept is None else kept[row + places], scores)
        pool.settle()
