"""The sex printed on the page is not that of the zone.

Only F, M and X are compared: other letters mean one thing in one language and another in the next.

Innocent reasons: a letter that was misread; an issuer that prints the sex by its own habit.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.checks._page import difference, each_page
from verify.model.finding import CheckResult, Severity

META = Meta(
    code="R28",
    name="Printed sex differs from the zone",
    severity=Severity.REVIEW,
    source="ICAO Doc 9303-4, 4.1.1.1 (field 11) and 4.2.2; 9303-5 and 9303-6 likewise",
    innocent_reasons=(
        "the letter was misread: compare it with the picture",
        "the issuer prints another letter than it writes into the zone",
    ),
)


def run(case: Case) -> CheckResult:
    """Compares the print with the zone of every document."""
    return each_page(META, case, lambda page: difference(META, page, "sex"))
