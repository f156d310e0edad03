"""The document was issued only after the day of the inspection.

A document cannot be shown before it was made. Of the zones that are read, only that of the French identity card of 1988
to 2021 tells when it was issued.

Innocent reasons: a misread digit; a wrong inspection date in the manifest.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta, ReadMrz, mark_field
from verify.checks._each import Answer, NotApplicable, NotComputable, each_mrz, how_sure
from verify.checks._issue import issue_month
from verify.model.finding import CheckResult, Evidence, Severity

META = Meta(
    code="R21",
    name="Document issued after the inspection",
    severity=Severity.STRONG,
    source="décret 55-1397 (French identity card: number begins with year and month of issue)",
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
            return NotApplicable("this format does not print when it was issued")
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
