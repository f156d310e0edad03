"""The piece that the checks on state codes share."""

from __future__ import annotations

from verify.checks._case import Case, Meta, ReadMrz, describe_field, mark_field
from verify.checks._each import Answer, each_mrz, missing
from verify.document.states import StateStatus, state
from verify.model.finding import CheckResult, Confidence, Evidence, Severity
from verify.model.mrz import FieldState

__all__ = ["unassigned"]


def unassigned(meta: Meta, case: Case, name: str) -> CheckResult:
    """A finding for each MRZ whose field holds a code that was never assigned, unless the profile accepts it."""

    def look(one: ReadMrz) -> Answer:
        if without := missing(one.mrz, name):
            return without
        field = one.mrz.field(name)
        found = state(field.value)
        specimen = found.status is StateStatus.SPECIMEN
        if field.value in case.accepted_states or not (specimen or found.status is StateStatus.UNKNOWN):
            return None
        surely, read = one.mrz.accepted, field.state is FieldState.READ
        return meta.finding(
            f"The {describe_field(field)} on the {one.source} reads {field.value}, "
            + ("a code for specimen documents." if specimen else "a code that was never assigned."),
            # no check digit covers a state code: unless the reader vouches for it, one misread letter is enough
            confidence=Confidence.HIGH if surely else Confidence.MEDIUM if read else Confidence.LOW,
            severity=None if surely else min(meta.severity, Severity.REVIEW),
            evidence=(Evidence("characters as read", field.raw),),
            marks=(mark_field(one.source, field),),
        )

    return each_mrz(meta, case, look)
