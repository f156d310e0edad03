"""The certificate of the chip's signer was revoked by its authority.

It happens when a signing key is lost or a series of documents was stolen blank.

Innocent reasons: all documents of the signer are concerned, most of them rightful; some authorities revoke at the end
of a signer's use.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.checks._chip import chip_of, signer_evidence, without_chip
from verify.model.chip import ChipOutcome
from verify.model.finding import CheckResult, Confidence, Severity

META = Meta(
    code="R54",
    name="Signer of the chip was revoked",
    severity=Severity.STRONG,
    source="ICAO Doc 9303-12, 7.1.4; RFC 5280, section 5",
    innocent_reasons=(
        "the authority revoked the signer, not this document: most documents it signed are rightful",
        "some authorities revoke a signer at the end of its use",
    ),
)


def run(case: Case) -> CheckResult:
    """Looks the signer up in the revocation lists of the trust store."""
    chip = chip_of(case)
    if chip is None:
        return without_chip(META, case)
    if chip.ended(ChipOutcome.REVOKED):
        finding = META.finding(
            "The certificate of the chip's signer stands in the revocation list of its authority.",
            confidence=Confidence.HIGH,
            evidence=signer_evidence(chip),
        )
        return META.result([finding])
    if chip.ended(ChipOutcome.NOT_REVOKED):
        return META.passed()
    if chip.ended(ChipOutcome.REVOCATION_STALE):
        return META.not_computable("the newest revocation list in the trust store was due before the inspection")
    return META.not_computable(chip.reason or "no revocation list of this authority is in the trust store")
