"""The number or the name is one that stands on a published specimen.

Pictures of specimens are everywhere and are printed as documents. Their numbers verify, of course.

Innocent reasons: a specimen in a training or a test; a holder who bears the name of the specimen's.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta, ReadMrz, mark_field
from verify.checks._each import Answer, NotComputable, each_mrz, surely_read
from verify.document.number_forms import specimen_values
from verify.model.finding import CheckResult, Confidence, Evidence, Severity
from verify.model.mrz import FieldState

META = Meta(
    code="R38",
    name="Number or name of a published specimen",
    severity=Severity.STRONG,
    source="published specimens of ICAO and of issuers (verify/document/specimens.csv)",
    innocent_reasons=(
        "a specimen that is used in a training or a test",
        "the holder bears the same name",
        "a character was misread",
    ),
)
_FIELDS = ("document_number", "primary_identifier", "secondary_identifier")


def run(case: Case) -> CheckResult:
    """Looks number and names of every MRZ up; where specimens are accepted it has nothing to say."""
    if case.accepted_states:
        return META.not_applicable("the profile accepts specimens")

    def look(one: ReadMrz) -> Answer:
        fields = [one.mrz.field(name) for name in _FIELDS]
        state = one.mrz.value("issuing_state")
        state = "DEU" if state == "D" else state
        found = [
            field
            for field in fields
            if {field.value, *field.value.split()} & specimen_values(state, field.name) and field.value
        ]
        if not found:
            unread = any(field.state is FieldState.UNREADABLE for field in fields)
            return NotComputable("number and names could not wholly be read") if unread else None
        by_number = found[0].name == "document_number"
        sure = surely_read(one.mrz, found[0].name) if by_number else one.mrz.accepted
        return META.finding(
            f"The {'number' if by_number else 'name'} on the {one.source}, {found[0].value}, is that of a "
            "published specimen.",
            severity=None if by_number and sure else Severity.REVIEW,
            confidence=Confidence.HIGH if sure else Confidence.LOW,
            evidence=tuple(Evidence(field.name.replace("_", " "), field.value) for field in found),
            marks=tuple(mark_field(one.source, field) for field in found),
        )

    return each_mrz(META, case, look)
