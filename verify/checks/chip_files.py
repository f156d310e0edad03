"""The files of the chip, the list in EF.COM and the signed list in EF.SOD are not the same.

A file that EF.SOD does not name was signed by nobody; one that it names and that is missing may have been taken away.
DG3 and DG4 (fingerprints, irises) are read by few and do not count as missing.

Innocent reasons: the reader copied only some files; an issuer that wrote a file later and did not list it.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.checks._chip import chip_of, clone_evidence, without_chip
from verify.model.chip import ChipReading, DataGroup
from verify.model.finding import CheckResult, Confidence, Evidence, Finding, Severity

META = Meta(
    code="R50",
    name="Files of the chip differ from its lists",
    severity=Severity.REVIEW,
    source="ICAO Doc 9303-10, 4.6 (EF.COM, EF.SOD)",
    innocent_reasons=(
        "the reader copied only some of the files",
        "the issuer wrote a file later and did not list it",
        "a file of another chip got into the dump",
    ),
)
_NEVER_DUMPED = {3, 4}


def run(case: Case) -> CheckResult:
    """Compares the files that were given with both lists."""
    chip = chip_of(case)
    if chip is None:
        return without_chip(META, case)
    if not any(one.signed for one in chip.groups):
        return META.not_computable(chip.reason or "EF.SOD names no file")
    extra = [one for one in chip.groups if one.size is not None and not one.signed]
    missing = [one for one in chip.groups if one.size is None and one.number not in _NEVER_DUMPED]
    unlike = [one for one in chip.groups if one.listed != one.signed] if chip.listed else []
    findings = []
    if extra:
        findings.append(
            _finding(chip, "is given but not named in EF.SOD: nobody has signed it", extra, Confidence.HIGH)
        )
    if unlike:
        findings.append(_finding(chip, "is named in only one of EF.COM and EF.SOD", unlike, Confidence.HIGH))
    if missing:
        findings.append(_finding(chip, "is named in a list but not in the dump", missing, Confidence.LOW))
    return META.result(findings)


def _finding(chip: ChipReading, what: str, groups: list[DataGroup], confidence: Confidence) -> Finding:
    names = ", ".join(f"DG{one.number}" for one in groups)
    return META.finding(
        f"{names} {what}.", confidence=confidence, evidence=(Evidence("files", names), *clone_evidence(chip))
    )
