"""The document is valid for longer than the certificate of the chip's signer.

A signer's certificate has to last as long as every document it signed.

Innocent reasons: some issuers' certificates end early; a document that was extended.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.checks._chip import chip_of, signer_evidence, without_chip
from verify.model.finding import CheckResult, Confidence, Evidence, Severity

META = Meta(
    code="R57",
    name="Document outlives the certificate of its signer",
    severity=Severity.INFO,
    source="ICAO Doc 9303-12, 7.1 (validity periods)",
    innocent_reasons=("the issuer lets its certificates end early", "the document was extended"),
)


def run(case: Case) -> CheckResult:
    """Compares the expiry date of DG1 with the last day of the signer's certificate."""
    chip = chip_of(case)
    if chip is None:
        return without_chip(META, case)
    ends = chip.signer.not_after if chip.signer else None
    expiry = chip.mrz.expiry_date.date if chip.mrz else None
    if ends is None or expiry is None:
        return META.not_computable(chip.reason or "the expiry date or the signer's certificate cannot be read")
    if expiry <= ends:
        return META.passed()
    finding = META.finding(
        f"The document expires on {expiry.isoformat()}, its signer's certificate ends on {ends.isoformat()}.",
        confidence=Confidence.HIGH,
        evidence=(
            Evidence("expiry date", expiry.isoformat()),
            Evidence("signer until", ends.isoformat()),
            *signer_evidence(chip),
        ),
    )
    return META.result([finding])
