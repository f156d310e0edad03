"""Scores: a cosine that knows its model."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from verify.errors import PolicyError
from verify.face import KIND, compare, unit
from verify.model.face import Box, FaceQuality, FaceRole, FaceTemplate

numbers = st.floats(-100, 100, width=32)
vectors = st.tuples(numbers, numbers, numbers, numbers)


def template(vector: tuple[float, ...]) -> FaceTemplate:
    return FaceTemplate(vector, "invented 1", "ab" * 32, FaceRole.LIVE, Box(0, 0, 1, 1), FaceQuality(1.0, 1.0, 1.0))


@pytest.mark.parametrize(
    ("one", "other", "cosine"),
    [((3, 4), (3, 4), 1.0), ((3, 4), (-6, -8), -1.0), ((1, 0), (0, 5), 0.0), ((1, 0), (1, 1), 2**-0.5),
     ((0, 0), (1, 1), 0.0)],
)  # fmt: skip
def test_the_score_is_the_cosine_of_the_angle(one: tuple[int, int], other: tuple[int, int], cosine: float) -> None:
    assert compare(template(one), template(other)).value == pytest.approx(cosine, abs=1e-6)


@given(vectors, vectors)
def test_it_is_symmetric_and_bounded(one: tuple[float, ...], other: tuple[float, ...]) -> None:
    value = compare(template(one), template(other)).value
    assert value == pytest.approx(compare(template(other), template(one)).value, abs=1e-6)
    assert -1 - 1e-5 <= value <= 1 + 1e-5


@given(vectors, st.floats(0.01, 100))
def test_length_does_not_count(vector: tuple[float, ...], factor: float) -> None:
    assume(np.linalg.norm(vector) > 1e-3)
    longer = tuple(value * factor for value in vector)
    assert compare(template(vector), template(longer)).value == pytest.approx(1.0, abs=1e-4)


def test_it_carries_its_origin() -> None:
    score = compare(template((1, 0)), template((1, 1)))
    assert (score.kind, score.engine, score.model_sha256) == (KIND, "invented 1", "ab" * 32)


@pytest.mark.parametrize("origin", [{"model_sha256": "cd" * 32}, {"engine": "invented 2"}])
def test_templates_of_different_models_or_versions_never_meet(origin: dict[str, str]) -> None:
    other = dataclasses.replace(template((1, 0)), **origin)  # type: ignore[arg-type]
    with pytest.raises(PolicyError, match="enrol the reference again"):
        compare(template((1, 0)), other)


@given(st.lists(vectors, min_size=1, max_size=5))
def test_unit_vectors_have_length_one_and_zero_stays_zero(rows: list[tuple[float, ...]]) -> None:
    scaled = unit(np.array(rows, dtype=np.float32))
    assert scaled.dtype == np.float32
    for row, made in zip(rows, scaled, strict=True):
        if any(row):
            assume(np.linalg.norm(np.array(row, dtype=np.float32)) > 1e-30)
            assert float(np.linalg.norm(made)) == pytest.approx(1.0, abs=1e-5)
        else:
            assert not made.any()
