"""What a person reads after a run: one HTML file, a table of findings, JSON Lines. Nothing is opened here."""

from __future__ import annotations

from verify.report.checkpoint import read_checkpoint
from verify.report.data import SCHEMA_VERSION, Case, Report
from verify.report.explain import explain_html
from verify.report.export import export_job, report_of
from verify.report.html import write_html
from verify.report.jsonl import write_jsonl
from verify.report.table import write_findings_csv
from verify.report.text import csv_cell

__all__ = [
    "SCHEMA_VERSION",
    "Case",
    "Report",
    "csv_cell",
    "explain_html",
    "export_job",
    "read_checkpoint",
    "report_of",
    "write_findings_csv",
    "write_html",
    "write_jsonl",
]
