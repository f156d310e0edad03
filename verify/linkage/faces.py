"""One face in several records, and one picture on several documents. Exact, over all pairs of the batch, in blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from verify.face import APPEARANCE_SIDE, NORMALISED, Cohort, cohort_of, fuse_rows, unit
from verify.linkage.presence import Presence
from verify.model.face import FaceRole, FaceTemplate
from verify.model.score import Threshold

__all__ = ["FaceLink", "same_face", "same_portrait"]

_BLOCK = 1024
_SAME_PICTURE = 0.96  # correlation of two appearances
_SAME_TEMPLATE = 0.985  # cosine: one picture scanned twice; see docs/decisions/005-faces.md


@dataclass(frozen=True, slots=True)
class FaceLink:
    """Two presences that a face connects: the pair of faces that is most alike."""

    one: Presence
    other: Presence
    face: FaceTemplate
    other_face: FaceTemplate


def same_face(presences: Sequence[Presence], threshold: Threshold, cohort: Cohort | None = None) -> list[FaceLink]:
    """Pairs of presences with any two faces at or above the threshold, in the order of the batch.

    Only faces of the threshold's own model take part: it says nothing about those of another.

    Args:
        presences: of the batch.
        threshold: of plain cosines, or of normalised scores.
        cohort: what scores are normalised with where the threshold asks for it; None takes the faces themselves.
    """
    model = threshold.model_sha256
    owners = [(index, face) for index, one in enumerate(presences) for face in one.faces if face.model_sha256 == model]
    best: dict[tuple[int, int], tuple[float, FaceTemplate, FaceTemplate]] = {}
    matrix = _unit([face for _i, face in owners])
    biases = _biases(matrix, [index for index, _face in owners], threshold, cohort)
    for row, column, score in _pairs(matrix, threshold.value, biases):
        (i, face), (j, other) = owners[row], owners[column]
        if i != j and score > best.get((i, j), (-np.inf,))[0]:
            best[i, j] = score, face, other
    return [
        FaceLink(presences[i], presences[j], face, other)
        for (i, j), (_score, face, other) in sorted(best.items(), key=lambda e: e[0])
    ]


def same_portrait(presences: Sequence[Presence]) -> list[FaceLink]:
    """Pairs whose document portraits are the very same picture, as far as two scans can tell."""
    owners = [
        (index, face)
        for index, one in enumerate(presences)
        for face in one.faces
        if face.role is FaceRole.PORTRAIT and len(face.appearance) == 2 * APPEARANCE_SIDE**2
    ]
    looks = _centred([face.appearance for _index, face in owners])
    found = []
    for row, column, _score in _pairs(_unit([face for _i, face in owners]), _SAME_TEMPLATE):
        (i, face), (j, other) = owners[row], owners[column]
        alike = face.model_sha256 == other.model_sha256 and float(looks[row] @ looks[column]) >= _SAME_PICTURE
        if i != j and alike:
            found.append(FaceLink(presences[i], presences[j], face, other))
    return found


def _biases(
    matrix: NDArray[np.float32], items: Sequence[int], threshold: Threshold, cohort: Cohort | None
) -> NDArray[np.float32]:
    """What is taken off the scores of each face: nothing for a threshold of plain cosines."""
    if threshold.kind != NORMALISED or not len(matrix):
        return np.zeros(len(matrix), dtype=np.float32)
    if cohort is not None:
        return cohort.biases(matrix)
    present, own = np.unique(np.asarray(items, dtype=np.int64), return_inverse=True)
    people = fuse_rows(matrix, own, len(present))
    itself = cohort_of("the batch itself", people, engine=threshold.engine, model_sha256=threshold.model_sha256)
    return itself.biases(matrix, own=own)


def _unit(faces: Sequence[FaceTemplate]) -> NDArray[np.float32]:
    if not faces:
        return np.zeros((0, 1), dtype=np.float32)
    return unit(np.array([face.vector for face in faces], dtype=np.float32))


def _centred(appearances: Sequence[str]) -> NDArray[np.float32]:
    """Rows whose product is the correlation of two appearances."""
    if not appearances:
        return np.zeros((0, APPEARANCE_SIDE**2), dtype=np.float32)
    rows = np.array([np.frombuffer(bytes.fromhex(text), dtype=np.uint8) for text in appearances], dtype=np.float32)
    return unit(rows - rows.mean(axis=1, keepdims=True))


def _pairs(
    matrix: NDArray[np.float32], least: float, biases: NDArray[np.float32] | None = None
) -> list[tuple[int, int, float]]:
    """(row, column, score) of all pairs above the diagonal whose product, less both biases, is at least `least`."""
    found: list[tuple[int, int, float]] = []
    for start in range(0, len(matrix), _BLOCK):
        scores = matrix[start : start + _BLOCK] @ matrix[start:].T
        if biases is not None:
            scores -= biases[start : start + _BLOCK, None] + biases[start:]
        rows, columns = np.nonzero(scores >= least)
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            if column > row:
                found.append((start + row, start + column, float(scores[row, column])))
    return found
