"""Findings: what a check shows a person, with evidence and the innocent reasons. Never a verdict, never summed up."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

__all__ = ["CheckResult", "CheckState", "Confidence", "Evidence", "Finding", "Mark", "Severity"]


class Severity(IntEnum):
    """How much it would matter if it is so; apart from how sure the reading is."""

    INFO = 1
    REVIEW = 2
    STRONG = 3
    CRITICAL = 4


class Confidence(StrEnum):
    """How well the evidence was read."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class CheckState(StrEnum):
    """The four ends of a check."""

    PASS = "pass"  # noqa: S105 - a state, not a password
    FINDING = "finding"
    NOT_APPLICABLE = "not applicable"
    NOT_COMPUTABLE = "not computable"


@dataclass(frozen=True, slots=True)
class Mark:
    """A place to mark on the MRZ of one file: line and columns, 0-based, end excluded."""

    source: str
    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact behind a finding.

    Attributes:
        label: what it is, e.g. "printed check digit".
        value: as shown to a person.
        picture: name of a stored picture in the ledger; empty when none.
        item: id of the item that the picture belongs to; empty for the finding's own.
    """

    label: str
    value: str
    picture: str = ""
    item: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something for a person to review.

    Attributes:
        code: of the check, e.g. "R02".
        title: one line.
        severity, confidence: kept apart.
        explanation: what was seen, in one or two sentences with the values.
        innocent_reasons: why nothing may be wrong; never empty.
        source: the standard and section, or the measurement, the check rests on.
        evidence: the facts.
        marks: where on the MRZ.
        related: other item ids the finding is about.
    """

    code: str
    title: str
    severity: Severity
    confidence: Confidence
    explanation: str
    innocent_reasons: tuple[str, ...]
    source: str
    evidence: tuple[Evidence, ...] = ()
    marks: tuple[Mark, ...] = ()
    related: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckResult:
    """How one check ended on one item; `reason` says why it was not applicable or not computable."""

    code: str
    name: str
    state: CheckState
    reason: str = ""
    findings: tuple[Finding, ...] = ()
