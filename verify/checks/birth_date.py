"""The birth date of the MRZ is not a date of the calendar, in either century.

An edited date can become impossible. Both centuries are tried; unknown day or month (fillers) is allowed and passes.

Innocent reasons: a misread character, a national way of writing an unknown day or month (00 instead of fillers).
"""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.checks._dates import impossible_date
from verify.model.finding import CheckResult, Severity

META = Meta(
    code="R16",
    name="Birth date is not a possible date",
    severity=Severity.REVIEW,
    source="ICAO Doc 9303-3, 4.8",
    innocent_reasons=(
        "a character was misread: compare the marked place with the picture",
        "the issuer writes an unknown day or month as 00",
    ),
)


def run(case: Case) -> CheckResult:
    """Looks at the birth date of every MRZ."""
    return impossible_date(META, case, "birth_date")
