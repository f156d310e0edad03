"""The expiry date of the MRZ is not a date of the calendar.

An edited date can become impossible.

Innocent reasons: a misread character; documents without an end of validity that some states issue to the old.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.checks._dates import impossible_date
from verify.model.finding import CheckResult, Severity

META = Meta(
    code="R17",
    name="Expiry date is not a possible date",
    severity=Severity.REVIEW,
    source="ICAO Doc 9303-3, 4.8",
    innocent_reasons=(
        "a character was misread: compare the marked place with the picture",
        "the document has no end of validity, as some states grant to the old",
    ),
)


def run(case: Case) -> CheckResult:
    """Looks at the expiry date of every MRZ."""
    return impossible_date(META, case, "expiry_date")
