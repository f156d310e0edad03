"""The live capture shows more than one face, so the comparison may be with the wrong person.

The most prominent face was taken. Someone who stands very close may be a helper, a child, or a person who does not let
the traveller speak alone.

Innocent reasons: a queue behind the traveller, a parent holding a child, a picture on the wall.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.model.finding import CheckResult, Confidence, Evidence, Severity
from verify.model.item import Role

META = Meta(
    code="F01",
    name="Several faces on the live capture",
    severity=Severity.REVIEW,
    source="ISO/IEC 29794-5 (single face present); ICAO portrait guidelines",
    innocent_reasons=(
        "people queue behind the traveller",
        "a parent holds a child",
        "a picture hangs on the wall",
    ),
)


def run(case: Case) -> CheckResult:
    """Counts the faces of each live capture."""
    captures = [one for one in case.readings if one.outcome.role == Role.CAPTURE]
    if not captures:
        return META.not_applicable("no live capture")
    empty = [one.face_reason for one in captures if not one.faces]
    findings = [
        META.finding(
            f"{len(one.faces)} faces were found on the live capture; the most prominent was used.",
            confidence=Confidence.MEDIUM,
            evidence=tuple(Evidence(str(face.role), "face found", face.picture) for face in one.faces),
        )
        for one in captures
        if len(one.faces) > 1
    ]
    if empty and not findings:
        return META.not_computable("; ".join(empty))
    return META.result(findings)
