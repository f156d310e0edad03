"""The passport's number is not of a form that its issuing state is known to use.

Each state numbers its passports in its own way: so many letters, so many digits. The forms are no standard and change
with every new series, so this is a hint for somebody who knows the document, and no more.

Innocent reasons: a new or an old series; official, diplomatic and emergency passports; a misread character.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta, ReadMrz, mark_field
from verify.checks._each import Answer, NotApplicable, each_mrz, how_sure, missing
from verify.document.number_forms import number_form
from verify.model.finding import CheckResult, Evidence, Severity

META = Meta(
    code="R35",
    name="Number is not of a form of its issuer",
    severity=Severity.INFO,
    source="published lists of number forms (verify/document/number_forms.csv)",
    innocent_reasons=(
        "a series that is newer or older than the list of forms",
        "an official, diplomatic or emergency passport",
        "a character was misread",
    ),
)
_ORDINARY = ("P", "PP", "PN")


def run(case: Case) -> CheckResult:
    """Compares the number of every ordinary passport with the forms of its issuer."""

    def look(one: ReadMrz) -> Answer:
        if one.mrz.format != "TD3" or one.mrz.value("document_code") not in _ORDINARY:
            return NotApplicable("no ordinary passport")
        if without := missing(one.mrz, "issuing_state", "document_number"):
            return without
        state, number = one.mrz.value("issuing_state"), one.mrz.value("document_number")
        form = number_form(state)
        if form is None:
            return NotApplicable(f"no form of the numbers of {state} is known")
        if form.fullmatch(number):
            return None
        _severity, confidence = how_sure(META, one.mrz, "document_number")
        return META.finding(
            f"The number on the {one.source} reads {number}, which is no form of a passport number of "
            f"{state} that is known.",
            confidence=confidence,
            evidence=(Evidence("document number", number),),
            marks=(mark_field(one.source, one.mrz.field("document_number")),),
        )

    return each_mrz(META, case, look)
