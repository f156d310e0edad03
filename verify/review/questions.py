"""The questions of a case: each candidate, and each finding that calls for a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from verify.model.candidate import Candidate, CandidateList
from verify.model.finding import Finding, Severity
from verify.report.blind import in_neutral_order
from verify.report.data import Case

__all__ = ["CANDIDATE", "Question", "questions"]

CANDIDATE = "candidate "
"""How the keys of candidates begin."""

_LIST_ENTRY = "list entry"  # the evidence by which findings on lists name the entry


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to judge.

    Attributes:
        key: names it within its case, also after the job was read anew.
        title: one line.
        finding: what is judged; with a candidate, the finding that names this entry, or None.
        candidate, found_in: the candidate and the list it stands on; None for a finding alone.
    """

    key: str
    title: str
    finding: Finding | None = None
    candidate: Candidate | None = None
    found_in: CandidateList | None = None


def questions(case: Case) -> tuple[Question, ...]:
    """What is to be judged, candidates first; a finding of grade INFO informs and asks nothing.

    Candidates stand in the order of their ids, so that their place tells no rank. One that several searches of a case
    suggest (portrait and live capture, say) is one question: the first search that names it shows it.
    """
    found: dict[str, Question] = {}
    for question in (*_candidates(case), *_findings(case)):
        found.setdefault(question.key, question)
    return tuple(found.values())


def _candidates(case: Case) -> Iterator[Question]:
    named = {_entry(finding): finding for finding in case.findings}
    for searched in case.result.candidates:
        for one in in_neutral_order(searched):
            key = f"{CANDIDATE}{searched.gallery} {one.reference_id}"
            title = f"Candidate {one.reference_id} of {searched.gallery}"
            yield Question(key, title, named.get(one.reference_id), one, searched)


def _findings(case: Case) -> Iterator[Question]:
    """Those that no candidate stands for: what a list suggests is judged once."""
    candidates = {one.reference_id for searched in case.result.candidates for one in searched.candidates}
    for finding in case.findings:
        if finding.severity >= Severity.REVIEW and _entry(finding) not in candidates:
            key = " ".join(["finding", finding.code, *sorted(finding.related)])
            yield Question(key, f"{finding.code} {finding.title}", finding=finding)


def _entry(finding: Finding) -> str:
    """The list entry that a finding names; empty for other findings."""
    return next((one.value for one in finding.evidence if one.label == _LIST_ENTRY), "")
