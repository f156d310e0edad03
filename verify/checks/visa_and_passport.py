"""The visa names another person than the passport that was presented with it.

Name and birth date of the visa are compared with the passport's. The number is not: the standard leaves it to the
issuer whether the visa's zone carries the number of the visa or that of the passport.

Innocent reasons: a visa in the passport before this one, with another name; files of two people mixed up; names that
were cut off.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta, ReadMrz, describe_field, mark_field
from verify.checks._each import digit_verifies
from verify.document.names import fold
from verify.gallery import name_similarity
from verify.model.finding import CheckResult, Confidence, Evidence, Finding, Severity
from verify.model.item import Role
from verify.model.mrz import FieldState, MrzResult

META = Meta(
    code="R47",
    name="Visa and passport name different people",
    severity=Severity.STRONG,
    source="ICAO Doc 9303-7, 4.2 (the visa's zone repeats name and birth date of the passport's)",
    innocent_reasons=(
        "the name was changed after the visa was issued",
        "files of two travellers were mixed up",
        "a character was misread: compare the marked places with the picture",
    ),
)
_ALIKE = 0.8  # docs/decisions/006-names.md
_NAMES = ("primary_identifier", "secondary_identifier")


def run(case: Case) -> CheckResult:
    """Compares every visa of the item with its passport."""
    visas = [one for one in case.mrzs if one.source == Role.VISA]
    unread = [one for one in case.readings if one.outcome.role == Role.VISA and one.mrz is None]
    if not visas:
        return META.not_computable(f"visa: {unread[0].mrz_reason}") if unread else META.not_applicable("no visa")
    passport = case.identity_mrz
    if passport is None:
        return case.without_mrz(META)
    findings = [found for visa in visas for found in (_name(visa, passport), _birth(visa, passport)) if found]
    if findings:
        return META.result(findings)
    if not all(_readable(one.mrz) for one in (*visas, passport)):
        return META.not_computable("name or birth date of the visa or the passport could not be read")
    return META.passed()


def _readable(mrz: MrzResult) -> bool:
    states = [mrz.field(name).state for name in (*_NAMES, "birth_date")]
    return FieldState.UNREADABLE not in states


def _name(visa: ReadMrz, passport: ReadMrz) -> Finding | None:
    if any(one.mrz.field(name).state is FieldState.UNREADABLE for one in (visa, passport) for name in _NAMES):
        return None
    first, second = (fold(" ".join(one.mrz.value(name) for name in _NAMES)) for one in (visa, passport))
    if not first or not second or name_similarity(first, second) >= _ALIKE:
        return None
    if any(one.mrz.truncated for one in (visa, passport)) and (first.startswith(second) or second.startswith(first)):
        return None
    return _finding("name", "primary_identifier", visa, first, second, sure=_vouched(visa.mrz, passport.mrz))


def _birth(visa: ReadMrz, passport: ReadMrz) -> Finding | None:
    days = [one.mrz.birth_date.candidates for one in (visa, passport)]
    if not all(days) or set(days[0]) & set(days[1]):
        return None
    sure = all(digit_verifies(one.mrz, "birth_date") for one in (visa, passport))
    field = describe_field(visa.mrz.field("birth_date"))
    return _finding(field, "birth_date", visa, days[0][0].isoformat(), days[1][0].isoformat(), sure=sure)


def _vouched(*zones: MrzResult) -> bool:
    """A wholly other name is no slip of reading where the reader vouches for the zone, or all of its digits verify."""
    return all(zone.accepted or zone.supported for zone in zones)


def _finding(what: str, field: str, visa: ReadMrz, first: str, second: str, *, sure: bool) -> Finding:
    return META.finding(
        f"The {what} on the visa is not that of the travel document.",
        severity=None if sure else Severity.REVIEW,
        confidence=Confidence.HIGH if sure else Confidence.LOW,
        evidence=(Evidence(f"{what} on the visa", first), Evidence(f"{what} on the travel document", second)),
        marks=(mark_field(visa.source, visa.mrz.field(field)),),
    )
