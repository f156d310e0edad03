"""A table of findings for spreadsheets: one row a finding, safe to open; JSON Lines is the lossless form."""

from __future__ import annotations

import csv
from typing import TextIO

from verify.model.finding import Finding
from verify.report.blind import HIDDEN, hidden
from verify.report.data import SCHEMA_VERSION, Report
from verify.report.text import csv_cell

__all__ = ["COLUMNS", "write_findings_csv"]

COLUMNS = (
    "schema_version",
    "item_id",
    "code",
    "title",
    "severity",
    "confidence",
    "explanation",
    "innocent_reasons",
    "source",
    "related",
    "evidence",
)


def write_findings_csv(report: Report, stream: TextIO) -> None:
    """Write one row a finding, batch-wide ones included (RFC 4180). Items without findings have no row.

    Args:
        report: what to write; read once.
        stream: opened for text with `newline=""`.

    Raises:
        VerifyError: a batch-wide finding names an item that is not in the run.
    """
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for case in report.cases():
        for finding in case.findings:
            writer.writerow([csv_cell(cell) for cell in _row(case.item_id, finding)])


def _row(item_id: str, finding: Finding) -> tuple[str, ...]:
    return (
        str(SCHEMA_VERSION),
        item_id,
        finding.code,
        finding.title,
        finding.severity.name.lower(),
        finding.confidence.value,
        finding.explanation,
        " | ".join(finding.innocent_reasons),
        finding.source,
        " | ".join(finding.related),
        " | ".join(f"{one.label}: {HIDDEN if hidden(one) else one.value}" for one in finding.evidence),
    )
