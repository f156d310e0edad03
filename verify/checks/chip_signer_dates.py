"""The certificate of the chip's signer begins only after the document was issued, or after the inspection.

A chip cannot have been signed at its issue with a key that was certified later.

Innocent reasons: a clock of the personalisation a few days off; a chip that was written again after a repair.
"""

from __future__ import annotations

import datetime as dt

from verify.checks._case import Case, Meta
from verify.checks._chip import chip_of, signer_evidence, without_chip
from verify.model.finding import CheckResult, Confidence, Evidence, Severity

META = Meta(
    code="R56",
    name="Chip was signed later than issued",
    severity=Severity.STRONG,
    source="ICAO Doc 9303-12, 7.1 (validity); Doc 9303-10, 4.7.12 (DG12, date of issue)",
    innocent_reasons=(
        "a clock of the personalisation was off",
        "the chip was written again after a repair",
        "the day of issue on the chip is that of the application",
    ),
)
_SLACK = dt.timedelta(days=7)
_ISSUE_GROUP = 12


def run(case: Case) -> CheckResult:
    """Compares the first day of the signer's certificate with the day of issue in DG12 and with the inspection."""
    chip = chip_of(case)
    if chip is None:
        return without_chip(META, case)
    begins = chip.signer.not_before if chip.signer else None
    if begins is None:
        return META.not_computable(chip.reason or "the signer's certificate cannot be read")
    issued, group = chip.details.issue_date if chip.details else None, chip.group(_ISSUE_GROUP)
    named = "issued" if issued is not None else "inspected"
    day = issued if issued is not None else case.item.inspection_date
    if begins <= day + _SLACK:
        return META.passed() if issued is not None else META.not_computable("the chip names no day of issue")
    sound = issued is None or bool(group and group.sound)
    finding = META.finding(
        f"The document was {named} on {day.isoformat()}; its signer's certificate begins on {begins.isoformat()}.",
        severity=None if sound else Severity.REVIEW,
        confidence=Confidence.HIGH if sound else Confidence.LOW,
        evidence=(
            Evidence(f"day {named}", day.isoformat()),
            Evidence("signer from", begins.isoformat()),
            *signer_evidence(chip),
        ),
    )
    return META.result([finding])
