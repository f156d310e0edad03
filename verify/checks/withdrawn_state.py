"""The issuing state's code was withdrawn, so long ago that no document of it can still be valid.

Documents of states that no longer exist are used for fantasy papers.

Innocent reasons: a transition that accepted old codes for longer; a misread character; a document kept as proof only.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta, ReadMrz, mark_field
from verify.checks._dates import years_after
from verify.checks._each import Answer, each_mrz, missing
from verify.document.states import StateStatus, state
from verify.model.finding import CheckResult, Confidence, Evidence, Severity

META = Meta(
    code="R13",
    name="Code of the issuing state was withdrawn",
    severity=Severity.REVIEW,
    source="ISO 3166-3; ICAO Doc 9303-3, section 5",
    innocent_reasons=(
        "a transition accepted the old code for longer",
        "a character was misread: compare the marked place with the picture",
        "the document is shown as proof of something else, not for travel",
    ),
)
_LONGEST_VALIDITY = 11  # years; ten are usual, some issuers carried months over


def run(case: Case) -> CheckResult:
    """Compares the day of withdrawal, and the longest validity after it, with the inspection date."""

    def look(one: ReadMrz) -> Answer:
        if without := missing(one.mrz, "issuing_state"):
            return without
        found = state(one.mrz.value("issuing_state"))
        if found.status is not StateStatus.WITHDRAWN or found.until is None:
            return None
        late = case.item.inspection_date > years_after(found.until, _LONGEST_VALIDITY)
        return META.finding(
            f"The {one.source} names {found.code} ({found.name}) as its issuer, withdrawn on {found.until.isoformat()}"
            + (", longer ago than any document is valid." if late else "."),
            severity=META.severity if late else Severity.INFO,
            confidence=Confidence.HIGH if one.mrz.accepted else Confidence.MEDIUM,
            evidence=(Evidence("issuing state", found.code), Evidence("withdrawn", found.until.isoformat())),
            marks=(mark_field(one.source, one.mrz.field("issuing_state")),),
        )

    return each_mrz(META, case, look)
