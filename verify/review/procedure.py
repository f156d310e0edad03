"""The procedure of a review, as pure rules: whose turn it is, what a judgement needs, what has been concluded.

One examiner judges, a second and different one judges without seeing the first, and a supervisor who is neither decides
where they differ (INTERPOL face procedure; FISWG, Guide for Facial Comparison: verification is blind). Nothing the
machine suggests is ever counted as a judgement.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from verify.errors import PolicyError, UsageError
from verify.model.judgement import Conclusion, Judgement, ReviewRole
from verify.report.earlier import Earlier
from verify.report.reasons import REASONS
from verify.review.policy import Policy

__all__ = [
    "ANSWERED",
    "Stage",
    "Standing",
    "require_closable",
    "require_turn",
    "require_undo",
    "require_whole",
    "standing",
    "visible",
]

_NEED_REASON = {Conclusion.POTENTIAL_CANDIDATE, Conclusion.NO_CANDIDATE}
_NEED_NOTE = {Conclusion.POTENTIAL_CANDIDATE}
_MAX_NOTE = 4000
_LEAST_EVIDENCE = 10  # characters: "yes" is no evidence


class Stage(StrEnum):
    """Where a question stands."""

    FIRST = "first judgement due"
    SECOND = "second judgement due"
    SUPERVISOR = "supervisor's judgement due"
    CONCLUDED = "concluded"
    EARLIER = "judged before"


ANSWERED = frozenset({Stage.CONCLUDED, Stage.EARLIER})
"""Stages in which nobody's judgement is due."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a question stands, and the judgements that count.

    Attributes:
        stage: what is due.
        judgements: of reviewers that were not taken back, in order; at most as many as the policy asks.
        supervisor: that settled a disagreement; None otherwise.
        earlier: how another job came out on the same pair, while nobody judges it here; None otherwise.
    """

    stage: Stage
    judgements: tuple[Judgement, ...] = ()
    supervisor: Judgement | None = None
    earlier: Earlier | None = None

    @property
    def conclusion(self) -> Conclusion | None:
        """What was concluded; None while something is due."""
        if self.stage is not Stage.CONCLUDED:
            return None
        return (self.supervisor or self.judgements[-1]).conclusion


def standing(entries: Iterable[Judgement], policy: Policy, earlier: Earlier | None = None) -> Standing:
    """Where one question stands after these entries, in their order.

    What was judged before in another job is due to nobody; whoever judges it all the same asks it anew.
    """
    kept = _not_undone(entries)
    given = tuple(one for one in kept if one.role is ReviewRole.REVIEWER)[: policy.reviewers]
    if not given and earlier is not None:
        return Standing(Stage.EARLIER, earlier=earlier)
    if len(given) < policy.reviewers:
        return Standing(Stage.SECOND if given else Stage.FIRST, given)
    if len({one.conclusion for one in given}) == 1:
        return Standing(Stage.CONCLUDED, given)
    after = max(one.number for one in given)  # a supervisor settles what was seen, not what came later
    settled = next((one for one in reversed(kept) if one.role is ReviewRole.SUPERVISOR and one.number > after), None)
    return Standing(Stage.CONCLUDED if settled else Stage.SUPERVISOR, given, settled)


def visible(entries: Sequence[Judgement], policy: Policy, reviewer: str, role: ReviewRole) -> tuple[Judgement, ...]:
    """What a person may see of the entries: a reviewer sees the others' only when the question is concluded."""
    if role is not ReviewRole.REVIEWER or standing(entries, policy).stage is Stage.CONCLUDED:
        return tuple(entries)
    return tuple(one for one in entries if one.reviewer == reviewer)


def require_turn(now: Standing, reviewer: str, role: ReviewRole) -> None:
    """Lets only the person whose turn it is give a judgement.

    Raises:
        PolicyError: not this person's turn, with the reason.
    """
    judged = {one.reviewer for one in now.judgements}
    if role is ReviewRole.AUDITOR:
        raise PolicyError("an auditor reads and does not judge")
    if now.stage is Stage.CONCLUDED:
        raise PolicyError("this question is concluded; whoever judged it may take the own judgement back first")
    if reviewer in judged:
        raise PolicyError("you have judged this question; it is another person's turn")
    if (now.stage is Stage.SUPERVISOR) != (role is ReviewRole.SUPERVISOR):
        raise PolicyError(f"{now.stage}: not by a {role}")


def require_whole(conclusion: Conclusion, reasons: Sequence[str], note: str) -> None:
    """Lets only a judgement through that says what it rests on.

    Raises:
        UsageError: a reason or the note is missing, unknown or too long.
    """
    unknown = sorted(set(reasons) - set(REASONS))
    if unknown:
        raise UsageError(f"no reason is called {', '.join(unknown)}")
    if conclusion in _NEED_REASON and not reasons:
        raise UsageError(f"'{conclusion}' needs at least one reason")
    if conclusion in _NEED_NOTE and not note.strip():
        raise UsageError(f"'{conclusion}' needs a note: what speaks for it, and what was checked")
    if len(note) > _MAX_NOTE:
        raise UsageError(f"a note may have {_MAX_NOTE} characters")


def require_undo(entries: Sequence[Judgement], number: int, reviewer: str) -> Judgement:
    """The entry to take back: one's own judgement, which still counts.

    Raises:
        PolicyError: it is another person's, or taken back already.
        UsageError: there is no such entry.
    """
    entry = next((one for one in entries if one.number == number and one.conclusion is not None), None)
    if entry is None:
        raise UsageError(f"there is no judgement {number} on this question")
    if entry.reviewer != reviewer:
        raise PolicyError("only who gave a judgement may take it back")
    if entry not in _not_undone(entries):
        raise PolicyError(f"judgement {number} was taken back already")
    return entry


def require_closable(standings: Sequence[Standing], role: ReviewRole, confirmed: bool, evidence: str) -> None:
    """Lets a supervisor close a case whose questions are all concluded; confirmed only by evidence from elsewhere.

    A comparison of faces is a lead, never an identification (FISWG; INTERPOL face procedure).

    Raises:
        PolicyError: not by this person, or a question is still open.
        UsageError: what is said of the evidence does not do.
    """
    if role is not ReviewRole.SUPERVISOR:
        raise PolicyError("a supervisor closes a case")
    if any(one.stage not in ANSWERED for one in standings):
        raise PolicyError("a question of this case is still open")
    if confirmed and not any(one.conclusion is Conclusion.POTENTIAL_CANDIDATE for one in standings):
        raise PolicyError("nothing to confirm: no question was concluded as 'Potential candidate'")
    if len(evidence.strip()) < (_LEAST_EVIDENCE if confirmed else 1):
        raise UsageError(
            "name the independent evidence: what, other than this comparison, confirms it" if confirmed else "say why"
        )
    if len(evidence) > _MAX_NOTE:
        raise UsageError(f"a note may have {_MAX_NOTE} characters")


def _not_undone(entries: Iterable[Judgement]) -> list[Judgement]:
    entries = list(entries)
    undone = {one.undoes for one in entries}
    return [one for one in entries if one.conclusion is not None and one.number not in undone]
