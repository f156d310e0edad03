"""The MRZ in the chip (DG1) is not the one that is printed.

The state signs DG1, so either the printed page was altered or the chip is another document's.

Innocent reasons: a misread character of the printed zone; pages and chips of two documents filed together.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta, describe_field, mark_field
from verify.checks._chip import chip_of, signer_evidence, without_chip
from verify.checks._zones import Difference, differences
from verify.model.chip import ChipReading
from verify.model.finding import CheckResult, Confidence, Evidence, Finding, Severity

META = Meta(
    code="R58",
    name="Chip and printed MRZ differ",
    severity=Severity.CRITICAL,
    source="ICAO Doc 9303-10, 4.7.1 (DG1); Doc 9303-11, 5.1",
    innocent_reasons=(
        "a character of the printed zone was misread: compare the marked place with the picture",
        "the page and the chip of two documents were filed together",
    ),
)


def run(case: Case) -> CheckResult:
    """Compares DG1 with the MRZ of the travel document, field by field."""
    chip, one = chip_of(case), case.identity_mrz
    if chip is None:
        return without_chip(META, case)
    if chip.mrz is None:
        return META.not_computable("DG1 was not given or holds no zone")
    if one is None:
        return case.without_mrz(META)
    return META.result([_finding(one.source, chip, other) for other in differences(one.mrz, chip.mrz)])


def _finding(source: str, chip: ChipReading, other: Difference) -> Finding:
    name = "name" if other.field.name == "primary_identifier" else describe_field(other.field)
    severity = None if other.supported else Severity.STRONG if other.clear else Severity.REVIEW
    return META.finding(
        f"The {name} that is printed on the {source} is not the one in the chip."
        + ("" if other.clear else " No check digit supports the printed characters: rule out a misread one first."),
        severity=severity,
        confidence=Confidence.HIGH if other.supported else Confidence.MEDIUM if other.clear else Confidence.LOW,
        evidence=(
            Evidence(f"{name} on the {source}", other.printed or "empty"),
            Evidence(f"{name} in the chip", other.other or "empty"),
            *signer_evidence(chip),
        ),
        marks=(mark_field(source, other.field),),
    )
