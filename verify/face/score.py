"""Comparing two templates. The score carries its engine and model; templates of different models never meet."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from verify.errors import PolicyError
from verify.model.face import FaceTemplate
from verify.model.score import ComparisonScore

__all__ = ["KIND", "NORMALISED", "compare", "unit"]

KIND = "cosine similarity"
NORMALISED = "cohort-normalised cosine"  # verify.face.cohort


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Vectors (... x D) scaled to length one; a zero vector stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), dtype=np.float32)


def compare(probe: FaceTemplate, reference: FaceTemplate) -> ComparisonScore:
    """Compares one template with another (1:1): the cosine of their angle, -1 to 1, greater is more alike.

    Raises:
        PolicyError: they come from different engines, or versions or models of one.
    """
    if (probe.engine, probe.model_sha256) != (reference.engine, reference.model_sha256):
        raise PolicyError("templates of different engines cannot be compared; enrol the reference again")
    a, b = unit(np.array([probe.vector, reference.vector], dtype=np.float32))
    return ComparisonScore(float(a @ b), KIND, probe.engine, probe.model_sha256)
