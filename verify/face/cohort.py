"""Cohort normalisation: a score counts by how much it stands out from what the same face scores with strangers.

An engine finds some people more alike than others: toddlers above all, and the groups its training saw little of. The
mean similarity of a face to its nearest strangers tells how crowded its part of the template space is, and half of it
is taken off each score: s - (m_a + m_b) / 2. That is one bias a template, so a search stays one matrix product. No
label of age, sex or origin takes part (docs/decisions/013-face-fairness.md; it is the top-K form of the cohort
normalisations of speaker recognition: Auckenthaler et al., "Score normalization for text-independent speaker
verification", 2000).

The nearest are a share of the cohort and not a number of people, so that thresholds do not follow its size.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from verify.errors import PolicyError, UsageError
from verify.face.score import unit
from verify.model.face import FaceTemplate

__all__ = ["LEAST_COHORT", "Cohort", "cohort_of", "nearest_of"]

LEAST_COHORT = 100
"""People below which nothing is normalised: their nearest say too little."""

_SHARE = 0.01  # of the cohort, who are a face's nearest
_LEAST_NEAREST = 5
_BLOCK = 1024
_DIGITS = 6  # a product's last digits depend on the processor; a bias must not


@dataclass(frozen=True, slots=True)
class Cohort:
    """Faces of many people that other faces are held against. Made by `cohort_of`.

    Attributes:
        name: for people, e.g. "the gallery itself".
        engine: name and version.
        model_sha256: of the embedding network.
        matrix: float32 (M x D); rows of length one, one a person.
        version: SHA-256 over model and matrix.
    """

    name: str
    engine: str
    model_sha256: str
    matrix: NDArray[np.float32] = field(repr=False, compare=False)
    version: str

    def __len__(self) -> int:
        """People in it."""
        return len(self.matrix)

    def biases(self, vectors: NDArray[np.float32], *, own: NDArray[np.int64] | None = None) -> NDArray[np.float32]:
        """Half the mean similarity of each vector to its nearest of the cohort.

        Args:
            vectors: float32 (N x D), of length one.
            own: int64 (N); the row of the cohort that is the same person, which does not count; -1 where there is none.

        Returns:
            float32 (N), rounded to six digits.
        """
        biases = np.empty(len(vectors), dtype=np.float32)
        for start in range(0, len(vectors), _BLOCK):
            scores = vectors[start : start + _BLOCK] @ self.matrix.T
            if own is not None:
                rows = np.flatnonzero(own[start : start + _BLOCK] >= 0)
                scores[rows, own[start : start + _BLOCK][rows]] = -np.inf
            nearest = nearest_of(len(self))
            top = np.sort(np.partition(scores, -nearest, axis=1)[:, -nearest:], axis=1)
            biases[start : start + _BLOCK] = np.round(top.mean(axis=1, dtype=np.float64) / 2, _DIGITS)
        return biases

    def refuse_others(self, engine: str, model_sha256: str) -> None:
        """Refuses templates of another engine, of another version of it, or of another model.

        Raises:
            PolicyError: naming both.
        """
        if (engine, model_sha256) != (self.engine, self.model_sha256):
            raise PolicyError(
                f"cohort '{self.name}' was built with {self.engine} or another model, the templates are of {engine}; "
                "build it anew with this engine"
            )

    def bias(self, face: FaceTemplate) -> float:
        """Of one template.

        Raises:
            PolicyError: it comes from another engine, or another version of it.
        """
        self.refuse_others(face.engine, face.model_sha256)
        return float(self.biases(unit(np.array([face.vector], dtype=np.float32)))[0])


def nearest_of(size: int) -> int:
    """How many of a cohort of that size are a face's nearest."""
    return max(_LEAST_NEAREST, math.ceil(_SHARE * size))


def cohort_of(
    name: str, vectors: NDArray[np.float32] | Sequence[Sequence[float]], *, engine: str, model_sha256: str
) -> Cohort:
    """A cohort from one vector a person.

    Args:
        name: for people.
        vectors: float32 (M x D), as the engine gives them.
        engine: name and version.
        model_sha256: of the embedding network.

    Raises:
        UsageError: too few people to say anything, or a vector without a direction.
    """
    matrix = np.asarray(vectors, dtype=np.float32)
    if matrix.size and not np.allclose(np.linalg.norm(matrix, axis=1), 1.0, rtol=0, atol=1e-6):
        matrix = unit(matrix)  # not again what is unit already: the version has to stay the same
    if len(matrix) < LEAST_COHORT:
        raise UsageError(f"cohort '{name}': {len(matrix)} faces are too few, it takes {LEAST_COHORT} people at least")
    if not np.allclose(np.einsum("nd,nd->n", matrix, matrix), 1.0, atol=1e-3):
        raise UsageError(f"cohort '{name}': a template has no direction; leave its picture out")
    digest = hashlib.sha256(model_sha256.encode() + matrix.astype("<f4").tobytes()).hexdigest()
    return Cohort(name, engine, model_sha256, matrix, digest)
