"""Identification (1:N): which references are most like a probe. Exact, never approximate.

Source: the open-set search of ISO/IEC 19795-1: a candidate is a reference at or above the threshold.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from verify.errors import PolicyError
from verify.gallery.references import References
from verify.gallery.scatter import Searcher, locally
from verify.gallery.search import unit_rows
from verify.model.face import FaceTemplate
from verify.model.score import Threshold

__all__ = ["identify", "identify_all"]

Ranked = tuple[tuple[str, float], ...]


def identify(probe: FaceTemplate, references: References, *, threshold: Threshold, limit: int | None) -> Ranked:
    """Compares a probe with every reference; `identify_all` does it for many at once.

    Returns:
        (reference id, score), the most alike first, ties by reference id; of an entry with several templates
        the most alike one.

    Raises:
        PolicyError: probe, references and threshold are not of the same engine and model, or the probe's
            template has no direction.
    """
    return identify_all([probe], references, threshold=threshold, limit=limit)[0]


def identify_all(
    probes: Sequence[FaceTemplate],
    references: References,
    *,
    threshold: Threshold,
    limit: int | None,
    biases: Sequence[float] | None = None,
    search: Searcher = locally,
) -> tuple[Ranked, ...]:
    """Compares each probe with every reference.

    Products in float32 or int8 find who may be on a list; those few are scored exactly, in one fixed order of
    additions. So the result depends neither on the order of the gallery, nor on the processor, nor on the pass.
    Beside the references it takes some megabytes.

    Args:
        probes: the templates searched.
        references: of entries in force.
        threshold: measured for this engine and model; a cosine, or a cosine with biases.
        limit: longest list of a probe; None for all at or above the threshold.
        biases: added to every score of a probe (cohort normalisation); None for none.
        search: who searches: this process, or the machines of a cluster, with equal results.

    Returns:
        For each probe what `identify` returns.

    Raises:
        PolicyError: as for `identify`.
    """
    for probe in probes:
        _same_origin(probe, references, threshold)
    if not probes:
        return ()
    vectors = _matrix(probes)
    lists: list[list[tuple[str, float]]] = [[] for _ in probes]
    if len(references):
        if vectors.shape[1] != references.templates.dimensions:
            raise PolicyError("the probe's template has another length than the gallery's: enrol anew")
        found = search(
            vectors,
            references.templates,
            least=threshold.value,
            limit=limit,
            kept=references.rows_kept,
            biases=None if biases is None else np.asarray(biases, dtype=np.float32),
        )
        for owner, subject, score in zip(
            found.probes.tolist(), found.subjects.tolist(), found.scores.tolist(), strict=True
        ):
            lists[owner].append((references.all_ids[subject], score))
    return tuple(tuple(one) for one in lists)


def _matrix(probes: Sequence[FaceTemplate]) -> NDArray[np.float32]:
    if len({len(probe.vector) for probe in probes}) != 1:
        raise PolicyError("the probes' templates are of different lengths; capture the faces with one engine")
    vectors = unit_rows(np.array([probe.vector for probe in probes], dtype=np.float32))
    if not np.isfinite(vectors).all():
        raise PolicyError("the probe's template has no direction; capture the face again")
    return vectors


def _same_origin(probe: FaceTemplate, references: References, threshold: Threshold) -> None:
    origin = (references.engine, references.model_sha256)
    if (probe.engine, probe.model_sha256) != origin:
        raise PolicyError(
            f"the probe is of {probe.engine}, the gallery of {references.engine} or another model: enrol anew"
        )
    if (threshold.engine, threshold.model_sha256) != origin:
        raise PolicyError(f"the threshold was measured with {threshold.engine} or another model: measure it again")
