"""Reports that leave the review as files: each is an event of the log before anybody has it."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Collection

from verify.audit import kinds
from verify.ledger import Ledger
from verify.report import report_of, write_html

__all__ = ["handed_out"]


def handed_out(ledger: Ledger, person: str, cases: Collection[str] = ()) -> str:
    """The report of these cases, or of the whole job, as HTML.

    Raises:
        UsageError: no run of the job has ended, or an item has no result.
    """
    text = io.StringIO()
    write_html(report_of(ledger, cases), text)
    digest = hashlib.sha256(text.getvalue().encode()).hexdigest()
    items = len(cases) or sum(ledger.counts().values())
    purpose = ledger.header.purpose
    ledger.append(
        kinds.personal_data_exported(person, purpose, export_format="report.html", items=items, output_sha256=digest)
    )
    return text.getvalue()
