"""The personal number printed on the page is not that in the optional data of the zone.

Issuers repeat it there in their own way, or put something else there: then nothing is compared.

Innocent reasons: a misread character; optional data that hold another number than the one that is printed.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.checks._page import difference, each_page
from verify.model.finding import CheckResult, Severity

META = Meta(
    code="R42",
    name="Printed personal number differs from the zone",
    severity=Severity.REVIEW,
    source="ICAO Doc 9303-4, 4.2.2.2 (optional data); 9303-5 and 9303-6 likewise; the use is the issuer's",
    innocent_reasons=(
        "a character was misread: compare both places with the picture",
        "the optional data hold another number than the one that is printed",
    ),
)


def run(case: Case) -> CheckResult:
    """Compares the print with the zone of every document."""
    return each_page(META, case, lambda page: difference(META, page, "optional_data"))
