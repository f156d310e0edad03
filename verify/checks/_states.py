"""The piece that the checks on state codes share."""

from __future__ import annotations

from verify.checks._case import Case, Meta, describe_field, mark_field
from verify.document.states import StateStatus, state
from verify.model.finding import CheckResult, Confidence, Evidence, Finding
from verify.model.mrz import FieldState

__all__ = ["unassigned"]


def unassigned(meta: Meta, case: Case, name: str) -> CheckResult:
    """A finding for each MRZ whose field holds a code that was never assigned, unless the profile accepts it."""
    if not case.mrzs:
        return case.without_mrz(meta)
    findings: list[Finding] = []
    unread = False
    for one in case.mrzs:
        field = one.mrz.field(name)
        if field.state is FieldState.UNREADABLE or not field.value:
            unread = True
            continue
        found = state(field.value)
        specimen = found.status is StateStatus.SPECIMEN
        if field.value in case.accepted_states or not (specimen or found.status is StateStatus.UNKNOWN):
            continue
        findings.append(
            meta.finding(
                f"The {describe_field(field)} on the {one.source} reads {field.value}, "
                + ("a code for specimen documents." if specimen else "a code that was never assigned."),
                # no check digit covers a state code, so one misread letter is all it takes
                confidence=Confidence.MEDIUM if field.state is FieldState.READ else Confidence.LOW,
                severity=None if field.state is FieldState.READ else min(meta.severity, type(meta.severity).REVIEW),
                evidence=(Evidence("characters as read", field.raw),),
                marks=(mark_field(one.source, field),),
            )
        )
    if unread and not findings:
        return meta.not_computable(f"the {name.replace('_', ' ')} could not be read")
    return meta.result(findings)
