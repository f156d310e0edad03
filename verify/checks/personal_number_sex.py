"""The sex in the personal number is not that of the zone.

Some personal numbers tell the sex by a digit.

Innocent reasons: a legal change of sex; a number that was given out wrongly; a misread character.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta, ReadMrz, mark_field
from verify.checks._each import Answer, NotApplicable, NotComputable, each_mrz
from verify.document.personal_number import personal_number
from verify.model.finding import CheckResult, Confidence, Evidence, Severity

META = Meta(
    code="R41",
    name="Personal number tells another sex",
    severity=Severity.INFO,
    source="the issuers' rules (verify/document/personal_number.py)",
    innocent_reasons=(
        "the holder's sex was changed by law",
        "the number was given out wrongly",
        "a character was misread: no check digit covers the sex",
    ),
)


def run(case: Case) -> CheckResult:
    """Compares the sex in every personal number whose rule is known."""

    def look(one: ReadMrz) -> Answer:
        number, sex = personal_number(one.mrz), one.mrz.value("sex")
        if number is None or not number.sex or number.sound is False:
            return NotApplicable("no personal number that tells a sex")
        if sex not in ("M", "F"):
            return NotComputable("the zone names no sex")
        if sex == number.sex:
            return None
        return META.finding(
            f"On the {one.source} the sex is {sex}, by the personal number of {number.state} it is {number.sex}.",
            confidence=Confidence.MEDIUM if one.mrz.accepted else Confidence.LOW,
            evidence=(Evidence("sex", sex), Evidence("in the personal number", number.sex)),
            marks=tuple(mark_field(one.source, one.mrz.field(name)) for name in ("sex", number.field)),
        )

    return each_mrz(META, case, look)
