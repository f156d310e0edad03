"""The front of a card and the zone on its back speak of two cards.

The front of an ID-1 card carries the print, its back the zone. Where two of name, number and birth date differ, the
sides are of different cards: one was handed in for the other, or one side was made anew.

Innocent reasons: files of two travellers that were mixed up.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.checks._each import Answer, NotApplicable, NotComputable, surely_read
from verify.checks._page import Page, each_page
from verify.model.finding import CheckResult, Confidence, Severity
from verify.model.viz import VizState

META = Meta(
    code="R45",
    name="Front and back are of different cards",
    severity=Severity.STRONG,
    source="ICAO Doc 9303-5, 4.1 and 4.2 (print on the front, zone on the back of TD1)",
    innocent_reasons=(
        "files of two travellers were mixed up",
        "characters were misread: compare both sides with the pictures",
    ),
)
_FIELDS = ("primary_identifier", "secondary_identifier", "document_number", "birth_date")
_ENOUGH = 2


def run(case: Case) -> CheckResult:
    """Counts what differs and what agrees between the sides of every card."""

    def look(page: Page) -> Answer:
        if page.mrz.format != "TD1":
            return NotApplicable("print and zone of this format are on one side")
        fields = [page.field(name) for name in _FIELDS]
        others = [field for field in fields if field.state is VizState.DIFFERS]
        if len(others) >= _ENOUGH:
            sure = all(field.clear for field in others) and surely_read(page.mrz, "document_number", "birth_date")
            return META.finding(
                "More than one field on the front of the card is not that of the zone on its back: "
                f"{', '.join(field.name.replace('_', ' ') for field in others)}.",
                severity=META.severity if sure else Severity.REVIEW,
                confidence=Confidence.HIGH if sure else Confidence.MEDIUM,
                evidence=tuple(one for field in others for one in page.evidence(field)),
                marks=tuple(mark for field in others for mark in page.mark(field.name)),
            )
        if sum(field.state is VizState.AGREES for field in fields) >= _ENOUGH:
            return None
        return NotComputable("too little of the front of the card could be read")

    return each_page(META, case, look)
