"""The zone's lines are not as long as its layout says, or the layout is not one for this kind of page.

Every layout has a fixed number of lines of a fixed length: 3 of 30 (TD1), 2 of 36 (TD2, MRV-B), 2 of 44 (TD3, MRV-A).
Invented zones often have other measures, and a visa is never in a passport's layout.

Innocent reasons: characters at the edge cut off or not seen; a page that was filed under the wrong role.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta, ReadMrz
from verify.checks._each import Answer, each_mrz
from verify.model.finding import CheckResult, Confidence, Evidence, Severity
from verify.model.item import Role

META = Meta(
    code="R09",
    name="Measures of the zone do not fit the page",
    severity=Severity.REVIEW,
    source="ICAO Doc 9303-4, 9303-5, 9303-6 and 9303-7 (number and length of lines)",
    innocent_reasons=(
        "the scan cuts the zone off, or the reader missed characters at its edge",
        "the page was filed under the wrong role",
    ),
)
_VISAS = ("MRV-A", "MRV-B")


def run(case: Case) -> CheckResult:
    """Compares the lines as read, and the page's role, with the layout."""

    def look(one: ReadMrz) -> Answer:
        form, lengths = one.mrz.format, [len(line) for line in one.mrz.raw_lines]
        if (form in _VISAS) is not (one.source == Role.VISA):
            return META.finding(
                f"The {one.source} carries a zone of the layout {form}.",
                severity=None if one.mrz.accepted or one.mrz.supported else Severity.INFO,
                confidence=Confidence.MEDIUM,
                evidence=(Evidence("layout", form),),
            )
        if lengths == [len(line) for line in one.mrz.lines]:
            return None
        return META.finding(
            f"On the {one.source} lines of {', '.join(map(str, lengths))} characters were read; the layout {form} has "
            f"{len(one.mrz.lines)} of {len(one.mrz.lines[0])}.",
            severity=Severity.INFO,  # readers lose fillers more often than anybody invents a layout
            confidence=Confidence.LOW,
            evidence=(Evidence("lines as read", " / ".join(one.mrz.raw_lines) or "nothing"),),
        )

    return each_mrz(META, case, look)
