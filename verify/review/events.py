"""Events of the review that are about the review itself: its further terms, and the known-answer cases in it.

Like all events they name no traveller. A judgement on a known-answer case is kept here and nowhere else: it is no
decision of the job.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from verify.ledger import Event, StoredEvent
from verify.model.judgement import Conclusion, Judgement, ReviewRole
from verify.report.earlier import question_digest

__all__ = ["Practised", "judgement_of", "practised", "practised_event", "practised_in", "terms_event"]

_PRACTISED = "known_answer_judged"
_SEPARATOR = " "


@dataclass(frozen=True, slots=True)
class Practised:
    """A judgement on a known-answer case.

    Attributes:
        reviewer: who judged.
        given: when, aware UTC time.
        case: of the set of known answers, by its own id.
        question: its digest.
        conclusion: None when the judgement was taken back.
        answer: the true one; None for a question of such a case that has no known answer.
        reasons: codes.
        saw_score: whether rank and score had been shown before.
    """

    reviewer: str
    given: dt.datetime
    case: str
    question: str
    conclusion: Conclusion | None
    answer: Conclusion | None
    reasons: tuple[str, ...] = ()
    saw_score: bool = False


def terms_event(
    actor: str, purpose: str, *, remember: bool, judged_before: int, known_answers: int, known_sha256: str
) -> Event:
    """On which further terms a review is opened: whether pairs are remembered, how many known-answer cases it has."""
    detail: dict[str, str | int | bool] = {"remember": remember, "judged_before": judged_before}
    detail |= {"known_answers": known_answers, "known_answers_sha256": known_sha256}
    return Event("review_terms", actor, purpose, detail)


def practised(entry: Judgement, case: str, answer: Conclusion | None) -> Practised:
    """What is kept of a judgement on a known-answer case: not its note, which is free text."""
    question = question_digest(entry.question)
    return Practised(
        entry.reviewer, entry.given, case, question, entry.conclusion, answer, entry.reasons, entry.saw_score
    )


def judgement_of(one: Practised, place: tuple[str, str], told: Sequence[Judgement]) -> Judgement:
    """A judgement as it is shown, of what was kept of it: on this item and question, after those told before."""
    own = [earlier.number for earlier in told if earlier.reviewer == one.reviewer and earlier.conclusion]
    return Judgement(
        len(told) + 1,
        *place,
        one.reviewer,
        ReviewRole.REVIEWER,
        one.given,
        one.conclusion,
        one.reasons,
        saw_score=one.saw_score,
        undoes=own[-1] if own and one.conclusion is None else 0,
    )


def practised_event(purpose: str, one: Practised) -> Event:
    """A person judged a known-answer case, or took such a judgement back."""
    detail = {
        "known_case": one.case,
        "question_sha256": one.question,
        "conclusion": one.conclusion.value if one.conclusion else None,
        "answer": one.answer.value if one.answer else None,
        "reasons": _SEPARATOR.join(one.reasons),
        "saw_score": one.saw_score,
    }
    return Event(_PRACTISED, one.reviewer, purpose, detail)


def practised_in(events: Iterable[StoredEvent]) -> Iterator[Practised]:
    """The judgements on known-answer cases in the log of a job, in order."""
    for event in events:
        if _PRACTISED.encode() not in event.body:
            continue
        members = event.fields()
        detail = members.get("detail")
        if members.get("action") == _PRACTISED and isinstance(detail, dict):
            yield Practised(
                str(members["actor"]),
                dt.datetime.fromisoformat(str(members["utc"])),
                str(detail["known_case"]),
                str(detail["question_sha256"]),
                Conclusion(detail["conclusion"]) if detail["conclusion"] else None,
                Conclusion(detail["answer"]) if detail["answer"] else None,
                tuple(str(detail["reasons"]).split(_SEPARATOR)) if detail["reasons"] else (),
                bool(detail["saw_score"]),
            )
