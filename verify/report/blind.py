"""What a reader must not see before the first judgement: the machine's score and rank."""

from __future__ import annotations

import re

from verify.model.candidate import Candidate, CandidateList
from verify.model.finding import Evidence

__all__ = ["HIDDEN", "NOTE", "hidden", "in_neutral_order"]

HIDDEN = "hidden until a first judgement is saved"
NOTE = (
    "The machine's scores and ranks are hidden here until a first judgement is saved, so that they do not "
    "lead the eye. Candidates stand in the order of their reference ids, not of their rank. "
    "The JSON Lines output keeps both."
)

_OPINION = re.compile(r"\b(score|rank|(dis)?similarity|how rare)\b", re.IGNORECASE)


def hidden(evidence: Evidence) -> bool:
    """True for evidence that is a score or rank, told by its label."""
    return _OPINION.search(evidence.label) is not None


def in_neutral_order(found: CandidateList) -> tuple[Candidate, ...]:
    """The candidates by reference id, so that their place says nothing."""
    return tuple(sorted(found.candidates, key=lambda candidate: candidate.reference_id))
