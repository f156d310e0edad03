"""The signature of EF.SOD does not verify with the key of its signer, or EF.SOD departs from its standard.

EF.SOD holds the digests of all files and is signed by the issuing state. What no signature covers and is irregular is
an information only: some issuers have habits of their own.

Innocent reasons: EF.SOD was copied with an error or encoded anew by a reader; an issuer's own way of encoding.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.checks._chip import chip_of, signer_evidence, without_chip
from verify.model.chip import ChipOutcome
from verify.model.finding import CheckResult, Confidence, Evidence, Severity

META = Meta(
    code="R52",
    name="Signature over the chip does not verify",
    severity=Severity.CRITICAL,
    source="ICAO Doc 9303-11, 5.1; Doc 9303-10, 4.6.2; RFC 5652, 5.4",
    innocent_reasons=(
        "EF.SOD was copied with an error: read the chip again",
        "a reader encoded EF.SOD anew instead of copying it",
        "the issuer encodes in its own way",
    ),
)


def run(case: Case) -> CheckResult:
    """Takes the end of the comparison of EF.SOD's signature with its signer's key."""
    chip = chip_of(case)
    if chip is None:
        return without_chip(META, case)
    if chip.ended(ChipOutcome.SIGNATURE_BAD):
        finding = META.finding(
            "The signature of EF.SOD was not made over these digests with the key of its signer.",
            confidence=Confidence.HIGH,
            evidence=signer_evidence(chip),
        )
        return META.result([finding])
    if not chip.ended(ChipOutcome.SIGNATURE_OK):
        if chip.ended(ChipOutcome.SIGNER_MISSING):
            return META.not_computable("the signer's certificate is neither in EF.SOD nor in the trust store")
        return META.not_computable(chip.reason or "the signature is of a kind that is not used")
    if not chip.ended(ChipOutcome.OBJECT_IRREGULAR):
        return META.passed()
    finding = META.finding(
        "The signature of EF.SOD verifies, but EF.SOD departs from its standard where no signature covers it.",
        severity=Severity.INFO,
        confidence=Confidence.MEDIUM,
        evidence=(*(Evidence("irregular", one) for one in chip.irregularities), *signer_evidence(chip)),
    )
    return META.result([finding])
