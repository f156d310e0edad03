"""What a check is given, and how it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from verify.model.candidate import CandidateList
from verify.model.face import FaceRole, FaceTemplate
from verify.model.finding import CheckResult, CheckState, Confidence, Evidence, Finding, Mark, Severity
from verify.model.item import Item, Role
from verify.model.mrz import MrzField, MrzResult
from verify.model.result import FileReading
from verify.model.score import Threshold

__all__ = ["Case", "Meta", "ReadMrz", "describe_field", "mark_field"]

_DOCUMENT_ROLES = {Role.DOCUMENT, Role.DOCUMENT_FRONT, Role.DOCUMENT_BACK, Role.VISA}


@dataclass(frozen=True, slots=True)
class Meta:
    """The facts of a check.

    Attributes:
        code: as in the catalogue (docs/checks.md), e.g. "R02".
        name: one line, as shown.
        severity: how much it would matter if it is so.
        source: the standard and section, or the measurement.
        innocent_reasons: why nothing may be wrong; never empty.
    """

    code: str
    name: str
    severity: Severity
    source: str
    innocent_reasons: tuple[str, ...]

    def passed(self) -> CheckResult:
        """Nothing stood out; never a proof that the document is genuine."""
        return CheckResult(self.code, self.name, CheckState.PASS)

    def not_applicable(self, reason: str) -> CheckResult:
        """The check has nothing to look at here."""
        return CheckResult(self.code, self.name, CheckState.NOT_APPLICABLE, reason)

    def not_computable(self, reason: str) -> CheckResult:
        """The check applies, but what it needs could not be read."""
        return CheckResult(self.code, self.name, CheckState.NOT_COMPUTABLE, reason)

    def finding(
        self,
        explanation: str,
        *,
        confidence: Confidence,
        severity: Severity | None = None,
        evidence: tuple[Evidence, ...] = (),
        marks: tuple[Mark, ...] = (),
        related: tuple[str, ...] = (),
    ) -> Finding:
        """Something for a person to review."""
        return Finding(
            self.code,
            self.name,
            self.severity if severity is None else severity,
            confidence,
            explanation,
            self.innocent_reasons,
            self.source,
            evidence,
            marks,
            related,
        )

    def result(self, findings: Sequence[Finding], *, reason: str = "") -> CheckResult:
        """A finding when there is any, else a pass."""
        state = CheckState.FINDING if findings else CheckState.PASS
        return CheckResult(self.code, self.name, state, reason, tuple(findings))


@dataclass(frozen=True, slots=True)
class ReadMrz:
    """An MRZ and the role of the file it was read from."""

    source: str
    mrz: MrzResult


@dataclass(frozen=True, slots=True)
class Case:
    """One item as a check sees it.

    Attributes:
        item: the manifest's row.
        readings: of its files.
        candidates: what the searches suggested.
        accepted_states: codes that are accepted beside those in force (a specimen profile's UTO).
        comparison: the threshold of portrait against live capture; None when no engine gave one.
        chip_comparison: the threshold of the printed portrait against that of the chip; None likewise.
        ghost_comparison: the threshold of the main portrait against a second one on its page; None likewise.
    """

    item: Item
    readings: tuple[FileReading, ...]
    candidates: tuple[CandidateList, ...]
    accepted_states: frozenset[str]
    comparison: Threshold | None
    chip_comparison: Threshold | None = None
    ghost_comparison: Threshold | None = None

    @property
    def mrzs(self) -> tuple[ReadMrz, ...]:
        """Every MRZ that was read, in the order of the files."""
        return tuple(ReadMrz(one.outcome.role, one.mrz) for one in self.readings if one.mrz is not None)

    @property
    def identity_mrz(self) -> ReadMrz | None:
        """The MRZ of the travel document itself, not of a visa."""
        return next((one for one in self.mrzs if one.source != Role.VISA), None)

    @property
    def missing_mrz(self) -> str:
        """Why an MRZ could not be read, file by file."""
        reasons = [f"{one.outcome.role}: {one.mrz_reason}" for one in self.readings if one.mrz_reason]
        return "; ".join(reasons) or "no travel document"

    @property
    def has_document(self) -> bool:
        """True when the item has any page of a document."""
        return any(file.role in _DOCUMENT_ROLES for file in self.item.files)

    def faces(self, role: FaceRole) -> tuple[FaceTemplate, ...]:
        """Templates of that role, the travel document before the visa."""
        found = [face for one in self.readings for face in one.faces if face.role is role]
        return tuple(sorted(found, key=lambda face: face.source == Role.VISA))

    def without_mrz(self, meta: Meta) -> CheckResult:
        """How a check on the MRZ ends when there is none that it can look at."""
        return meta.not_computable(self.missing_mrz) if self.has_document else meta.not_applicable("no document")


def mark_field(source: str, field: MrzField) -> Mark:
    """The place of a field on the MRZ."""
    return Mark(source, field.line, field.start, field.end)


def describe_field(field: MrzField) -> str:
    """A field in words, e.g. "birth date"."""
    return field.name.replace("_", " ")
