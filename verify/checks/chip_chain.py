"""The certificate of the chip's signer was not signed by the authority that it names.

The authority of a state (CSCA) certifies its document signers. Where its certificate is not in the trust store
nothing can be told, and that says nothing against the document: many states' lists are incomplete.

Innocent reasons: the signer's certificate was copied with an error; an authority that used one key identifier for two
keys.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.checks._chip import chip_of, signer_evidence, without_chip
from verify.model.chip import ChipOutcome
from verify.model.finding import CheckResult, Confidence, Severity

META = Meta(
    code="R53",
    name="Signer of the chip is not certified by its authority",
    severity=Severity.CRITICAL,
    source="ICAO Doc 9303-12, 4 and 7; the trust store's version stands in the run record",
    innocent_reasons=(
        "the certificate in EF.SOD was copied with an error: read the chip again",
        "the authority has used one key identifier for two keys",
    ),
)


def run(case: Case) -> CheckResult:
    """Takes the end of the chain from the signer to a CSCA of the trust store."""
    chip = chip_of(case)
    if chip is None:
        return without_chip(META, case)
    if chip.ended(ChipOutcome.CHAIN_OK):
        return META.passed()
    if chip.ended(ChipOutcome.CHAIN_BAD):
        finding = META.finding(
            "The certificate of the signer names an authority, by name and key, that did not sign it.",
            confidence=Confidence.HIGH,
            evidence=signer_evidence(chip),
        )
        return META.result([finding])
    if chip.signer is None:
        return META.not_computable(chip.reason or "the signer's certificate is not there")
    issuer = f"of {chip.signer.state} " if chip.signer.state else ""
    return META.not_computable(
        f"no certificate of the authority {issuer}that certified the signer is in the trust store; "
        "that says nothing against the document"
    )
