"""The check character of the personal number in the optional data does not fit.

Many states print the holder's personal number in the zone, and most of these numbers have a check character of their
own, which the forger of a zone has to know of. The number itself is not repeated in findings.

Innocent reasons: a number that is not the holder's personal number but another; foreigners' numbers; old numbers that
were given out wrongly; specimens, whose numbers are mostly invented.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta, ReadMrz, mark_field
from verify.checks._each import Answer, NotApplicable, each_mrz, how_sure
from verify.document.personal_number import personal_number
from verify.model.finding import CheckResult, Confidence, Evidence, Severity

META = Meta(
    code="R39",
    name="Check character of the personal number does not fit",
    severity=Severity.REVIEW,
    source="the issuers' rules (verify/document/personal_number.py)",
    innocent_reasons=(
        "the optional data hold another number",
        "a foreigner's number, or an old one that was given out wrongly",
        "a specimen with an invented number",
    ),
)


def run(case: Case) -> CheckResult:
    """Recomputes the check character of every personal number whose rule is known."""

    def look(one: ReadMrz) -> Answer:
        number = personal_number(one.mrz)
        if number is None or number.sound is None:
            return NotApplicable("no personal number with a check character that is known")
        if number.sound:
            return None
        severity, confidence = how_sure(META, one.mrz, number.field)
        return META.finding(
            f"The optional data on the {one.source} have the form of a personal number of {number.state}, but its "
            "check character is another.",
            severity=severity if number.check_seen and confidence is Confidence.HIGH else Severity.INFO,
            confidence=confidence,
            evidence=(Evidence("state of the number", number.state),),
            marks=(mark_field(one.source, one.mrz.field(number.field)),),
        )

    return each_mrz(META, case, look)
