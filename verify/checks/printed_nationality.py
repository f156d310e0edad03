"""The nationality or the issuing state printed on the page is not that of the zone.

Codes, English names and the states' own names are understood; only another state's code or English name differs.

Innocent reasons: an issuer that prints another name than the code stands for; territories with codes of their own.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.checks._each import Answer, NotComputable
from verify.checks._page import Page, difference, each_page
from verify.model.finding import CheckResult, Finding, Severity

META = Meta(
    code="R34",
    name="Printed nationality or issuer differs from the zone",
    severity=Severity.REVIEW,
    source="ICAO Doc 9303-4, 4.1.1.1 (fields 04 and 08) and 4.2.2; 9303-5 and 9303-6 likewise",
    innocent_reasons=(
        "a territory or an organization with a code of its own, printed under its state's name",
        "a word was misread: compare both places with the picture",
    ),
)


def run(case: Case) -> CheckResult:
    """Compares the print with the zone of every document."""

    def look(page: Page) -> Answer | list[Finding]:
        answers = [difference(META, page, name) for name in ("nationality", "issuing_state")]
        findings = [one for one in answers if isinstance(one, Finding)]
        unread = [one for one in answers if isinstance(one, NotComputable)]
        return findings or (unread[0] if len(unread) == len(answers) else None)

    return each_page(META, case, look)
