"""The document expired before its holder was born, or a card was issued before.

A birth date that was made younger on an old document can end up after its expiry. Where the day of issue was read from
the print it has to lie between both; the French identity card of 1988 to 2021 has year and month of issue in its zone.

Innocent reasons: a misread digit; a document without an end of validity whose distant year was read as one in the past.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta, ReadMrz, mark_field
from verify.checks._dates import expiry_of
from verify.checks._each import Answer, NotApplicable, NotComputable, each_mrz, how_sure, surely_read
from verify.checks._issue import issue_month
from verify.checks._page import printed_issue
from verify.model.finding import CheckResult, Confidence, Evidence, Finding, Severity

META = Meta(
    code="R19",
    name="Document issued or expired before its holder was born",
    severity=Severity.STRONG,
    source="ICAO Doc 9303-4, 4.1.1.1 and 4.2.2; 9303-5 and -6 likewise (dates); décret 55-1397 (French identity card)",
    innocent_reasons=(
        "a digit was misread: compare the marked places with the picture",
        "a document without an end of validity, whose year was read as one of the past",
    ),
)


def run(case: Case) -> CheckResult:
    """Compares the dates of every MRZ, in every century they may be of."""

    def look(one: ReadMrz) -> Answer:
        born = one.mrz.birth_date.candidates
        issued = issue_month(one.mrz, case.item.inspection_date)
        other = issued or expiry_of(one.mrz)
        if born and not issued and (found := _printed(case, one)) is not None:
            return found
        if isinstance(other, NotApplicable | NotComputable):
            return other
        if not born:
            return NotComputable("the birth date is not wholly known or could not be read")
        name, field = ("issued", "document_number") if issued else ("expired", "expiry_date")
        if min(born) < other:
            return None
        severity, confidence = how_sure(META, one.mrz, "birth_date", field)
        others = one.mrz.expiry_date.candidates
        if not issued and max(others) > min(born):  # a century later the dates would be in order
            severity, confidence = min(severity, Severity.REVIEW), Confidence.LOW
        return META.finding(
            f"By its zone the {one.source} was {name} on {other.isoformat()}, and its holder was born on "
            f"{min(born).isoformat()}.",
            severity=severity,
            confidence=confidence,
            evidence=(
                Evidence("birth date", " or ".join(day.isoformat() for day in born)),
                Evidence("expiry date", " or ".join(day.isoformat() for day in others) or "not printed"),
            ),
            marks=(mark_field(one.source, one.mrz.field("birth_date")), mark_field(one.source, one.mrz.field(field))),
        )

    return each_mrz(META, case, look)


def _printed(case: Case, one: ReadMrz) -> Finding | None:
    """A printed day of issue before the birth or not before the expiry."""
    read = printed_issue(case, one)
    if isinstance(read, NotApplicable | NotComputable):
        return None
    page, field, _day = read
    born, ends = min(one.mrz.birth_date.candidates), one.mrz.expiry_date.candidates
    if any(born <= day and (not ends or day < max(ends)) for day in field.days):
        return None
    sure = field.clear and surely_read(one.mrz, "birth_date", "expiry_date")
    return META.finding(
        f"By its print the {one.source.replace('_', ' ')} was issued on {min(field.days).isoformat()}, and its holder "
        f"was born on {born.isoformat()}" + (f"; it expires on {ends[0].isoformat()}." if ends else "."),
        severity=META.severity if sure else Severity.REVIEW,
        confidence=Confidence.HIGH if sure else Confidence.MEDIUM,
        evidence=(*page.evidence(field), Evidence("birth date", born.isoformat())),
        marks=(mark_field(one.source, one.mrz.field("birth_date")),),
    )
