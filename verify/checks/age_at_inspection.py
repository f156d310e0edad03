"""Birth date and expiry date leave no other age than 99 years and more.

The zone writes years with two digits. Where the younger of the two possible holders would have been born after the
inspection, or after the document expired, only the older one is left, and people of that age seldom travel: an
edited or misread birth date is likelier.

Innocent reasons: a centenarian; a misread digit.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta, ReadMrz, mark_field
from verify.checks._dates import age
from verify.checks._each import Answer, NotComputable, each_mrz, how_sure
from verify.model.finding import CheckResult, Evidence, Severity

META = Meta(
    code="R18",
    name="Holder would be 99 years old or more",
    severity=Severity.REVIEW,
    source="ICAO Doc 9303-3, 4.8 (dates with two digits of the year)",
    innocent_reasons=(
        "the holder is that old",
        "a digit was misread: compare the marked place with the picture",
    ),
)
_OLD = 98  # years: on the day, a birth date of later this year reads as of 99 years ago


def run(case: Case) -> CheckResult:
    """Takes the youngest holder that the dates of every MRZ leave."""
    today = case.item.inspection_date

    def look(one: ReadMrz) -> Answer:
        born = one.mrz.birth_date.candidates
        if not born:
            return NotComputable("the birth date is not wholly known or could not be read")
        last = max(one.mrz.expiry_date.candidates, default=today)
        possible = [day for day in born if day < last] or list(born)
        years = min(age(day, today) for day in possible)
        if years <= _OLD:
            return None
        severity, confidence = how_sure(META, one.mrz, "birth_date")
        return META.finding(
            f"Of the dates on the {one.source}, {max(possible).isoformat()} is the only possible birth date: its "
            f"holder would be {years} years old.",
            severity=severity,
            confidence=confidence,
            evidence=(Evidence("birth date", max(possible).isoformat()), Evidence("expiry date", last.isoformat())),
            marks=(mark_field(one.source, one.mrz.field("birth_date")),),
        )

    return each_mrz(META, case, look)
