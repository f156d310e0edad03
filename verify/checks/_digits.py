"""The piece that all check-digit checks share."""

from __future__ import annotations

from verify.checks._case import Case, Meta, ReadMrz
from verify.model.finding import CheckResult, Confidence, Evidence, Finding, Mark, Severity
from verify.model.mrz import CheckDigit

__all__ = ["REASONS", "check_digit"]

REASONS = (
    "a character of the zone was misread: compare the marked place with the picture",
    "wear, dirt or a stamp on the zone",
    "the issuer computes this digit in its own way",
)


def check_digit(meta: Meta, case: Case, name: str) -> CheckResult:
    """Recomputes one check digit on every MRZ of the item (ICAO Doc 9303-3, 4.9)."""
    if not case.mrzs:
        return case.without_mrz(meta)
    digits = [(one, digit) for one in case.mrzs if (digit := one.mrz.check_digit(name)) is not None]
    if not digits:
        return meta.not_applicable("this format has no such check digit")
    findings = [_finding(meta, one, digit) for one, digit in digits if digit.verifies is False]
    if not findings and any(digit.computed == "" for _one, digit in digits):
        return meta.not_computable("a character under the digit could not be read")
    if all(digit.verifies is None for _one, digit in digits):
        return meta.not_applicable("this format does not demand the digit here")
    return meta.result(findings)


def _finding(meta: Meta, one: ReadMrz, digit: CheckDigit) -> Finding:
    supported = _supported_by_another(one, digit)
    return meta.finding(
        f"On the {one.source} the digit {digit.printed} is read in line {digit.line + 1}, column {digit.column + 1}; "
        f"the characters it covers give {digit.computed}."
        + (
            " Other check digits over the same characters verify, so the reading itself is supported."
            if supported
            else " No other check digit supports the reading, so a misread character is the first thing to rule out."
        ),
        # the two upper severities need a reading that another digit supports
        severity=meta.severity if supported else min(meta.severity, Severity.REVIEW),
        confidence=Confidence.HIGH if supported else Confidence.LOW,
        evidence=(Evidence("digit as read", digit.printed), Evidence("digit as computed", digit.computed)),
        marks=(Mark(one.source, digit.line, digit.column, digit.column + 1),),
    )


def _supported_by_another(one: ReadMrz, digit: CheckDigit) -> bool:
    """A single digit is supported by the composite, the composite by all the others."""
    composite = one.mrz.check_digit("composite_check_digit")
    if composite is None:
        return False
    if digit.name == composite.name:
        # outside TD3 the composite alone covers the optional data, so a character misread there looks just the same
        bare = one.mrz.format != "TD3" and any(f.value for f in one.mrz.fields if f.name.startswith("optional_data"))
        return not bare and all(other.verifies is not False for other in one.mrz.check_digits if other is not digit)
    return composite.verifies is True
