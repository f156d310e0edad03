"""The visa was issued by the state whose national the holder is.

Nobody needs a visa of the own state.

Innocent reasons: a misread code (no check digit covers it); a second nationality that came later; exit visas, which
some states issue.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta, ReadMrz, mark_field
from verify.checks._each import Answer, NotApplicable, each_mrz, missing
from verify.gallery import normalised_state
from verify.model.finding import CheckResult, Confidence, Evidence, Severity
from verify.model.item import Role

META = Meta(
    code="R49",
    name="Visa of the holder's own state",
    severity=Severity.INFO,
    source="ICAO Doc 9303-7, 4.2 (issuing state and nationality); general practice",
    innocent_reasons=(
        "a code was misread: no check digit covers either",
        "the holder got that nationality after the visa",
        "some states issue exit visas to their nationals",
    ),
)


def run(case: Case) -> CheckResult:
    """Compares the two codes of every visa."""

    def look(one: ReadMrz) -> Answer:
        if one.source != Role.VISA or not one.mrz.format.startswith("MRV"):
            return NotApplicable("no visa")
        if without := missing(one.mrz, "issuing_state", "nationality"):
            return without
        issuer, nationality = one.mrz.value("issuing_state"), one.mrz.value("nationality")
        if normalised_state(issuer) != normalised_state(nationality):
            return None
        return META.finding(
            f"The visa was issued by {issuer} to its own national.",
            confidence=Confidence.HIGH if one.mrz.accepted else Confidence.LOW,
            evidence=(Evidence("issuing state", issuer), Evidence("nationality", nationality)),
            marks=tuple(mark_field(one.source, one.mrz.field(name)) for name in ("issuing_state", "nationality")),
        )

    return each_mrz(META, case, look)
