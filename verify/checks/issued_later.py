"""The document was issued only after the day of the inspection.

A document cannot be shown before it was made. The day of issue is printed on the page; of the zones only that of the
French identity card of 1988 to 2021 tells it.

Innocent reasons: a misread digit; a wrong inspection date in the manifest.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta, ReadMrz, mark_field
from verify.checks._each import Answer, NotApplicable, NotComputable, each_mrz, how_sure
from verify.checks._issue import issue_month
from verify.checks._page import printed_issue
from verify.model.finding import CheckResult, Confidence, Evidence, Severity

META = Meta(
    code="R21",
    name="Document issued after the inspection",
    severity=Severity.STRONG,
    source="ICAO Doc 9303-4, 4.1.1.1 (field 12, date of issue); décret 55-1397 (number of the French identity card)",
    innocent_reasons=(
        "a digit was misread: compare the marked place with the picture",
        "the inspection date of the manifest is wrong",
    ),
)


def run(case: Case) -> CheckResult:
    """Compares the month of issue with the inspection date."""
    today = case.item.inspection_date

    def look(one: ReadMrz) -> Answer:
        if one.mrz.format != "FRA-ID":
            return _printed(case, one)
        issued = issue_month(one.mrz, today)
        if issued is None:
            return NotComputable("the month of issue could not be read")
        if issued <= today:
            return None
        severity, confidence = how_sure(META, one.mrz, "document_number")
        return META.finding(
            f"By its number the {one.source} was issued in {issued:%Y-%m}, after the inspection on "
            f"{today.isoformat()}.",
            severity=severity,
            confidence=confidence,
            evidence=(Evidence("month of issue", f"{issued:%Y-%m}"), Evidence("inspection", today.isoformat())),
            marks=(mark_field(one.source, one.mrz.field("document_number")),),
        )

    return each_mrz(META, case, look)


def _printed(case: Case, one: ReadMrz) -> Answer:
    """A printed day of issue after the inspection, in every way to read it."""
    read, today = printed_issue(case, one), case.item.inspection_date
    if isinstance(read, NotApplicable):
        return NotApplicable(f"this format does not print when it was issued into its zone; {read.reason}")
    if isinstance(read, NotComputable):
        return read
    page, field, _day = read
    if min(field.days) <= today:
        return None
    return META.finding(
        f"By its print the {one.source.replace('_', ' ')} was issued on {min(field.days).isoformat()}, after the "
        f"inspection on {today.isoformat()}.",
        severity=META.severity if field.clear else Severity.REVIEW,
        confidence=Confidence.HIGH if field.clear else Confidence.MEDIUM,
        evidence=(*page.evidence(field), Evidence("inspection", today.isoformat())),
    )
