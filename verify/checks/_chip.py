"""The piece that the checks on chips share."""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.model.chip import ChipOutcome, ChipReading
from verify.model.finding import CheckResult, Evidence
from verify.model.item import Role

__all__ = ["chip_of", "clone_evidence", "signer_evidence", "without_chip"]

NOT_TESTED = "not tested: a copied chip passes everything that a dump can show"


def chip_of(case: Case) -> ChipReading | None:
    """The first dump of a chip that was read."""
    return next((one.chip for one in case.readings if one.chip is not None), None)


def without_chip(meta: Meta, case: Case) -> CheckResult:
    """How a check on the chip ends when there is no dump that it can look at."""
    given = [one for one in case.readings if one.outcome.role == Role.CHIP]
    if given:
        return meta.not_computable(f"chip: the file is {given[0].outcome.outcome}")
    return meta.not_applicable("no chip dump")


def clone_evidence(chip: ChipReading) -> tuple[Evidence, ...]:
    """That nobody has told the chip from its copy, wherever that is so."""
    return (Evidence("clone", NOT_TESTED),) if chip.ended(ChipOutcome.CLONE_NOT_TESTED) else ()


def signer_evidence(chip: ChipReading) -> tuple[Evidence, ...]:
    """Who signed, by whose authority, and by what."""
    found = [Evidence("signature", chip.algorithm)] if chip.algorithm else []
    if chip.signer is not None:
        found.append(Evidence("document signer", f"{chip.signer.subject}; serial {chip.signer.serial}"))
    if chip.csca is not None:
        found.append(Evidence("CSCA", f"{chip.csca.subject}; from the {chip.trust_source}"))
    return (*found, *clone_evidence(chip))
