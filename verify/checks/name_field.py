"""The name field is not written as the standard says.

It begins with a letter, has one double filler between the two identifiers and single ones within them, and fillers only
at its end. Invented zones often have more fillers, or fewer.

Innocent reasons: fillers that were misread or not counted right; national practice with single or very long names.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta, ReadMrz
from verify.checks._each import Answer, NotApplicable, NotComputable, each_mrz
from verify.model.finding import CheckResult, Confidence, Evidence, Mark, Severity
from verify.model.mrz import FieldState

META = Meta(
    code="R29",
    name="Name field is not written by the standard",
    severity=Severity.REVIEW,
    source="ICAO Doc 9303-3, 4.6; 9303-4, 4.2.3",
    innocent_reasons=(
        "a filler was misread, or fillers were not counted right",
        "the issuer has its own way with single or very long names",
    ),
)
_NAMES = ("primary_identifier", "secondary_identifier")


def run(case: Case) -> CheckResult:
    """Looks at the fillers of the name field of every MRZ."""

    def look(one: ReadMrz) -> Answer:
        first, second = (one.mrz.field(name) for name in _NAMES)
        if first.line != second.line:
            return NotApplicable(f"this format ({one.mrz.format}) has its own way to write names")
        if FieldState.UNREADABLE in (first.state, second.state):
            return NotComputable("the name could not be read")
        text = one.mrz.lines[first.line][first.start : second.end]
        what = _fault(text.rstrip("<"))
        if not what:
            return None
        return META.finding(
            f"The name field on the {one.source} {what}.",
            severity=None if one.mrz.accepted else Severity.INFO,
            confidence=Confidence.MEDIUM if one.mrz.accepted else Confidence.LOW,
            evidence=(Evidence("name field", text),),
            marks=(Mark(one.source, first.line, first.start, second.end),),
        )

    return each_mrz(META, case, look)


def _fault(name: str) -> str:
    if not name:
        return "holds no name"
    if name.startswith("<"):
        return "begins with a filler"
    if "<<<" in name:
        return "has three fillers or more within the name"
    return "has more than one double filler" if name.count("<<") > 1 else ""
