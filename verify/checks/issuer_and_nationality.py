"""An ordinary passport was issued by another state than that of its holder's nationality.

States issue ordinary passports to their nationals. Others get documents of other kinds, with document codes of their
own.

Innocent reasons: documents for refugees, stateless people and aliens that carry no code of their own; codes of overseas
territories; passports of international organizations; a misread code.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta, ReadMrz, mark_field
from verify.checks._each import Answer, NotApplicable, each_mrz, missing
from verify.document import StateStatus, state
from verify.gallery import normalised_state
from verify.model.finding import CheckResult, Confidence, Evidence, Severity

META = Meta(
    code="R15",
    name="Passport issued by another state than the holder's",
    severity=Severity.INFO,
    source="ICAO Doc 9303-4, 4.2.2; Doc 9303-3, section 5",
    innocent_reasons=(
        "a document for a refugee, a stateless person or an alien without a code of its own",
        "a passport of an overseas territory or of an international organization",
        "a character was misread: no check digit covers either code",
    ),
)
_ORDINARY = ("P", "PP", "PN")
_SAME = {"GBD": "GBR", "GBN": "GBR", "GBO": "GBR", "GBP": "GBR", "GBS": "GBR", "HKG": "CHN", "MAC": "CHN"}


def run(case: Case) -> CheckResult:
    """Compares the two codes of every ordinary passport."""

    def look(one: ReadMrz) -> Answer:
        if one.mrz.format != "TD3" or one.mrz.value("document_code") not in _ORDINARY:
            return NotApplicable("no ordinary passport")
        if without := missing(one.mrz, "issuing_state", "nationality"):
            return without
        issuer, nationality = (_state(one.mrz.value(name)) for name in ("issuing_state", "nationality"))
        if issuer == nationality:
            return None
        if StateStatus.PERSON in (state(issuer).status, state(nationality).status):
            return NotApplicable("the holder has no nationality that a state would issue an ordinary passport for")
        return META.finding(
            f"The passport on the {one.source} was issued by {issuer}; its holder's nationality reads {nationality}.",
            confidence=Confidence.HIGH if one.mrz.accepted else Confidence.LOW,
            evidence=(Evidence("issuing state", issuer), Evidence("nationality", nationality)),
            marks=tuple(mark_field(one.source, one.mrz.field(name)) for name in ("issuing_state", "nationality")),
        )

    return each_mrz(META, case, look)


def _state(code: str) -> str:
    normal = normalised_state(code)
    return _SAME.get(normal, normal)
