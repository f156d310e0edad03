"""Judgements: what a named person concluded about one question, why, and what that person could see then."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

__all__ = ["Closing", "Conclusion", "Judgement", "ReviewRole"]


class Conclusion(StrEnum):
    """An examiner's conclusions (INTERPOL face procedure), and that the pictures do not allow any."""

    POTENTIAL_CANDIDATE = "Potential candidate"
    NO_CANDIDATE = "No candidate"
    INCONCLUSIVE = "Inconclusive"
    INSUFFICIENT_QUALITY = "Insufficient quality"


class ReviewRole(StrEnum):
    """What a person may do in the review."""

    REVIEWER = "reviewer"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"  # reads everything, judges nothing


@dataclass(frozen=True, slots=True)
class Judgement:
    """One entry of the review. Entries are added, never changed: an undo is an entry of its own.

    Attributes:
        number: 1 for the first of the job.
        item_id: the case.
        question: what was judged, within the case: a candidate or a finding, see `verify.review.questions`.
        reviewer: account name of the person.
        role: in which it was given.
        given: aware UTC time.
        conclusion: None for an undo.
        reasons: codes of `verify.review.reasons`.
        note: in the reviewer's words; empty when none was needed.
        saw_score: whether rank and score had been shown before.
        undoes: number of the reviewer's own entry that this one takes back; 0 for a judgement.
    """

    number: int
    item_id: str
    question: str
    reviewer: str
    role: ReviewRole
    given: dt.datetime
    conclusion: Conclusion | None
    reasons: tuple[str, ...] = ()
    note: str = ""
    saw_score: bool = False
    undoes: int = 0
    kind: Literal["judgement"] = "judgement"


@dataclass(frozen=True, slots=True)
class Closing:
    """The end of a case, or its opening again.

    Attributes:
        number: in the same count as the judgements.
        item_id: the case.
        reviewer: the supervisor.
        given: aware UTC time.
        confirmed: whether independent evidence confirms a potential candidate; None when the case is opened again.
        evidence: what, other than this comparison, confirms it; or why the case is closed or opened again.
    """

    number: int
    item_id: str
    reviewer: str
    given: dt.datetime
    confirmed: bool | None
    evidence: str
    kind: Literal["closing"] = "closing"
