"""A file of the chip does not have the digest that EF.SOD holds for it: it is not the file that was signed.

Innocent reasons: the file was cut off or copied with an error, or it is a file of another chip.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.checks._chip import chip_of, signer_evidence, without_chip
from verify.model.chip import ChipReading, DataGroup
from verify.model.finding import CheckResult, Confidence, Evidence, Finding, Severity

META = Meta(
    code="R51",
    name="A file of the chip is not the one that was signed",
    severity=Severity.CRITICAL,
    source="ICAO Doc 9303-11, 5.1 (passive authentication)",
    innocent_reasons=(
        "the file was cut off or copied with an error: read the chip again",
        "a file of another chip got into the dump",
    ),
)


def run(case: Case) -> CheckResult:
    """Compares the digest of every file with EF.SOD."""
    chip = chip_of(case)
    if chip is None:
        return without_chip(META, case)
    compared = [one for one in chip.groups if one.sound is not None]
    if not compared:
        return META.not_computable(chip.reason or "EF.SOD names none of the files that were given")
    return META.result([_finding(chip, one) for one in compared if one.sound is False])


def _finding(chip: ChipReading, group: DataGroup) -> Finding:
    name = f"DG{group.number}"
    return META.finding(
        f"{name} is cut off, so its digest cannot be the signed one."
        if group.truncated
        else f"The digest of {name} is not the one in EF.SOD: it was changed after it was signed, or is another's.",
        severity=Severity.REVIEW if group.truncated else None,
        confidence=Confidence.LOW if group.truncated else Confidence.HIGH,
        evidence=(Evidence("file", f"{name}, {group.size} bytes"), *signer_evidence(chip)),
    )
