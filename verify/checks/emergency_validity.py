"""An emergency passport is valid for years.

Emergency documents are for one journey home, and are issued with far less proof than a passport.

Innocent reasons: an issuer with a longer practice; a misread second letter (PE) or year.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta, ReadMrz, mark_field
from verify.checks._dates import expiry_of, years_after
from verify.checks._each import Answer, NotApplicable, NotComputable, each_mrz, how_sure
from verify.model.finding import CheckResult, Evidence, Severity

META = Meta(
    code="R25",
    name="Emergency document with a long validity",
    severity=Severity.INFO,
    source="ICAO Doc 9303-4, 4.2.2 (document code PE); Doc 9303-8; practice of issuers: up to two years",
    innocent_reasons=(
        "the issuer makes its emergency documents valid for longer",
        "the second letter of the document code or the year was misread",
    ),
)
_CODE = "PE"
_YEARS = 2


def run(case: Case) -> CheckResult:
    """Looks at what is left of the validity of every emergency passport."""
    today = case.item.inspection_date

    def look(one: ReadMrz) -> Answer:
        if one.mrz.value("document_code") != _CODE:
            return NotApplicable("no emergency document")
        expiry = expiry_of(one.mrz)
        if isinstance(expiry, NotApplicable | NotComputable):
            return expiry
        if expiry <= years_after(today, _YEARS):
            return None
        _severity, confidence = how_sure(META, one.mrz, "expiry_date")
        return META.finding(
            f"The emergency document on the {one.source} is valid until {expiry.isoformat()}, more than {_YEARS} years "
            "after it was inspected.",
            confidence=confidence,
            evidence=(Evidence("expiry date", expiry.isoformat()),),
            marks=tuple(mark_field(one.source, one.mrz.field(name)) for name in ("document_code", "expiry_date")),
        )

    return each_mrz(META, case, look)
