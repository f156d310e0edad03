"""The document had expired on the day of the inspection.

An expired document is not valid for travel; that says nothing about whether it is genuine. The date of the inspection
counts, never the day on which the batch is run. A year that may also lie ahead (99 stands for no end of validity) is
not computable.

Innocent reasons: an extension that the MRZ does not show, an agreement that accepts documents for a time after
expiry, a misread year, a document kept only as proof of identity.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta, ReadMrz, mark_field
from verify.checks._each import Answer, NotApplicable, NotComputable, digit_verifies, each_mrz, missing
from verify.model.finding import CheckResult, Confidence, Evidence, Severity

META = Meta(
    code="R20",
    name="Document had expired at the inspection",
    severity=Severity.INFO,
    source="ICAO Doc 9303-4, 4.2.2 (date of expiry)",
    innocent_reasons=(
        "the issuer extended the document on another page",
        "an agreement accepts documents for some time after expiry",
        "the year was misread: compare the marked place with the picture",
    ),
)


def run(case: Case) -> CheckResult:
    """Compares the expiry date of every MRZ with the inspection date."""
    today = case.item.inspection_date

    def look(one: ReadMrz) -> Answer:
        if isinstance(without := missing(one.mrz, "expiry_date"), NotApplicable):
            return without
        dates = one.mrz.expiry_date.candidates
        if not dates:
            return NotComputable("an expiry date could not be read")
        if dates[0] >= today:
            return None
        if max(dates) >= today:  # 99 and distant years stand for documents without an end
            return NotComputable(f"the expiry date may be {' or '.join(day.isoformat() for day in dates)}")
        return META.finding(
            f"The {one.source} expired on {dates[0].isoformat()}, {(today - dates[0]).days} days before the inspection "
            f"on {today.isoformat()}.",
            confidence=Confidence.HIGH if digit_verifies(one.mrz, "expiry_date") else Confidence.LOW,
            evidence=(Evidence("expiry date", dates[0].isoformat()),),
            marks=(mark_field(one.source, one.mrz.field("expiry_date")),),
        )

    return each_mrz(META, case, look)
