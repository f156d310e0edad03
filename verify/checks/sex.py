"""The sex is written as X, which the zone by the standard writes as a filler.

The printed page has M, F or X; in the zone X becomes a filler.

Innocent reasons: some issuers print the X in the zone as well; a misread filler.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta, ReadMrz, mark_field
from verify.checks._each import Answer, NotComputable, each_mrz
from verify.model.finding import CheckResult, Confidence, Evidence, Severity
from verify.model.mrz import FieldState

META = Meta(
    code="R27",
    name="Sex is written as X in the zone",
    severity=Severity.INFO,
    source="ICAO Doc 9303-4, 4.2.2; 9303-5 to -7 likewise (sex: M, F or a filler)",
    innocent_reasons=("the issuer prints the X in the zone as well", "a filler was misread"),
)


def run(case: Case) -> CheckResult:
    """Looks at the sex of every MRZ."""

    def look(one: ReadMrz) -> Answer:
        field = one.mrz.field("sex")
        if field.state is FieldState.UNREADABLE:
            return NotComputable("the sex could not be read")
        if field.value != "X":
            return None
        return META.finding(
            f"The zone of the {one.source} writes the sex as X.",
            confidence=Confidence.HIGH if one.mrz.accepted else Confidence.LOW,
            evidence=(Evidence("characters as read", field.raw),),
            marks=(mark_field(one.source, field),),
        )

    return each_mrz(META, case, look)
