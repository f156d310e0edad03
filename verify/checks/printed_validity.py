"""The document is not valid for whole years from the day of issue that is printed on it.

Issuers give a number of whole years, or a day less. A date that was altered seldom keeps to that.

Innocent reasons: children, renewals and replacements are given the rest of another document's time, or months.
"""

from __future__ import annotations

import datetime as dt

from verify.checks._case import Case, Meta, ReadMrz, mark_field
from verify.checks._dates import expiry_of, years_after
from verify.checks._each import Answer, NotApplicable, NotComputable, each_mrz
from verify.checks._page import printed_issue
from verify.model.finding import CheckResult, Confidence, Evidence, Severity

META = Meta(
    code="R23",
    name="Validity is not a number of whole years",
    severity=Severity.INFO,
    source="practice of issuers: expiry is the day of issue plus whole years, or the day before",
    innocent_reasons=(
        "a renewed or replaced document got the rest of the old one's time",
        "documents of children, and emergency documents, are given months",
        "the issuer counts from the application, or to the holder's birthday",
    ),
)
_YEARS = range(1, 21)
_DAY = dt.timedelta(days=1)


def run(case: Case) -> CheckResult:
    """Compares the printed day of issue with the expiry date of every zone but a visa's."""

    def look(one: ReadMrz) -> Answer:
        issue, expiry = printed_issue(case, one), expiry_of(one.mrz)
        if isinstance(expiry, NotApplicable | NotComputable):
            return expiry
        if isinstance(issue, NotApplicable | NotComputable):
            return issue
        page, field, _day = issue
        ends = {years_after(day, years) for day in field.days for years in _YEARS}
        if ends & {expiry, expiry + _DAY, expiry - _DAY}:
            return None
        return META.finding(
            f"The {one.source.replace('_', ' ')} was issued on {_day.isoformat()} and expires on {expiry.isoformat()}.",
            confidence=Confidence.HIGH if field.clear else Confidence.MEDIUM,
            evidence=(*page.evidence(field), Evidence("expiry date", expiry.isoformat())),
            marks=(mark_field(one.source, one.mrz.field("expiry_date")),),
        )

    return each_mrz(META, case, look)
