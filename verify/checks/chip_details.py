"""What DG11 and DG12 say of holder and document contradicts DG1.

The full name and birth date of DG11 have to be those of DG1, and the day of issue has to lie between birth and
expiry.

Innocent reasons: a name in national characters that is transliterated otherwise; a second name or a title in one of
them.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.checks._chip import chip_of, clone_evidence, without_chip
from verify.document.names import alternatives
from verify.gallery import name_similarity
from verify.model.chip import ChipDetails
from verify.model.finding import CheckResult, Confidence, Evidence, Severity
from verify.model.mrz import MrzResult

META = Meta(
    code="R59",
    name="Further data of the chip contradict its MRZ",
    severity=Severity.REVIEW,
    source="ICAO Doc 9303-10, 4.7.11 and 4.7.12 (DG11, DG12)",
    innocent_reasons=(
        "the name is transliterated otherwise, or longer in one of the two",
        "the issuer writes a day of issue that is not that of this booklet",
    ),
)
_ALIKE = 0.8  # docs/decisions/006-names.md


def run(case: Case) -> CheckResult:
    """Compares names and dates of DG11 and DG12 with DG1."""
    chip = chip_of(case)
    if chip is None:
        return without_chip(META, case)
    if chip.details is None:
        return META.not_applicable("the dump holds neither DG11 nor DG12 that can be read")
    if chip.mrz is None:
        return META.not_computable("DG1 was not given or holds no zone")
    findings = [
        META.finding(
            f"The {what} in {group} does not fit the MRZ in the chip.",
            confidence=Confidence.MEDIUM,
            evidence=(Evidence(f"{what} in {group}", said), Evidence("MRZ in the chip", read), *clone_evidence(chip)),
        )
        for what, group, said, read in _contradictions(chip.details, chip.mrz)
    ]
    return META.result(findings)


def _contradictions(details: ChipDetails, mrz: MrzResult) -> list[tuple[str, str, str, str]]:
    found = []
    name = f"{mrz.value('primary_identifier')} {mrz.value('secondary_identifier')}".strip()
    said = [one for one in alternatives(details.full_name.replace("<", " ")) if one]
    if said and name and max(name_similarity(one, name) for one in said) < _ALIKE:
        found.append(("name", "DG11", details.full_name, name))
    born, days = details.birth_date, mrz.birth_date.candidates
    if born is not None and days and born not in days:
        found.append(("birth date", "DG11", born.isoformat(), days[0].isoformat()))
    issued, expiry = details.issue_date, mrz.expiry_date.date
    if issued is not None and expiry is not None and issued >= expiry:
        found.append(("day of issue", "DG12", issued.isoformat(), f"expires {expiry.isoformat()}"))
    elif issued is not None and days and issued < min(days):
        found.append(("day of issue", "DG12", issued.isoformat(), f"born {min(days).isoformat()}"))
    return found
