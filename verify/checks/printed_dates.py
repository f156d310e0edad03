"""A birth or expiry date printed on the page is not that of the zone.

Dates are understood in figures and with names of months, in one or two languages, in either order of day and month, and
in several calendars; only what is none of the zone's days differs.

Innocent reasons: a misread figure; a local calendar; another date of the page that was taken for this one.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.checks._each import Answer, NotComputable
from verify.checks._page import Page, difference, each_page
from verify.model.finding import CheckResult, Finding, Severity
from verify.model.item import Role

META = Meta(
    code="R33",
    name="Printed date differs from the zone",
    severity=Severity.STRONG,
    source="ICAO Doc 9303-4, 4.1.1.1 (fields 09 and 14) and 4.2.2; 9303-5 and 9303-6 likewise",
    innocent_reasons=(
        "a figure was misread: compare both places with the picture",
        "the page prints the date in a local calendar",
        "another date on the page was taken for this one",
    ),
)


def run(case: Case) -> CheckResult:
    """Compares the print with the zone of every document; the end of a visa is the business of R48."""

    def look(page: Page) -> Answer | list[Finding]:
        names = ("birth_date",) if page.source == Role.VISA else ("birth_date", "expiry_date")
        answers = [difference(META, page, name) for name in names]
        findings = [one for one in answers if isinstance(one, Finding)]
        return findings or next((one for one in answers if isinstance(one, NotComputable)), None)

    return each_page(META, case, look)
