"""The document number printed on the page is not that of the zone.

Who alters a page mostly alters the print or the zone, seldom both; the check digit of the zone tells that at least the
zone is whole. Spaces, dashes and letters that look like figures are no difference.

Innocent reasons: a misread character; another number of the page that was taken for this one.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.checks._page import difference, each_page
from verify.model.finding import CheckResult, Severity

META = Meta(
    code="R32",
    name="Printed document number differs from the zone",
    severity=Severity.STRONG,
    source="ICAO Doc 9303-4, 4.1.1.1 (field 05) and 4.2.2; 9303-5 and 9303-6 likewise",
    innocent_reasons=(
        "a character was misread: compare both places with the picture",
        "another number on the page was taken for the document number",
    ),
)


def run(case: Case) -> CheckResult:
    """Compares the print with the zone of every document."""
    return each_page(META, case, lambda page: difference(META, page, "document_number"))
