"""The birth date in the personal number is not the birth date of the zone.

Who edits a birth date seldom knows that the personal number repeats it.

Innocent reasons: a birth date that was corrected later; numbers of foreigners with another date; a misread digit.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta, ReadMrz, mark_field
from verify.checks._each import Answer, NotApplicable, NotComputable, each_mrz, how_sure
from verify.document.personal_number import personal_number
from verify.model.finding import CheckResult, Confidence, Evidence, Severity

META = Meta(
    code="R40",
    name="Personal number holds another birth date",
    severity=Severity.STRONG,
    source="the issuers' rules (verify/document/personal_number.py)",
    innocent_reasons=(
        "the birth date was corrected after the number was given",
        "a foreigner's number, which may hold another date",
        "a digit was misread: compare the marked places with the picture",
    ),
)


def run(case: Case) -> CheckResult:
    """Compares the date in every personal number whose rule is known."""

    def look(one: ReadMrz) -> Answer:
        number = personal_number(one.mrz)
        if number is None or not number.birth_date:
            return NotApplicable("no personal number that holds a birth date")
        if not one.mrz.birth_date.candidates:
            return NotComputable("the birth date is not wholly known or could not be read")
        if number.birth_date == one.mrz.birth_date.raw:
            return None
        severity, confidence = how_sure(META, one.mrz, "birth_date", number.field)
        if number.sound is False or not number.date_seen:  # then it may be no personal number at all
            severity, confidence = Severity.INFO, Confidence.LOW
        return META.finding(
            f"On the {one.source} the birth date is {one.mrz.birth_date.raw}, the personal number of {number.state} "
            f"says {number.birth_date} (YYMMDD).",
            severity=severity,
            confidence=confidence,
            evidence=(
                Evidence("birth date", one.mrz.birth_date.raw),
                Evidence("in the personal number", number.birth_date),
            ),
            marks=tuple(mark_field(one.source, one.mrz.field(name)) for name in ("birth_date", number.field)),
        )

    return each_mrz(META, case, look)
