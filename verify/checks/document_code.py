"""The document code does not fit the layout: P for passports (TD3), A, C or I for cards (TD1, TD2), V for visas.

On a card V may not be the second letter.

The first letter of the zone says what the document is; a passport in the layout of a card is an invention.

Innocent reasons: a misread first letter; national residence permits and crew certificates with codes of their own.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta, ReadMrz, mark_field
from verify.checks._each import Answer, each_mrz, missing
from verify.model.finding import CheckResult, Confidence, Evidence, Severity

META = Meta(
    code="R11",
    name="Document code does not fit the layout",
    severity=Severity.REVIEW,
    source="ICAO Doc 9303-4, 9303-5, 9303-6 and 9303-7 (document code)",
    innocent_reasons=(
        "the first letter was misread: no check digit covers it",
        "a national document with a code of its own",
    ),
)
_CODES = {"TD3": "P", "TD2": "ACI", "TD1": "ACI", "MRV-A": "V", "MRV-B": "V", "FRA-ID": "I"}
_NO_SECOND = "V"  # AV, CV and IV are left to visas


def run(case: Case) -> CheckResult:
    """Compares the letters of every document code with the layout."""

    def look(one: ReadMrz) -> Answer:
        if without := missing(one.mrz, "document_code"):
            return without
        field = one.mrz.field("document_code")
        first, second = field.value[0], field.value[1:2]
        if first in _CODES[one.mrz.format] and not (first in "ACI" and second and second in _NO_SECOND):
            return None
        return META.finding(
            f"The {one.source} has the layout {one.mrz.format} but the document code {field.value}.",
            confidence=Confidence.HIGH if one.mrz.accepted else Confidence.MEDIUM,
            evidence=(Evidence("document code", field.raw), Evidence("layout", one.mrz.format)),
            marks=(mark_field(one.source, field),),
        )

    return each_mrz(META, case, look)
