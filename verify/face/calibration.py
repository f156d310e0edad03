"""Thresholds with a birth certificate, from the operating points measured with a model.

A fixed 1:1 threshold is meaningless in 1:N: strangers add up with the gallery. With independent comparisons
FPIR(N) = 1 - (1 - FMR)^N, so the FMR to aim at falls with the gallery's size (ISO/IEC 19795-1, open-set search).
Scores between two measured points are interpolated on the logarithm of the rate; nothing is extrapolated.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from verify.errors import PolicyError
from verify.face.engines import Described
from verify.model.score import Threshold
from verify.runtime import ModelCard, load_card

__all__ = ["comparison_threshold", "identification_threshold", "linkage_threshold"]


def identification_threshold(engine: Described, *, fpir: float, gallery_size: int, probes: int = 1) -> Threshold:
    """The score from which a reference becomes a candidate.

    Args:
        engine: whose templates are compared.
        fpir: how often a person who is not in the gallery may yield a candidate at all.
        gallery_size: references that take part.
        probes: pictures of that person that are searched, each of them a chance to err.
    """
    size, probes = max(1, gallery_size), max(1, probes)
    target = -math.expm1(math.log1p(-fpir) / (size * probes))
    return _at_fmr(engine, target, f"FPIR {fpir:g} of {probes} probe(s) at {size} references")


def linkage_threshold(engine: Described, *, fpir: float, faces: int) -> Threshold:
    """The score from which two faces of one batch are shown together, over all pairs of `faces` faces."""
    pairs = max(1, faces * (faces - 1) // 2)
    target = -math.expm1(math.log1p(-fpir) / pairs)
    return _at_fmr(engine, target, f"one false pair in {1 / fpir:g} batches of {faces} faces")


def comparison_threshold(engine: Described, *, fnmr: float) -> Threshold:
    """The score below which a live capture and a portrait call for a second look: `fnmr` of mated pairs fall below."""
    card = _card(engine)
    value, reached = _interpolate(card.operating.fnmr, fnmr)
    return _threshold(engine, card, value, f"FNMR {reached:.2g}{_beyond(reached, fnmr)}")


def _at_fmr(engine: Described, target: float, aim: str) -> Threshold:
    card = _card(engine)
    value, reached = _interpolate(card.operating.fmr, target)
    return _threshold(engine, card, value, f"{aim} (FMR {reached:.2g}{_beyond(reached, target)})")


def _beyond(reached: float, target: float) -> str:
    return "" if math.isclose(reached, target) else ", the aim lies beyond what was measured"


def _card(engine: Described) -> ModelCard:
    card = load_card(engine.card)
    if card.sha256 != engine.model_sha256:
        raise PolicyError(
            f"the network of engine {engine.name} is not the one its card '{engine.card}' was measured with; "
            "no threshold can be given for it"
        )
    return card


def _threshold(engine: Described, card: ModelCard, value: float, rate: str) -> Threshold:
    points = card.operating
    return Threshold(
        round(value, 4), engine.name, engine.model_sha256, rate, points.data_set, points.measured, points.note
    )


def _interpolate(points: Sequence[tuple[float, float]], target: float) -> tuple[float, float]:
    """Score at a rate, and the rate it stands for: the nearest measured one where the target lies outside."""
    if target >= points[0][0]:
        return points[0][1], points[0][0]
    for (high, upper), (low, lower) in pairwise(points):
        if target >= low:
            share = math.log(target / high) / math.log(low / high)
            return upper + share * (lower - upper), target
    return points[-1][1], points[-1][0]
