"""The chip's answer to a challenge was not made with the private key that belongs to its DG15: it may be a copy.

All that a dump holds can be copied to another chip. Only the private key cannot, and only a reader at the living chip
can ask for it. Where a dump keeps such an answer (files AA_challenge and AA_response) it is compared with DG15; where
it does not, this check says on every dump that nobody has told the chip from its copy.

Innocent reasons: an answer that was kept from another chip, or copied with an error.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.checks._chip import NOT_TESTED, chip_of, signer_evidence, without_chip
from verify.model.chip import ChipOutcome
from verify.model.finding import CheckResult, Confidence, Severity

META = Meta(
    code="C01",
    name="Chip may be a copy",
    severity=Severity.STRONG,
    source="ICAO Doc 9303-11, 6.1 (Active Authentication)",
    innocent_reasons=(
        "the answer was kept from another chip",
        "the answer was copied with an error: ask the chip again",
    ),
)


def run(case: Case) -> CheckResult:
    """Takes the comparison of a kept answer with DG15."""
    chip = chip_of(case)
    if chip is None:
        return without_chip(META, case)
    if chip.ended(ChipOutcome.CLONE_TEST_OK):
        return META.passed()
    if not chip.ended(ChipOutcome.CLONE_TEST_BAD):
        return META.not_computable(f"clone {NOT_TESTED}")
    finding = META.finding(
        "The answer that the dump keeps was not made with the private key of DG15.",
        confidence=Confidence.HIGH,
        evidence=signer_evidence(chip),
    )
    return META.result([finding])
