"""The nationality is not a code that ICAO or ISO ever assigned.

Codes for stateless people, refugees and persons of unspecified nationality (XXA, XXB, XXC, XXX) are assigned and pass.

Innocent reasons: a misread character (no check digit covers the nationality); a code assigned after this release.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.checks._states import unassigned
from verify.model.finding import CheckResult, Severity

META = Meta(
    code="R14",
    name="Nationality is not an assigned code",
    severity=Severity.REVIEW,
    source="ICAO Doc 9303-3, section 5; ISO 3166-1",
    innocent_reasons=(
        "a character was misread: no check digit covers the nationality",
        "the code was assigned after this release",
        "a specimen document",
    ),
)


def run(case: Case) -> CheckResult:
    """Looks the nationality of every MRZ up."""
    return unassigned(META, case, "nationality")
