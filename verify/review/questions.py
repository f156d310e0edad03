"""The questions of a case: each candidate, and each finding that calls for a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from verify.model.candidate import Candidate, CandidateList
from verify.model.finding import Finding, Severity
from verify.report.data import Case

__all__ = ["Question", "questions"]


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to judge.

    Attributes:
        key: names it within its case, also after the job was read anew.
        title: one line.
        finding: what is judged; None for a candidate.
        candidate, found_in: the candidate and the list it stands on; None for a finding.
    """

    key: str
    title: str
    finding: Finding | None = None
    candidate: Candidate | None = None
    found_in: CandidateList | None = None


def questions(case: Case) -> tuple[Question, ...]:
    """What is to be judged, candidates first; a finding of grade INFO informs and asks nothing.

    A candidate that several searches of a case suggest (portrait and live capture, say) is one question: the first
    search that names it shows it.
    """
    found: dict[str, Question] = {}
    for question in (*_candidates(case), *_findings(case)):
        found.setdefault(question.key, question)
    return tuple(found.values())


def _candidates(case: Case) -> Iterator[Question]:
    for searched in case.result.candidates:
        for one in searched.candidates:
            key = f"candidate {searched.gallery} {one.reference_id}"
            yield Question(key, f"Candidate of {searched.gallery}", candidate=one, found_in=searched)


def _findings(case: Case) -> Iterator[Question]:
    for finding in case.findings:
        if finding.severity >= Severity.REVIEW:
            key = " ".join(["finding", finding.code, *sorted(finding.related)])
            yield Question(key, f"{finding.code} {finding.title}", finding=finding)
