"""The issuing state is not a code that ICAO or ISO ever assigned.

Fantasy and camouflage documents name states that do not exist, or use codes of no one.

Innocent reasons: a misread character; a code assigned after this release; a specimen document (UTO).
"""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.checks._states import unassigned
from verify.model.finding import CheckResult, Severity

META = Meta(
    code="R12",
    name="Issuing state is not an assigned code",
    severity=Severity.STRONG,
    source="ICAO Doc 9303-3, section 5; ISO 3166-1",
    innocent_reasons=(
        "a character was misread: compare the marked place with the picture",
        "the code was assigned after this release",
        "a specimen document",
    ),
)


def run(case: Case) -> CheckResult:
    """Looks the issuing state of every MRZ up."""
    return unassigned(META, case, "issuing_state")
