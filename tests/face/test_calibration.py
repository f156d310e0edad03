"""Thresholds: inside what was measured, stricter for larger galleries, and none for another model."""

from __future__ import annotations

import dataclasses
import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.errors import PolicyError
from verify.face import Description, comparison_threshold, identification_threshold, linkage_threshold
from verify.face.calibration import _interpolate
from verify.runtime import load_card

CARD = load_card("dlib-resnet-v1")
ENGINE = Description("dlib 20", CARD.sha256, "dlib-resnet-v1")
FMR, FNMR = CARD.operating.fmr, CARD.operating.fnmr
LOWEST, HIGHEST = FMR[0][1], FMR[-1][1]

targets = st.floats(1e-4, 0.5)
sizes = st.integers(1, 100_000)


@pytest.mark.parametrize("points", [FMR, FNMR], ids=["FMR", "FNMR"])
def test_the_measured_points_are_met_exactly(points: tuple[tuple[float, float], ...]) -> None:
    for rate, score in points:
        assert _interpolate(points, rate) == (pytest.approx(score, abs=1e-12), rate)


@pytest.mark.parametrize("points", [FMR, FNMR], ids=["FMR", "FNMR"])
def test_half_way_in_the_rates_logarithm_is_half_way_in_score(points: tuple[tuple[float, float], ...]) -> None:
    for (high, upper), (low, lower) in pairwise(points):
        value, reached = _interpolate(points, math.sqrt(high * low))
        assert value == pytest.approx((upper + lower) / 2)
        assert reached == pytest.approx(math.sqrt(high * low))


@pytest.mark.parametrize("points", [FMR, FNMR], ids=["FMR", "FNMR"])
def test_nothing_is_extrapolated(points: tuple[tuple[float, float], ...]) -> None:
    assert _interpolate(points, 0.9) == (points[0][1], points[0][0])
    assert _interpolate(points, 1e-12) == (points[-1][1], points[-1][0])


@given(targets, sizes, sizes)
def test_a_larger_gallery_never_has_a_lower_threshold(fpir: float, one: int, other: int) -> None:
    small, large = sorted((one, other))
    low = identification_threshold(ENGINE, fpir=fpir, gallery_size=small).value
    high = identification_threshold(ENGINE, fpir=fpir, gallery_size=large).value
    assert LOWEST <= low <= high <= HIGHEST


@given(targets, targets, sizes)
def test_a_stricter_aim_never_has_a_lower_threshold(one: float, other: float, size: int) -> None:
    strict, lenient = sorted((one, other))
    high = identification_threshold(ENGINE, fpir=strict, gallery_size=size).value
    assert high >= identification_threshold(ENGINE, fpir=lenient, gallery_size=size).value


def test_thresholds_do_grow_with_the_gallery() -> None:
    values = [identification_threshold(ENGINE, fpir=0.01, gallery_size=size).value for size in (1, 10, 100, 1000)]
    assert values == sorted(set(values))


@pytest.mark.parametrize("rate", [rate for rate, _score in FMR])
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_the_false_positive_rate_of_a_search_is_that_of_its_comparisons(rate: float, size: int) -> None:
    fpir = 1 - (1 - rate) ** size  # ISO/IEC 19795-1: independent comparisons
    if fpir < 1:
        threshold = identification_threshold(ENGINE, fpir=fpir, gallery_size=size)
        assert threshold.value == pytest.approx(dict(FMR)[rate], abs=1e-4)


def test_one_reference_is_a_comparison() -> None:
    assert identification_threshold(ENGINE, fpir=1e-3, gallery_size=1).value == pytest.approx(dict(FMR)[1e-3], abs=1e-4)


def test_each_picture_of_a_person_is_a_chance_to_err() -> None:
    two = identification_threshold(ENGINE, fpir=0.01, gallery_size=50, probes=2)
    assert two.value == identification_threshold(ENGINE, fpir=0.01, gallery_size=100).value
    assert "2 probe" in two.rate


def test_an_empty_gallery_has_a_threshold_too() -> None:
    one, none = (identification_threshold(ENGINE, fpir=0.01, gallery_size=size) for size in (1, 0))
    assert one == none


def test_every_pair_of_a_batch_counts() -> None:
    search = identification_threshold(ENGINE, fpir=0.01, gallery_size=20 * 19 // 2)
    batch = linkage_threshold(ENGINE, fpir=0.01, faces=20)
    assert batch.value == search.value
    assert "20 faces" in batch.rate


@pytest.mark.parametrize("faces", [0, 1, 2])
def test_a_batch_of_hardly_any_faces(faces: int) -> None:
    assert linkage_threshold(ENGINE, fpir=0.01, faces=faces).value == pytest.approx(dict(FMR)[1e-2], abs=1e-4)


def test_what_was_not_measured_is_said() -> None:
    inside = identification_threshold(ENGINE, fpir=0.01, gallery_size=100)
    beyond = identification_threshold(ENGINE, fpir=0.001, gallery_size=100_000)
    assert "beyond what was measured" not in inside.rate
    assert "beyond what was measured" in beyond.rate
    assert f"FMR {FMR[-1][0]:.2g}" in beyond.rate, "the rate it stands for, not the one aimed at"
    assert beyond.value == HIGHEST


def test_a_comparison_threshold_names_the_rate_it_stands_for() -> None:
    assert comparison_threshold(ENGINE, fnmr=0.01).value == pytest.approx(dict(FNMR)[1e-2], abs=1e-4)
    assert "FNMR 0.01" in comparison_threshold(ENGINE, fnmr=0.01).rate
    lowest = comparison_threshold(ENGINE, fnmr=1e-9)
    assert (lowest.value, lowest.rate) == (
        FNMR[-1][1],
        f"FNMR {FNMR[-1][0]:.2g}, the aim lies beyond what was measured",
    )


def test_a_threshold_has_a_birth_certificate() -> None:
    threshold = identification_threshold(ENGINE, fpir=0.01, gallery_size=12)
    assert (threshold.engine, threshold.model_sha256) == (ENGINE.name, CARD.sha256)
    assert threshold.data_set == CARD.operating.data_set
    assert threshold.measured == CARD.operating.measured
    assert threshold.note == CARD.operating.note
    assert threshold.rate.startswith("FPIR 0.01")
    assert "at 12 references" in threshold.rate


@pytest.mark.parametrize(
    "give",
    [
        lambda engine: identification_threshold(engine, fpir=0.01, gallery_size=10),
        lambda engine: linkage_threshold(engine, fpir=0.01, faces=10),
        lambda engine: comparison_threshold(engine, fnmr=0.01),
    ],
    ids=["identification", "linkage", "comparison"],
)
def test_another_network_gets_no_threshold(give) -> None:  # type: ignore[no-untyped-def]
    other = dataclasses.replace(ENGINE, model_sha256="cd" * 32)
    with pytest.raises(PolicyError, match="no threshold"):
        give(other)
