"""The chip was signed for another state than the document names.

The states in the certificates of signer and authority have to be the issuing state of DG1: no state signs for another.

Innocent reasons: codes that differ by habit (territories, organizations); a document that one state makes for another.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.checks._chip import chip_of, signer_evidence, without_chip
from verify.model.chip import ChipOutcome
from verify.model.finding import CheckResult, Confidence, Evidence, Severity

META = Meta(
    code="R55",
    name="Chip was signed for another state",
    severity=Severity.CRITICAL,
    source="ICAO Doc 9303-12, 7.1 (countryName); Doc 9303-3, section 5",
    innocent_reasons=(
        "a territory or an organization whose codes differ by habit",
        "one state makes documents for another",
        "a file of another chip got into the dump",
    ),
)


def run(case: Case) -> CheckResult:
    """Takes the comparison of the states in the certificates and in DG1."""
    chip = chip_of(case)
    if chip is None:
        return without_chip(META, case)
    if chip.ended(ChipOutcome.STATES_AGREE):
        return META.passed()
    if not chip.ended(ChipOutcome.STATES_DIFFER):
        return META.not_computable(chip.reason or "a certificate or DG1 names no state that is in a table")
    issuing = chip.mrz.value("issuing_state") if chip.mrz else ""
    states = [("document", issuing), ("signer", chip.signer.state if chip.signer else "")]
    states.append(("CSCA", chip.csca.state if chip.csca else ""))
    finding = META.finding(
        "The states that the document, its signer and its authority name are not the same.",
        confidence=Confidence.HIGH,
        evidence=(
            *(Evidence(f"state of the {name}", value) for name, value in states if value),
            *signer_evidence(chip),
        ),
    )
    return META.result([finding])
