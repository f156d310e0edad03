"""The barcode of a licence or card contradicts itself, or the document that was handed over with it.

The barcodes of North American licences are not signed: anybody can print one. They can only be compared, and a
careless one shows.

Innocent reasons: an issuer's own way of filling the code; a name changed since; the cards of two people filed together.
"""

from __future__ import annotations

from itertools import pairwise

from verify.checks._case import Case, Meta
from verify.document.names import fold
from verify.gallery import name_similarity
from verify.model.finding import CheckResult, Confidence, Evidence, Severity
from verify.model.mrz import MrzResult
from verify.model.seal import LicenceReading

META = Meta(
    code="B01",
    name="Licence barcode contradicts itself or the document",
    severity=Severity.REVIEW,
    source="AAMVA DL/ID Card Design Standard, annex D",
    innocent_reasons=(
        "the issuer fills the code in its own way",
        "a name was changed since one of the two was issued",
        "the cards of two people were filed together",
    ),
)
_ALIKE = 0.8  # docs/decisions/006-names.md


def run(case: Case) -> CheckResult:
    """Compares the dates of every licence barcode with each other, and its holder with the MRZ."""
    found = [code.licence for one in case.readings for code in one.codes if code.licence is not None]
    if not found:
        return META.not_applicable("no licence barcode was read")
    travel = case.identity_mrz
    findings = []
    for one in found:
        for what, said, other, confidence in [*_own(one), *(_against(one, travel.mrz) if travel else [])]:
            findings.append(
                META.finding(
                    f"In the licence barcode {what}.",
                    confidence=confidence,
                    evidence=(Evidence("barcode", said or "empty"), *([Evidence("document", other)] if other else [])),
                )
            )
    unread = all(not one.primary_identifier and one.birth_date is None for one in found)
    if unread and not findings:
        return META.not_computable("the barcode holds neither a name nor a birth date that can be read")
    return META.result(findings)


_Told = tuple[str, str, str, Confidence]


def _own(one: LicenceReading) -> list[_Told]:
    days = [
        (name, day)
        for name, day in (("birth", one.birth_date), ("issue", one.issue_date), ("expiry", one.expiry_date))
        if day
    ]
    return [
        (
            f"the day of {earlier[0]} is not before the day of {later[0]}",
            f"{earlier[1]}, {later[1]}",
            "",
            Confidence.MEDIUM,
        )
        for earlier, later in pairwise(days)
        if earlier[1] >= later[1]
    ]


def _against(one: LicenceReading, mrz: MrzResult) -> list[_Told]:
    told: list[_Told] = []
    born, days = one.birth_date, mrz.birth_date.candidates
    digit = mrz.check_digit("birth_date_check_digit")
    supported = Confidence.MEDIUM if digit and digit.verifies else Confidence.LOW
    if born is not None and days and born not in days:
        told.append(("the birth date is not that of the document", born.isoformat(), days[0].isoformat(), supported))
    said = fold(f"{one.primary_identifier} {one.secondary_identifier}")
    read = fold(f"{mrz.value('primary_identifier')} {mrz.value('secondary_identifier')}")
    if said and read and name_similarity(said, read) < _ALIKE:
        told.append(("the name is not that of the document", said, read, Confidence.LOW))
    return told
