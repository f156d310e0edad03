"""The document code does not fit the layout: P for passports (TD3), A, C or I for cards (TD1, TD2), V for visas.

The first letter of the zone says what the document is; a passport in the layout of a card is an invention.

Innocent reasons: a misread first letter; national residence permits and crew certificates with codes of their own.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta, mark_field
from verify.model.finding import CheckResult, Confidence, Evidence, Severity
from verify.model.mrz import FieldState

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
_CODES = {"TD3": "P", "TD2": "ACI", "TD1": "ACI", "MRV-A": "V", "MRV-B": "V"}


def run(case: Case) -> CheckResult:
    """Compares the first letter of every MRZ with its layout."""
    if not case.mrzs:
        return case.without_mrz(META)
    findings = []
    unread = False
    for one in case.mrzs:
        field = one.mrz.field("document_code")
        if field.state is FieldState.UNREADABLE or not field.value:
            unread = True
            continue
        if field.value[0] not in _CODES.get(one.mrz.format, field.value[0]):
            findings.append(
                META.finding(
                    f"The {one.source} has the layout {one.mrz.format} but the document code {field.value}.",
                    confidence=Confidence.MEDIUM,
                    evidence=(Evidence("document code", field.raw), Evidence("layout", one.mrz.format)),
                    marks=(mark_field(one.source, field),),
                )
            )
    if unread and not findings:
        return META.not_computable("the document code could not be read")
    return META.result(findings)
