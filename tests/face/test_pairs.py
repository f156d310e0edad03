"""Thresholds of pairs of one kind each: portrait and live capture, printed portrait and chip, portrait and ghost."""

from __future__ import annotations

import dataclasses

import pytest

from verify.errors import PolicyError
from verify.face import Description, calibration, comparison_threshold
from verify.runtime import ModelCard, Operating

MODEL = "ab" * 32
ENGINE = Description("invented engine 1", MODEL, "invented")


def table(level: float) -> Operating:
    points = ((1e-1, level + 0.1), (1e-2, level))
    return Operating("cosine similarity", points, points, f"invented, {level}", "2026-11-22", "invented")


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> ModelCard:
    made = ModelCard("invented", "none", "none", MODEL, measured=table(0.5), pairs={"ghost": table(0.3)})
    monkeypatch.setattr(calibration, "load_card", lambda _name: made)
    return made


def test_each_kind_of_pair_has_its_own_table(card: ModelCard, monkeypatch: pytest.MonkeyPatch) -> None:
    assert comparison_threshold(ENGINE, fnmr=0.01).value == 0.5
    assert comparison_threshold(ENGINE, fnmr=0.01, pair="ghost").value == 0.3
    assert comparison_threshold(ENGINE, fnmr=0.01, pair="ghost").data_set == "invented, 0.3"
    more = dataclasses.replace(card, pairs={"document": table(0.4), "chip": table(0.6)})
    monkeypatch.setattr(calibration, "load_card", lambda _name: more)
    assert comparison_threshold(ENGINE, fnmr=0.01, pair="document").value == 0.4
    assert comparison_threshold(ENGINE, fnmr=0.01, pair="chip").value == 0.6


def test_only_a_live_capture_may_borrow_the_table_of_photographs(card: ModelCard) -> None:
    assert comparison_threshold(ENGINE, fnmr=0.01, pair="document").value == 0.5
    with pytest.raises(PolicyError, match=r"\[chip\]"):
        comparison_threshold(ENGINE, fnmr=0.01, pair="chip")
