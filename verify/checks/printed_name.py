"""A name printed on the page is not that of the zone.

The print is transliterated in every way that the standard allows; the order of the names, a name that is left out and
one that the zone cuts off are no difference. A misread letter is none either: it has to be wholly another name, or
clearly another letter.

Innocent reasons: national ways of transliteration; a title or a patronymic; a misread letter.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.checks._each import Answer, NotComputable
from verify.checks._page import Page, difference, each_page
from verify.document.names import fold
from verify.model.finding import CheckResult, Finding, Severity

META = Meta(
    code="R31",
    name="Printed name differs from the zone",
    severity=Severity.REVIEW,
    source="ICAO Doc 9303-4, 4.1.1.1 (fields 06 and 07) and 4.2.2; transliteration: 9303-3, section 6",
    innocent_reasons=(
        "the issuer transliterates in its own way, or did so in the year of issue",
        "a title, a patronymic or a married name stands in one of the two only",
        "a letter was misread: compare both places with the picture",
    ),
)
_NAMES = ("primary_identifier", "secondary_identifier")


def run(case: Case) -> CheckResult:
    """Compares the print with the zone of every document; what the zone only cuts off is the business of R30."""

    def look(page: Page) -> Answer | list[Finding]:
        asked = [name for name in _NAMES if page.mrz.value(name)]
        answers = [difference(META, page, name) for name in asked]
        findings = [
            one
            for name, one in zip(asked, answers, strict=True)
            if isinstance(one, Finding) and not fold(page.field(name).printed).startswith(page.mrz.value(name))
        ]
        return findings or next((one for one in answers if isinstance(one, NotComputable)), None)

    return each_page(META, case, look)
