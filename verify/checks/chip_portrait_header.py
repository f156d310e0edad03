"""The header of the portrait in the chip does not describe the image behind it.

Kind, width, height and lengths stand in the header of DG2. Official specimens have slips in it too.

Innocent reasons: issuers' software writes it carelessly.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.checks._chip import chip_of, clone_evidence, without_chip
from verify.model.finding import CheckResult, Confidence, Evidence, Severity

META = Meta(
    code="R60",
    name="Header of the chip's portrait does not fit its image",
    severity=Severity.INFO,
    source="ISO/IEC 19794-5:2005, 5.5 to 5.9; ISO/IEC 39794-5; ICAO Doc 9303-10, 4.7.2",
    innocent_reasons=("the issuer's software writes the header carelessly: official specimens have such slips",),
)


def run(case: Case) -> CheckResult:
    """Compares the header of DG2 with the image."""
    chip = chip_of(case)
    if chip is None:
        return without_chip(META, case)
    portrait = chip.portrait
    if portrait is None:
        return META.not_applicable("the dump holds no DG2")
    if portrait.size is None:
        return META.not_computable("; ".join(portrait.irregularities) or "the image cannot be decoded")
    told = list(portrait.irregularities)
    if portrait.declared_kind and portrait.declared_kind != portrait.kind:
        told.append(f"the header says {portrait.declared_kind}, the image is {portrait.kind}")
    if portrait.declared_size and all(portrait.declared_size) and portrait.declared_size != portrait.size:
        said, seen = (" x ".join(map(str, size)) for size in (portrait.declared_size, portrait.size))
        told.append(f"the header says {said} pixels, the image has {seen}")
    if not told:
        return META.passed()
    finding = META.finding(
        f"The header of the portrait in the chip does not fit: {'; '.join(told)}.",
        confidence=Confidence.HIGH,
        evidence=(Evidence("header", portrait.standard), *clone_evidence(chip)),
    )
    return META.result([finding])
