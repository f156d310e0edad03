"""Thresholds with a birth certificate, from the operating points measured with a model, and what a score means.

A fixed 1:1 threshold is meaningless in 1:N: strangers add up with the gallery. With independent comparisons
FPIR(N) = 1 - (1 - FMR)^N, so the FMR to aim at falls with the gallery's size (ISO/IEC 19795-1, open-set search).
Scores between two measured points are interpolated on the logarithm of the rate; nothing is extrapolated. A card has
one table for plain cosines and one for scores normalised by a cohort: their thresholds are never exchanged.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from verify.errors import PolicyError
from verify.face.engines import Described
from verify.face.score import KIND, NORMALISED
from verify.model.score import ComparisonScore, Threshold
from verify.runtime import ModelCard, Operating, load_card

__all__ = [
    "ScoreBand",
    "comparison_threshold",
    "has_table",
    "identification_threshold",
    "linkage_threshold",
    "log_likelihood_ratio",
    "score_band",
]


@dataclass(frozen=True, slots=True)
class ScoreBand:
    """Between which measured false match rates a score lies: what a person is shown in place of a percentage.

    Attributes:
        most: at most this share of pairs of strangers scores so high; None below the whole table.
        least: and more than this share does; None above the whole table.
        data_set: where that was measured.
    """

    most: float | None
    least: float | None
    data_set: str

    def __str__(self) -> str:
        """In words, e.g. "1 of 10,000 to 3 of 10,000 pairs of strangers score this high"."""
        if self.most is None:
            return f"more than {_of(self.least or 1.0)} pairs of strangers score this high"
        if self.least is None:
            return f"fewer than {_of(self.most)} pairs of strangers score this high"
        return f"{_of(self.least)} to {_of(self.most)} pairs of strangers score this high"


def identification_threshold(
    engine: Described, *, fpir: float, gallery_size: int, probes: int = 1, kind: str = KIND
) -> Threshold:
    """The score from which a reference becomes a candidate.

    Args:
        engine: whose templates are compared.
        fpir: how often a person who is not in the gallery may yield a candidate at all.
        gallery_size: references that take part.
        probes: pictures of that person that are searched, each of them a chance to err.
        kind: of scores.

    Raises:
        PolicyError: nothing was measured for this network and kind of scores.
    """
    size, probes = max(1, gallery_size), max(1, probes)
    target = -math.expm1(math.log1p(-fpir) / (size * probes))
    return _at_fmr(engine, target, f"FPIR {fpir:g} of {probes} probe(s) at {size} references", kind)


def linkage_threshold(engine: Described, *, fpir: float, faces: int, kind: str = KIND) -> Threshold:
    """The score from which two faces of one batch are shown together, over all pairs of `faces` faces."""
    pairs = max(1, faces * (faces - 1) // 2)
    target = -math.expm1(math.log1p(-fpir) / pairs)
    return _at_fmr(engine, target, f"one false pair in {1 / fpir:g} batches of {faces} faces", kind)


def comparison_threshold(engine: Described, *, fnmr: float, pair: str = "") -> Threshold:
    """The score below which two pictures call for a second look: `fnmr` of mated pairs fall below.

    Args:
        engine: whose templates are compared.
        fnmr: the share of mated pairs.
        pair: of which kinds they are (a key of `ModelCard.pairs`), empty for photographs. Where the card has no table
            of its own for a document's portrait against a live capture, that for photographs is used.

    Raises:
        PolicyError: nothing was measured for this network, or for such pairs.
    """
    card = _card(engine)
    table = card.pairs.get(pair) or (_table(card, KIND) if pair in ("", "document") else None)
    if table is None:
        raise PolicyError(
            f"the model card of {card.name} has no table [{pair}], so there is no threshold for such pairs"
        )
    value, reached = _interpolate(table.fnmr, fnmr)
    return _threshold(engine, table, value, f"FNMR {reached:.2g}{_beyond(reached, fnmr)}")


def log_likelihood_ratio(engine: Described, score: ComparisonScore) -> float | None:
    """How much more likely the score is of one person than of two: the natural logarithm of the ratio.

    It holds for people such as those it was fitted on and is no probability that two pictures show one person:
    that also depends on who else it may be. None when the card has no fit for this kind of score.

    Raises:
        PolicyError: nothing was measured for this network and kind of scores.
    """
    fit = _table(_card(engine), score.kind).llr
    return None if fit is None else fit[0] + fit[1] * score.value


def score_band(engine: Described, score: ComparisonScore) -> ScoreBand:
    """Between which measured rates a score lies.

    Raises:
        PolicyError: nothing was measured for this network and kind of scores.
    """
    table = _table(_card(engine), score.kind)
    reached = [rate for rate, value in table.fmr if score.value >= value]
    missed = [rate for rate, value in table.fmr if score.value < value]
    return ScoreBand(reached[-1] if reached else None, missed[0] if missed else None, table.data_set)


def has_table(engine: Described, kind: str) -> bool:
    """Whether thresholds were measured for this network and kind of scores."""
    try:
        _table(_card(engine), kind)
    except PolicyError:
        return False
    return True


def _of(rate: float) -> str:
    """A rate in whole people, e.g. "3 of 10,000"."""
    power = math.ceil(-math.log10(rate) - 1e-9)
    return f"{round(rate * 10**power)} of {10**power:,}"


def _at_fmr(engine: Described, target: float, aim: str, kind: str) -> Threshold:
    table = _table(_card(engine), kind)
    value, reached = _interpolate(table.fmr, target)
    return _threshold(engine, table, value, f"{aim} (FMR {reached:.2g}{_beyond(reached, target)})")


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


def _table(card: ModelCard, kind: str) -> Operating:
    table = card.normalised if kind == NORMALISED else card.operating
    if table is None:
        raise PolicyError(f"the model card of {card.name} has no table for the scores '{kind}'")
    return table


def _threshold(engine: Described, table: Operating, value: float, rate: str) -> Threshold:
    return Threshold(
        round(value, 4),
        engine.name,
        engine.model_sha256,
        rate,
        table.data_set,
        table.measured,
        table.note,
        table.kind,
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
