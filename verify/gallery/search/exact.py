"""Exact search: for each probe the subjects with the greatest scores, whatever pass found them.

Equal for float32 and int8, for one piece or many, for one machine or several, in ids, scores and order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from verify.gallery.search.floats import float_pass
from verify.gallery.search.layout import Float32s, Int64s, margin_of
from verify.gallery.search.pool import Pool
from verify.gallery.search.products import integer_bits
from verify.gallery.search.quantised import Quantised, quantised_pass
from verify.gallery.search.score import scores_of_pairs

__all__ = ["Found", "Templates", "search"]

_FIRST = 1024  # rows that give the first bounds
_BATCH = 1024  # probes at a time; bounds the memory of the candidates


@dataclass(frozen=True, slots=True)
class Templates:
    """Rows that are searched.

    Attributes:
        matrix: float32 (N x D) of unit rows, or (N x D + 1) with the bias of each row in the last column.
        subjects: int64 (N); whose row it is. Ties are ordered by this number.
        dimensions: D.
        quantised: the same rows for the int8 pass; None for float32.
        most_rows: of one subject.
    """

    matrix: Float32s
    subjects: Int64s
    dimensions: int
    quantised: Quantised | None = None
    most_rows: int = 1

    @property
    def biases(self) -> Float32s | None:
        """Of each row; None when there are none."""
        return self.matrix[:, self.dimensions] if self.matrix.shape[1] > self.dimensions else None


@dataclass(frozen=True, slots=True)
class Found:
    """Candidates of all probes: by probe, the greatest score first, ties by subject; each subject once a probe.

    Attributes:
        probes: int64 (C).
        subjects: int64 (C).
        scores: float64 (C), with both biases.
    """

    probes: Int64s
    subjects: Int64s
    scores: NDArray[np.float64]


def search(
    probes: Float32s,
    templates: Templates,
    *,
    least: float = -np.inf,
    limit: int | None = None,
    kept: NDArray[np.bool_] | None = None,
    biases: Float32s | None = None,
) -> Found:
    """Searches a batch of probes.

    Args:
        probes: float32 (P x D), unit rows.
        templates: what is searched.
        least: score from which a subject is a candidate, biases included.
        limit: longest list of a probe; None for all from `least` on.
        kept: of each row, whether it takes part; None for all.
        biases: of each probe; None for none.
    """
    parts = []
    for start in range(0, len(probes), _BATCH):
        batch = slice(start, start + _BATCH)
        own = None if biases is None else biases[batch]
        found = _batch(np.ascontiguousarray(probes[batch]), templates, least, limit, kept, own)
        parts.append(Found(found.probes + start, found.subjects, found.scores))
    nobody = Found(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0))
    return parts[0] if len(parts) == 1 else _joined([nobody, *parts])


def _joined(parts: list[Found]) -> Found:
    return Found(
        np.concatenate([one.probes for one in parts]),
        np.concatenate([one.subjects for one in parts]),
        np.concatenate([one.scores for one in parts]),
    )


def _batch(
    probes: Float32s,
    templates: Templates,
    least: float,
    limit: int | None,
    kept: NDArray[np.bool_] | None,
    own: Float32s | None,
) -> Found:
    of_rows = templates.biases
    added = np.zeros(len(probes)) if own is None else own.astype(np.float64)
    largest = 0.0 if of_rows is None else float(np.abs(of_rows).max(initial=0.0))
    margin = margin_of(templates.dimensions, largest)
    lowest = np.maximum(least - added, -4.0 - largest).astype(np.float32)
    pool = Pool(templates.subjects, lowest, limit, margin)
    asked = probes if of_rows is None else np.hstack([probes, np.ones((len(probes), 1), dtype=np.float32)])
    if limit is None or limit > 0:
        rows = None if kept is None or kept.all() else np.flatnonzero(kept)
        if limit is not None:
            _prime(asked, templates.matrix, rows, pool, limit * templates.most_rows)
        if templates.quantised is not None and integer_bits():
            quantised_pass(asked, templates.matrix, None if rows is None else kept, pool, templates.quantised)
        else:
            float_pass(asked, templates.matrix, rows, pool)
    return _ranked(probes, templates, pool, least, limit, added)


def _prime(probes: Float32s, matrix: Float32s, rows: Int64s | None, pool: Pool, enough: int) -> None:
    """Raises the bounds by the first rows, of which the best `enough` belong to as many subjects as are wanted."""
    first = matrix[:_FIRST] if rows is None else matrix[rows[:_FIRST]]
    if enough <= len(first):
        pool.raise_bounds(np.partition(probes @ first.T, -enough, axis=1)[:, -enough])


def _ranked(
    probes: Float32s, templates: Templates, pool: Pool, least: float, limit: int | None, added: NDArray[np.float64]
) -> Found:
    owners, rows, _ = pool.pairs()
    scores = scores_of_pairs(probes[owners], templates.matrix[rows, : templates.dimensions]) + added[owners]
    if templates.biases is not None:
        scores += templates.biases[rows]
    subjects = templates.subjects[rows]
    high = scores >= least
    owners, subjects, scores = owners[high], subjects[high], scores[high]
    order = np.lexsort((subjects, -scores, owners))
    owners, subjects, scores = owners[order], subjects[order], scores[order]
    _, first = np.unique(owners * (int(subjects.max(initial=0)) + 1) + subjects, return_index=True)
    best = np.sort(first)
    owners, subjects, scores = owners[best], subjects[best], scores[best]
    rank = np.arange(len(owners)) - np.searchsorted(owners, owners)
    short = rank < (len(rank) if limit is None else limit)
    return Found(owners[short], subjects[short], scores[short])
