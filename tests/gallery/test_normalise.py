"""Galleries with a cohort: the same scores as pair by pair, and small galleries without one as ever."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from verify.errors import PolicyError
from verify.face import KIND, NORMALISED, cohort_of, unit
from verify.gallery import identify_all, normalise, references_of
from verify.model.face import Box, FaceQuality, FaceRole, FaceTemplate
from verify.model.score import Threshold

MODEL, ENGINE = "ab" * 32, "invented 1"
THRESHOLD = Threshold(-5.0, ENGINE, MODEL, "none", "none", "2026-11-22", kind=NORMALISED)


def vectors(count: int, seed: int = 0) -> np.ndarray:
    return unit(np.random.default_rng(seed).normal(size=(count, 16)).astype(np.float32))


def gallery(count: int = 150):  # type: ignore[no-untyped-def]
    return references_of([f"r{n:04}" for n in range(count)], vectors(count), engine=ENGINE, model_sha256=MODEL)


def probe(vector: np.ndarray) -> FaceTemplate:
    quality = FaceQuality(60.0, 200.0, 120.0)
    return FaceTemplate(tuple(vector.tolist()), ENGINE, MODEL, FaceRole.LIVE, Box(0, 0, 9, 9), quality)


def test_a_search_gives_the_normalised_scores() -> None:
    cohort = cohort_of("others", vectors(300, 1), engine=ENGINE, model_sha256=MODEL)
    found, face = normalise(gallery(), cohort), probe(vectors(1, 2)[0])
    assert found.kind == NORMALISED
    (ranked,) = identify_all([face], found.references, threshold=THRESHOLD, limit=None, biases=[found.bias_of(face)])
    one, all_ = vectors(1, 2), vectors(150)
    expected = (one @ all_.T)[0] - cohort.biases(one)[0] - cohort.biases(all_)
    assert len(ranked) == 150
    for reference_id, score in ranked:
        assert score == pytest.approx(expected[int(reference_id[1:])], abs=1e-5)


def test_a_gallery_is_its_own_cohort_and_no_entry_counts_for_itself() -> None:
    found = normalise(gallery(), None)
    assert found.cohort is not None
    assert found.cohort.name == "the gallery itself"
    matrix = vectors(150)
    expected = -found.cohort.biases(matrix, own=np.arange(150))
    assert found.references.templates.biases == pytest.approx(expected, abs=3e-6)  # the last digit rounds either way


def test_entries_that_do_not_take_part_are_not_in_the_cohort() -> None:
    found = normalise(gallery().only([f"r{n:04}" for n in range(120)]), None)
    assert found.cohort is not None
    assert len(found.cohort) == 120
    assert len(found.references) == 120


def test_a_small_gallery_keeps_plain_cosines() -> None:
    found = normalise(gallery(99), None)
    assert (found.kind, found.cohort, found.bias_of(probe(vectors(1)[0]))) == (KIND, None, 0.0)


def test_a_cohort_of_another_model_is_refused() -> None:
    other = cohort_of("others", vectors(300, 1), engine=ENGINE, model_sha256="cd" * 32)
    with pytest.raises(PolicyError, match="another model"):
        normalise(gallery(), other)
    found = normalise(gallery(), None)
    with pytest.raises(PolicyError, match="another model"):
        found.bias_of(dataclasses.replace(probe(vectors(1)[0]), model_sha256="cd" * 32))
