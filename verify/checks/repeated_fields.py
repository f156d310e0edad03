"""A field that is printed twice on the page differs from itself.

Many pages repeat number, birth date or expiry date in small print, on the portrait or in a window. Who alters one place
may forget the other.

Innocent reasons: a misread character; a number that only resembles the document number.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.checks._each import Answer, NotApplicable
from verify.checks._page import Page, each_page
from verify.model.finding import CheckResult, Confidence, Evidence, Finding, Severity
from verify.model.viz import VizField, VizState

META = Meta(
    code="R46",
    name="A field that is printed twice differs from itself",
    severity=Severity.REVIEW,
    source="practice of issuers (number and dates repeated on the page)",
    innocent_reasons=(
        "a character was misread: compare both places with the picture",
        "a number or date that only resembles this one, such as that of an earlier document",
    ),
)


def run(case: Case) -> CheckResult:
    """Compares the places of every field that is printed more than once."""

    def look(page: Page) -> Answer | list[Finding]:
        found = [field for field in page.fields if field.state is VizState.AGREES]
        findings = [_finding(page, field) for field in found if field.repeats]
        if findings or any(len(field.lines) > 1 for field in found):
            return findings or None
        return NotApplicable("no field was found twice")

    return each_page(META, case, look)


def _finding(page: Page, field: VizField) -> Finding:
    lines = [line for reading in page.readings if reading.viz for line in reading.viz.lines]
    name = field.name.replace("_", " ")
    return META.finding(
        f"The {name} is printed twice on the {page.source.replace('_', ' ')}, and not alike.",
        confidence=Confidence.MEDIUM,
        evidence=(
            *page.evidence(field),
            *(Evidence(f"{name} printed once more", lines[index].text) for index in field.repeats),
        ),
        marks=page.mark(field.name),
    )
