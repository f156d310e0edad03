"""Identification (1:N): which references are most like a probe. Exact, never approximate.

Source: the open-set search of ISO/IEC 19795-1: a candidate is a reference at or above the threshold.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from verify.errors import PolicyError
from verify.face import unit
from verify.gallery.references import References
from verify.model.face import FaceTemplate
from verify.model.score import Threshold

__all__ = ["identify"]

_ROUNDING = 1e-5  # more than a sum of float32 products can be off; what is this close is summed exactly
_BLOCK = 1 << 16


def identify(
    probe: FaceTemplate, references: References, *, threshold: Threshold, limit: int
) -> tuple[tuple[str, float], ...]:
    """Compares a probe with every reference.

    A matrix product finds who may be on the list; their cosines are then summed exactly, so that the result
    does not depend on the order of the gallery or on the processor's way of adding. Beside the references it
    takes 8 bytes an entry and 65,536 scores at a time.

    Args:
        probe: the template searched.
        references: of entries in force.
        threshold: measured for this engine and model; a cosine.
        limit: longest list.

    Returns:
        (reference id, cosine), the most alike first, ties by reference id; of an entry with several templates
        the most alike one.

    Raises:
        PolicyError: probe, references and threshold are not of the same engine and model, or the probe's
            template has no direction.
    """
    _same_origin(probe, references, threshold)
    vector = unit(np.asarray(probe.vector, dtype=np.float32))
    if not math.isclose(float(vector @ vector), 1.0, abs_tol=1e-3):
        raise PolicyError("the probe's template has no direction; capture the face again")
    if not len(references) or limit < 1:
        return ()
    best = _best_scores(vector, references)
    last = np.partition(best, -limit)[-limit] if limit < best.size else -1.0
    floor = max(float(last), threshold.value) - _ROUNDING
    near = np.flatnonzero(best >= floor)
    rows = np.flatnonzero(np.isin(references.numbers, near))
    exact: dict[str, float] = {}
    for row in rows:
        reference_id = references.ids[references.numbers[row]]
        score = _exact(vector, references.matrix[row])
        exact[reference_id] = max(score, exact.get(reference_id, -1.0))
    found = sorted(exact.items(), key=lambda one: (-one[1], one[0]))
    return tuple(one for one in found if one[1] >= threshold.value)[:limit]


def _same_origin(probe: FaceTemplate, references: References, threshold: Threshold) -> None:
    origin = (references.engine, references.model_sha256)
    if (probe.engine, probe.model_sha256) != origin:
        raise PolicyError(
            f"the probe is of {probe.engine}, the gallery of {references.engine} or another model: enrol anew"
        )
    if (threshold.engine, threshold.model_sha256) != origin:
        raise PolicyError(f"the threshold was measured with {threshold.engine} or another model: measure it again")


def _best_scores(vector: NDArray[np.float32], references: References) -> NDArray[np.float32]:
    """The greatest cosine of each entry, as float32 arithmetic gives it."""
    best = np.full(len(references), -2.0, dtype=np.float32)
    for start in range(0, len(references.matrix), _BLOCK):
        block = slice(start, start + _BLOCK)
        np.maximum.at(best, references.numbers[block], references.matrix[block] @ vector)
    return best


def _exact(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """The sum of the products, rounded once; 1 at most."""
    total = math.fsum(a * b for a, b in zip(one.tolist(), other.tolist(), strict=True))
    return min(1.0, max(-1.0, total))
