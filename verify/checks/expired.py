"""The document had expired on the day of the inspection.

An expired document is not valid for travel; that says nothing about whether it is genuine. The date of the inspection
counts, never the day on which the batch is run.

Innocent reasons: an extension that the MRZ does not show, an agreement that accepts documents for a time after
expiry, a misread year, a document kept only as proof of identity.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta, mark_field
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
    if not case.mrzs:
        return case.without_mrz(META)
    findings = []
    unread = False
    for one in case.mrzs:
        date = one.mrz.expiry_date.date
        if date is None:
            unread = True
            continue
        if date < case.item.inspection_date:
            days = (case.item.inspection_date - date).days
            digit = one.mrz.check_digit("expiry_date_check_digit")
            findings.append(
                META.finding(
                    f"The {one.source} expired on {date.isoformat()}, {days} days before the inspection on "
                    f"{case.item.inspection_date.isoformat()}.",
                    confidence=Confidence.HIGH if digit and digit.verifies else Confidence.LOW,
                    evidence=(Evidence("expiry date", date.isoformat()),),
                    marks=(mark_field(one.source, one.mrz.field("expiry_date")),),
                )
            )
    if unread and not findings:
        return META.not_computable("an expiry date could not be read")
    return META.result(findings)
