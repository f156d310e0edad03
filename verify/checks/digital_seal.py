"""The signature of a digital seal does not verify, or what is sealed is not what is printed.

A visible digital seal repeats the MRZ of the document that carries it and is signed by its issuer. A seal whose
signer is not in the trust store can still be compared with the print.

Innocent reasons: a misread character of the printed zone; a sticker or a visa of another passport of the same holder.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta, describe_field, mark_field
from verify.checks._zones import differences
from verify.model.finding import CheckResult, Confidence, Evidence, Finding, Mark, Severity
from verify.model.item import Role
from verify.model.mrz import FieldState, MrzResult
from verify.model.result import FileReading
from verify.model.seal import SealReading, SealState

META = Meta(
    code="R68",
    name="Digital seal does not verify or differs from the print",
    severity=Severity.CRITICAL,
    source="ICAO Doc 9303-13, 2; BSI TR-03137-1",
    innocent_reasons=(
        "a character of the printed zone was misread: compare the marked place with the picture",
        "the sticker or visa was issued for another passport of the same holder",
        "the seal is damaged: its code corrects errors, but not all of them",
    ),
)
_SIGNED_AGAINST = "The signature of the digital seal was not made over its content with the key of the signer it names."


def run(case: Case) -> CheckResult:
    """Looks at every seal: its signature, then its zone and numbers against the print."""
    seals = [(one, code.seal) for one in case.readings for code in one.codes if code.seal is not None]
    if not seals:
        return META.not_applicable("no digital seal was read")
    findings: list[Finding] = []
    untold: list[str] = []
    for reading, seal in seals:
        if seal.state is SealState.SIGNATURE_BAD:
            findings.append(META.finding(_SIGNED_AGAINST, confidence=Confidence.HIGH, evidence=_told(seal)))
        elif seal.state is not SealState.SIGNATURE_OK:
            untold.append(_why(seal))
        compared = _zone(reading, seal) if seal.mrz and reading.mrz else []
        findings += [*compared, *_number(case, reading, seal)]
        if seal.mrz and reading.mrz is None:
            untold.append(f"{reading.outcome.role}: {reading.mrz_reason or 'no MRZ to compare the seal with'}")
    if untold and not findings:
        return META.not_computable("; ".join(dict.fromkeys(untold)))
    return META.result(findings)


def _why(seal: SealReading) -> str:
    if seal.state is SealState.SIGNER_UNKNOWN:
        return f"the signer {seal.signer_reference} of the seal is not in the trust store"
    return seal.reason or "the seal carries no signature"


def _zone(reading: FileReading, seal: SealReading) -> list[Finding]:
    """The sealed zone is cut after its expiry date on a visa, so its optional data are not compared."""
    assert reading.mrz is not None and seal.mrz is not None  # noqa: S101 - the caller looked
    found = []
    for one in differences(reading.mrz, seal.mrz, but=("optional_data",)):
        name = "name" if one.field.name == "primary_identifier" else describe_field(one.field)
        mark = mark_field(reading.outcome.role, one.field)
        found.append(_finding(reading, seal, name, one.printed, one.other, one.clear, (mark,)))
    return found


def _number(case: Case, reading: FileReading, seal: SealReading) -> list[Finding]:
    """The number of the document that carries the seal, or of the passport that a visa belongs to."""
    travel = case.identity_mrz
    on_visa = reading.outcome.role == Role.VISA
    pairs: list[tuple[str, str, MrzResult | None]] = [
        ("document number", seal.value("document number"), reading.mrz),
        ("passport number", seal.value("passport number") if on_visa else "", travel.mrz if travel else None),
    ]
    found = []
    for name, sealed, mrz in pairs:
        if not sealed or mrz is None:
            continue
        field, digit = mrz.field("document_number"), mrz.check_digit("document_number_check_digit")
        if field.state is FieldState.UNREADABLE or field.value == sealed:
            continue
        clear = bool(digit and digit.verifies) and field.state is FieldState.READ
        role = reading.outcome.role if mrz is reading.mrz or travel is None else travel.source
        found.append(_finding(reading, seal, name, field.value, sealed, clear, (mark_field(role, field),)))
    return found


def _finding(
    reading: FileReading, seal: SealReading, name: str, printed: str, sealed: str, clear: bool, marks: tuple[Mark, ...]
) -> Finding:
    return META.finding(
        f"The {name} in the seal on the {reading.outcome.role} is not the one that is printed.",
        severity=Severity.STRONG if clear else Severity.REVIEW,
        confidence=Confidence.HIGH if clear else Confidence.LOW,
        evidence=(
            Evidence(f"{name} as printed", printed or "empty"),
            Evidence(f"{name} in the seal", sealed),
            *_told(seal),
        ),
        marks=marks,
    )


def _told(seal: SealReading) -> tuple[Evidence, ...]:
    kind = [Evidence("seal", seal.document_type)] if seal.document_type else []
    return (*kind, Evidence("signer of the seal", seal.signer_reference), Evidence("signature", seal.state.value))
