"""How each reviewer judged the cases whose answer is known: errors are counted, never turned into a rank of people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from verify.model.judgement import Conclusion
from verify.review.events import Practised

__all__ = ["FEWEST", "Outcome", "outcomes"]

FEWEST = 30
"""Answers below which a share says nothing: with none wrong in n, up to 3/n may be (rule of three)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one reviewer answered, where the answer is known.

    Attributes:
        reviewer: account name.
        judged: answers that count, taken-back ones left out.
        right: as the known answer.
        missed: "No candidate" where it is the same person.
        false: "Potential candidate" where it is another person.
        undecided: "Inconclusive" or "Insufficient quality".
    """

    reviewer: str
    judged: int
    right: int
    missed: int
    false: int
    undecided: int


def outcomes(practised: Iterable[Practised]) -> tuple[Outcome, ...]:
    """Counts the last answer of each reviewer to each question, by reviewer in order of their names."""
    last: dict[tuple[str, str, str], Practised] = {}
    for one in practised:
        last[one.reviewer, one.case, one.question] = one
    counted = [one for one in last.values() if one.conclusion is not None and one.answer is not None]
    return tuple(
        _outcome(reviewer, [one for one in counted if one.reviewer == reviewer])
        for reviewer in sorted({one.reviewer for one in counted})
    )


def _outcome(reviewer: str, given: list[Practised]) -> Outcome:
    yes, no = Conclusion.POTENTIAL_CANDIDATE, Conclusion.NO_CANDIDATE
    return Outcome(
        reviewer,
        len(given),
        sum(one.conclusion is one.answer for one in given),
        sum((one.conclusion, one.answer) == (no, yes) for one in given),
        sum((one.conclusion, one.answer) == (yes, no) for one in given),
        sum(one.conclusion not in (yes, no) for one in given),
    )
