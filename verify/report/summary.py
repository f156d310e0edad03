"""The first pass over a run: what was counted, and one overview row an item. No failure is left out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from verify.model.finding import CheckState, Severity
from verify.model.mrz import FieldState, MrzResult
from verify.model.outcome import FileOutcome, Outcome
from verify.report.charts import Charts
from verify.report.data import Case, Report

__all__ = ["Row", "Summary", "UnreadFile", "document_of", "gaps_of", "holder_of", "summarise"]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the overview."""

    number: int
    item_id: str
    document: str
    holder: str
    severity: Severity | None
    findings: int
    gaps: int
    unread: int


@dataclass(frozen=True, slots=True)
class UnreadFile:
    """A file that could not be read, and the item it belongs to."""

    number: int
    item_id: str
    outcome: FileOutcome


@dataclass(slots=True)
class Summary:
    """The counts of a run.

    Attributes:
        rows: the overview, items with findings first, the most severe at the top.
        numbers: item id to its number in the run.
        files: by outcome.
        fields: MRZ fields by state.
        checks: by state.
        findings: by severity.
        gaps: what could not be computed, each with its reasons counted.
        unread: every file that could not be read.
        charts: of the whole run.
        judged_before: candidates that were not asked about again, because another job judged the same pair.
    """

    rows: list[Row] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    files: Counter[Outcome] = field(default_factory=Counter)
    fields: Counter[FieldState] = field(default_factory=Counter)
    checks: Counter[CheckState] = field(default_factory=Counter)
    findings: Counter[Severity] = field(default_factory=Counter)
    gaps: dict[str, Counter[str]] = field(default_factory=dict)
    unread: list[UnreadFile] = field(default_factory=list)
    charts: Charts = field(default_factory=Charts)
    judged_before: int = 0

    @property
    def cases(self) -> int:
        """Items with at least one finding."""
        return sum(row.severity is not None for row in self.rows)

    @property
    def gaps_by_count(self) -> list[tuple[str, Counter[str]]]:
        """What could not be computed, the most frequent first."""
        return sorted(self.gaps.items(), key=lambda gap: -gap[1].total())

    def add(self, case: Case) -> None:
        """Count one item."""
        outcomes = [reading.outcome for reading in case.result.readings]
        unread = [one for one in outcomes if one.outcome is not Outcome.OK]
        gaps = gaps_of(case)
        self.files.update(one.outcome for one in outcomes)
        self.unread += [UnreadFile(case.number, case.item_id, one) for one in unread]
        self.checks.update(check.state for check in case.result.checks)
        self.findings.update(finding.severity for finding in case.findings)
        for reading in case.result.readings:
            if reading.mrz is not None:
                self.fields.update(one.state for one in reading.mrz.fields)
        for what, reason in gaps:
            self.gaps.setdefault(what, Counter())[reason] += 1
        self.numbers[case.item_id] = case.number
        self.judged_before += len(case.earlier)
        self.charts.add(case, holder_of(case))
        self.rows.append(
            Row(
                number=case.number,
                item_id=case.item_id,
                document=document_of(case),
                holder=holder_of(case),
                severity=case.severity,
                findings=len(case.findings),
                gaps=len(gaps),
                unread=len(unread),
            )
        )


def summarise(report: Report) -> Summary:
    """Read all items once and count them."""
    summary = Summary()
    for case in report.cases():
        summary.add(case)
    summary.rows.sort(key=lambda row: (-(row.severity or 0), -row.unread, -row.gaps, row.number))
    return summary


def gaps_of(case: Case) -> list[tuple[str, str]]:
    """What could not be computed on an item: (what, why), from reading, searches and checks."""
    gaps: list[tuple[str, str]] = []
    for reading in case.result.readings:
        if reading.mrz_reason:
            gaps.append((f"MRZ of the {_words(reading.outcome.role)}", reading.mrz_reason))
        if reading.face_reason:
            gaps.append((f"face on the {_words(reading.outcome.role)}", reading.face_reason))
    for search in case.result.candidates:
        gaps += [(f"search of {search.gallery} by {part.probe}", part.not_computable) for part in search.gaps]
    for check in case.result.checks:
        if check.state is CheckState.NOT_COMPUTABLE:
            gaps.append((f"{check.code} {check.name}", check.reason))
    return gaps


def document_of(case: Case) -> str:
    """Format, issuing state and number of the first document that was read, else of a chip; empty when none was."""
    mrz, where = _first_mrz(case), ""
    if mrz is None:
        chips = (reading.chip.mrz for reading in case.result.readings if reading.chip is not None)
        mrz, where = next((one for one in chips if one is not None), None), "chip:"
    if mrz is None:
        return ""
    return " ".join(filter(None, (where, mrz.format, mrz.value("issuing_state"), mrz.value("document_number"))))


def holder_of(case: Case) -> str:
    """The holder's name as read, else as declared; empty when there is neither."""
    mrz, declared = _first_mrz(case), case.result.item.declared
    read = (mrz.value("primary_identifier"), mrz.value("secondary_identifier")) if mrz else ("", "")
    names = read if any(read) else (declared.primary_identifier, declared.secondary_identifier)
    return ", ".join(filter(None, names))


def _first_mrz(case: Case) -> MrzResult | None:
    return next((reading.mrz for reading in case.result.readings if reading.mrz is not None), None)


def _words(role: str) -> str:
    return role.replace("_", " ")
