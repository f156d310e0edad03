"""Searches whose scores are normalised by a cohort: by the site's own, or by the gallery itself."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from verify.face import KIND, LEAST_COHORT, NORMALISED, Cohort, cohort_of, fuse_rows
from verify.gallery.references import References
from verify.model.face import FaceTemplate

__all__ = ["Normalised", "normalise"]

_MOST = 5000  # entries of a gallery that are its cohort: more tell no more, and the cost grows with their number


@dataclass(frozen=True, slots=True)
class Normalised:
    """References and what their scores are normalised with. Made by `normalise`.

    Attributes:
        references: with a bias a row where there is a cohort.
        cohort: None where scores stay plain cosines.
    """

    references: References
    cohort: Cohort | None

    @property
    def kind(self) -> str:
        """Of scores, for the choice of a threshold."""
        return KIND if self.cohort is None else NORMALISED

    def bias_of(self, probe: FaceTemplate) -> float:
        """What is added to each score of a probe.

        Raises:
            PolicyError: it comes from another model.
        """
        return 0.0 if self.cohort is None else -self.cohort.bias(probe)


def normalise(references: References, cohort: Cohort | None) -> Normalised:
    """Gives each reference its bias, so that a search stays one matrix product.

    Args:
        references: without biases.
        cohort: of strangers, by the site; None takes the references that take part, no entry counting for its own
            bias. Of fewer than `LEAST_COHORT` entries the scores stay plain cosines.

    Raises:
        PolicyError: the cohort is of another engine, or another version or model of it.
    """
    own = None
    if cohort is None:
        if len(references) < LEAST_COHORT:
            return Normalised(references, None)
        own, people = _people(references)
        cohort = cohort_of("the gallery itself", people, engine=references.engine, model_sha256=references.model_sha256)
    else:
        cohort.refuse_others(references.engine, references.model_sha256)
    biases = -cohort.biases(references.matrix, own=own)
    templates = replace(references.templates, matrix=np.hstack([references.matrix, biases[:, None]]), quantised=None)
    return Normalised(replace(references, templates=templates), cohort)


def _people(references: References) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The row of the cohort that each template belongs to (-1 for none), and the rows, evenly from all entries."""
    kept = np.arange(len(references.all_ids)) if references.kept is None else np.flatnonzero(references.kept)
    chosen = kept[np.linspace(0, len(kept) - 1, min(len(kept), _MOST)).round().astype(np.int64)]
    places = np.full(len(references.all_ids), -1, dtype=np.int64)
    places[chosen] = np.arange(len(chosen))
    own = places[references.numbers]
    return own, fuse_rows(references.matrix[own >= 0], own[own >= 0], len(chosen))
