"""The dates that are printed on a visa contradict each other or its zone.

It has to begin before it ends, to end on the day that the zone says, and a stay cannot be longer than the time between.

Innocent reasons: a misread figure; a stay that is counted over several visits.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from verify.checks._case import Case, Meta
from verify.checks._each import Answer, NotComputable
from verify.checks._page import Page, difference, each_page, unread
from verify.model.finding import CheckResult, Confidence, Finding, Severity
from verify.model.item import Role
from verify.model.viz import VizField, VizState

META = Meta(
    code="R48",
    name="Dates of a visa contradict each other",
    severity=Severity.REVIEW,
    source="ICAO Doc 9303-7, 4.1 (valid from, valid until, number of entries, duration of stay) and 4.2",
    innocent_reasons=(
        "a figure was misread: compare it with the picture",
        "the stay is counted over several visits, or over another time than the visa's",
    ),
)
_DAYS = re.compile(r"(?<!\d)(\d{1,3})(?!\d)")


def run(case: Case) -> CheckResult:
    """Looks at every visa."""

    def look(page: Page) -> Answer | list[Finding]:
        until = difference(META, page, "expiry_date")
        findings = [*([until] if isinstance(until, Finding) else ()), *_contradictions(page)]
        why = unread(page.field("valid_from"))
        return findings or (until if isinstance(until, NotComputable) else why)

    return each_page(META, case, look, roles={Role.VISA})


def _contradictions(page: Page) -> Iterator[Finding]:
    start, end = page.field("valid_from"), page.mrz.expiry_date.date
    if start.state is not VizState.READ or end is None:
        return
    if min(start.days) > end:
        yield _finding(page, start, f"begins on {min(start.days).isoformat()}, after its end on {end.isoformat()}")
        return
    stay = page.field("duration_of_stay")
    days = _DAYS.search(stay.printed)
    if stay.state is VizState.READ and days and int(days[1]) > (end - min(start.days) + dt.timedelta(days=1)).days:
        yield _finding(page, stay, f"allows a stay of {days[1]} days, longer than it is valid")


def _finding(page: Page, field: VizField, what: str) -> Finding:
    return META.finding(
        f"The visa {what}.",
        confidence=Confidence.HIGH if field.clear else Confidence.MEDIUM,
        evidence=page.evidence(field),
        marks=page.mark("expiry_date"),
    )
