"""The piece that the checks on dates share."""

from __future__ import annotations

from verify.checks._case import Case, Meta, describe_field, mark_field
from verify.model.finding import CheckResult, Confidence, Evidence
from verify.model.mrz import FieldState, MrzDate, MrzResult

__all__ = ["impossible_date"]


def impossible_date(meta: Meta, case: Case, name: str) -> CheckResult:
    """A finding for each MRZ whose date cannot be any day of the calendar, in either century."""
    if not case.mrzs:
        return case.without_mrz(meta)
    findings = []
    unread = False
    for one in case.mrzs:
        field, date = one.mrz.field(name), _date(one.mrz, name)
        if field.state is FieldState.UNREADABLE:
            unread = True
            continue
        if date.partial or date.candidates:
            continue
        digit = one.mrz.check_digit(f"{name}_check_digit")
        findings.append(
            meta.finding(
                f"The {describe_field(field)} on the {one.source} reads {date.raw}, which is not a possible date.",
                confidence=Confidence.HIGH if digit and digit.verifies else Confidence.LOW,
                evidence=(Evidence("characters as read", field.raw),),
                marks=(mark_field(one.source, field),),
            )
        )
    if unread and not findings:
        return meta.not_computable("the date could not be read")
    return meta.result(findings)


def _date(mrz: MrzResult, name: str) -> MrzDate:
    return mrz.birth_date if name == "birth_date" else mrz.expiry_date
