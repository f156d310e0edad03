"""The zone cuts a name off although its field has room, or one that was cut off begins otherwise than the print.

A name is shortened only where it does not fit, and then its letters are those that are printed (Doc 9303-4, 4.2.3).

Innocent reasons: national habits of shortening; a second part of the print that is no name.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.checks._each import Answer
from verify.checks._page import Page, each_page, unread
from verify.document.names import fold
from verify.model.finding import CheckResult, Confidence, Finding, Severity
from verify.model.viz import VizState

META = Meta(
    code="R30",
    name="Name is cut off without need, or otherwise than printed",
    severity=Severity.REVIEW,
    source="ICAO Doc 9303-4, 4.2.3; 9303-5, 9303-6 and 9303-7 likewise (truncation of names)",
    innocent_reasons=(
        "the issuer shortens names by a habit of its own",
        "the end of the print is no part of the name",
        "a letter was misread: compare both places with the picture",
    ),
)


def run(case: Case) -> CheckResult:
    """Compares how far the zone of every document follows the printed names."""

    def look(page: Page) -> Answer | list[Finding]:
        names = [name for name in ("primary_identifier", "secondary_identifier") if page.mrz.value(name)]
        findings = [found for name in names if (found := _finding(page, name))]
        why = [why for name in names if (why := unread(page.field(name))) is not None]
        return findings or next(iter(why), None)

    return each_page(META, case, look)


def _finding(page: Page, name: str) -> Finding | None:
    field, said = page.field(name), page.mrz.value(name)
    if field.state is not VizState.DIFFERS:
        return None
    shortened = fold(field.printed).startswith(said)
    if not (shortened or page.mrz.truncated):
        return None
    how = "ends early, though the field has room for more" if shortened else "is not how the printed one begins"
    return META.finding(
        f"The {name.replace('_', ' ')} in the zone of the {page.source.replace('_', ' ')} {how}.",
        confidence=Confidence.MEDIUM,
        evidence=page.evidence(field),
        marks=page.mark(name),
    )
