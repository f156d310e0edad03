"""The document is valid for longer than documents of its kind ever are.

Passports are valid for ten years, some with up to nine months carried over from the one before. It counts from the day
of issue where the print tells it, else from the inspection: a document was issued before it was shown.

Innocent reasons: a state with a longer validity for the old; a misread year; a wrong inspection date.
"""

from __future__ import annotations

import datetime as dt

from verify.checks._case import Case, Meta, ReadMrz, mark_field
from verify.checks._dates import expiry_of, years_after
from verify.checks._each import Answer, NotApplicable, NotComputable, each_mrz, how_sure
from verify.checks._page import printed_issue
from verify.model.finding import CheckResult, Evidence, Severity

META = Meta(
    code="R22",
    name="Validity is longer than any of its kind",
    severity=Severity.REVIEW,
    source="practice of issuers: ten years and up to nine months for passports, up to fifteen years and more for cards",
    innocent_reasons=(
        "the issuer gives some holders, mostly old ones, a longer validity",
        "the year was misread: compare the marked place with the picture",
        "the inspection date of the manifest is wrong",
    ),
)
_YEARS = {"TD3": 10, "MRV-A": 10, "MRV-B": 10, "TD1": 20, "TD2": 20}
_CARRIED_OVER = dt.timedelta(days=280)  # nine months


def run(case: Case) -> CheckResult:
    """Compares what is left of the validity of every MRZ with the longest one of its format."""
    today = case.item.inspection_date

    def look(one: ReadMrz) -> Answer:
        expiry = expiry_of(one.mrz)
        if isinstance(expiry, NotApplicable | NotComputable):
            return expiry
        issue = printed_issue(case, one)
        start, since = (today, "it was inspected on")
        if not isinstance(issue, NotApplicable | NotComputable) and issue[2] < today:
            start, since = issue[2], "its printed day of issue,"
        if expiry <= years_after(start, _YEARS[one.mrz.format]) + _CARRIED_OVER:
            return None
        severity, confidence = how_sure(META, one.mrz, "expiry_date")
        return META.finding(
            f"The {one.source} is valid until {expiry.isoformat()}, more than {_YEARS[one.mrz.format]} years and "
            f"nine months after {since} {start.isoformat()}.",
            severity=severity,
            confidence=confidence,
            evidence=(Evidence("expiry date", expiry.isoformat()),),
            marks=(mark_field(one.source, one.mrz.field("expiry_date")),),
        )

    return each_mrz(META, case, look)
