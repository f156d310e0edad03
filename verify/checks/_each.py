"""The way of all checks that look at each MRZ of an item by itself, and what supports a reading."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from verify.checks._case import Case, Meta, ReadMrz, describe_field
from verify.model.finding import CheckResult, Confidence, Finding, Severity
from verify.model.mrz import FieldState, MrzResult

__all__ = ["NotApplicable", "NotComputable", "digit_verifies", "each_mrz", "how_sure", "missing", "surely_read"]


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """There is nothing to look at on this MRZ."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotComputable:
    """What the check needs of this MRZ could not be read."""

    reason: str


Answer = Finding | NotApplicable | NotComputable | None


def each_mrz(meta: Meta, case: Case, look: Callable[[ReadMrz], Answer]) -> CheckResult:
    """Looks at every MRZ; a finding on one outweighs what could not be computed on another, and that outweighs a pass.

    Args:
        meta: of the check.
        case: the item.
        look: a finding, None for a pass, or why neither.
    """
    if not case.mrzs:
        return case.without_mrz(meta)
    answers = [look(one) for one in case.mrzs]
    findings = [answer for answer in answers if isinstance(answer, Finding)]
    unread = "; ".join(dict.fromkeys(answer.reason for answer in answers if isinstance(answer, NotComputable)))
    if findings:
        return meta.result(findings, reason=unread)
    if unread:
        return meta.not_computable(unread)
    if all(isinstance(answer, NotApplicable) for answer in answers):
        return meta.not_applicable("; ".join(dict.fromkeys(a.reason for a in answers if isinstance(a, NotApplicable))))
    return meta.passed()


def missing(mrz: MrzResult, *names: str) -> NotApplicable | NotComputable | None:
    """Why one of these fields cannot be used: the format does not print it, or it could not be read."""
    for name in names:
        field = next((one for one in mrz.fields if one.name == name), None)
        if field is None or field.start == field.end:
            return NotApplicable(f"the {name.replace('_', ' ')} is not printed in this format ({mrz.format})")
        if field.state is FieldState.UNREADABLE or not field.value:
            return NotComputable(f"the {describe_field(field)} could not be read")
    return None


def digit_verifies(mrz: MrzResult, name: str) -> bool:
    """True when the check digit over this field verifies: its own, or the composite where it has none."""
    own = mrz.check_digit(f"{name}_check_digit")
    if own is not None and own.verifies is not None:
        return own.verifies
    composite = mrz.check_digit("composite_check_digit")
    return name.startswith("optional_data") and bool(composite and composite.verifies)


def surely_read(mrz: MrzResult, *names: str) -> bool:
    """True when the upper severities may rest on these fields: the reader vouches for them, or a digit verifies."""
    return mrz.accepted or all(mrz.field(name).state is FieldState.READ and digit_verifies(mrz, name) for name in names)


def how_sure(meta: Meta, mrz: MrzResult, *names: str) -> tuple[Severity, Confidence]:
    """The check's own severity at high confidence where the fields are surely read, else review at most, and low."""
    if surely_read(mrz, *names):
        return meta.severity, Confidence.HIGH
    return min(meta.severity, Severity.REVIEW), Confidence.LOW
