"""What a score means: bands of measured rates, log-likelihood ratios, and tables that are never exchanged."""

from __future__ import annotations

import dataclasses

import pytest

from verify.errors import PolicyError
from verify.face import (
    KIND,
    NORMALISED,
    Description,
    calibration,
    has_table,
    identification_threshold,
    log_likelihood_ratio,
    score_band,
)
from verify.model.score import ComparisonScore
from verify.runtime import ModelCard, Operating

MODEL = "ab" * 32
ENGINE = Description("invented 1", MODEL, "invented")
PLAIN = Operating(KIND, ((1e-2, 0.4), (1e-3, 0.5), (1e-4, 0.6)), ((1e-2, 0.3),), "set", "2026-11-22", "n", (-9.0, 30.0))
SHIFTED = dataclasses.replace(PLAIN, kind=NORMALISED, fmr=((1e-2, 0.1), (1e-4, 0.2)), llr=None)


@pytest.fixture(autouse=True)
def card(monkeypatch: pytest.MonkeyPatch) -> None:
    made = ModelCard("invented", "none", "none", MODEL, measured=PLAIN, normalised=SHIFTED)
    monkeypatch.setattr(calibration, "load_card", lambda name: made)


def score(value: float, kind: str = KIND) -> ComparisonScore:
    return ComparisonScore(value, kind, ENGINE.name, MODEL)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.1, "more than 1 of 100 pairs"),
        (0.45, "1 of 1,000 to 1 of 100 pairs"),
        (0.5, "1 of 10,000 to 1 of 1,000 pairs"),
        (0.7, "fewer than 1 of 10,000 pairs"),
    ],
)
def test_a_band_is_said_in_pairs_of_strangers_never_in_percent(value: float, said: str) -> None:
    text = str(score_band(ENGINE, score(value)))
    assert text == f"{said} of strangers score this high"
    assert "%" not in text


def test_an_llr_is_of_its_kind_of_score_only() -> None:
    assert log_likelihood_ratio(ENGINE, score(0.4)) == pytest.approx(3.0)
    assert log_likelihood_ratio(ENGINE, score(0.4, NORMALISED)) is None


def test_thresholds_of_plain_and_normalised_scores_are_told_apart() -> None:
    plain = identification_threshold(ENGINE, fpir=1e-4, gallery_size=1)
    normalised = identification_threshold(ENGINE, fpir=1e-4, gallery_size=1, kind=NORMALISED)
    assert (plain.value, plain.kind) == (0.6, KIND)
    assert (normalised.value, normalised.kind) == (0.2, NORMALISED)


def test_a_card_without_a_table_gives_no_threshold(monkeypatch: pytest.MonkeyPatch) -> None:
    made = ModelCard("invented", "none", "none", MODEL, measured=PLAIN)
    monkeypatch.setattr(calibration, "load_card", lambda name: made)
    assert has_table(ENGINE, KIND)
    assert not has_table(ENGINE, NORMALISED)
    with pytest.raises(PolicyError, match="no table"):
        identification_threshold(ENGINE, fpir=1e-4, gallery_size=1, kind=NORMALISED)
