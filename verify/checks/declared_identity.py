"""What the traveller declared differs from the document.

Names are compared after transliteration and in any order of their parts; an unknown part is no difference.

Innocent reasons: a slip while typing, a second given name left out, a married name, another spelling.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from verify.checks._case import Case, Meta, ReadMrz, mark_field
from verify.document.names import fold
from verify.gallery import name_similarity, normalised_state
from verify.model.finding import CheckResult, Confidence, Evidence, Finding, Severity
from verify.model.item import Declared
from verify.model.mrz import FieldState, MrzResult

META = Meta(
    code="D01",
    name="Declared identity differs from the document",
    severity=Severity.REVIEW,
    source="manifest against MRZ; names transliterated by ICAO Doc 9303-3, section 6",
    innocent_reasons=("a slip while typing", "a given name left out, a married name, another spelling"),
)
_ALIKE = 0.8  # as for list entries: docs/decisions/006-names.md


class _Pair(NamedTuple):
    what: str
    field: str
    said: str
    printed: str  # empty when it could not be read
    agree: bool


def run(case: Case) -> CheckResult:
    """Compares declared names, birth date and nationality with the MRZ of the travel document."""
    declared, one = case.item.declared, case.identity_mrz
    if not any((declared.primary_identifier, declared.secondary_identifier, declared.birth_date, declared.nationality)):
        return META.not_applicable("nothing was declared")
    if one is None:
        return case.without_mrz(META)
    pairs = [pair for pair in _pairs(declared, one.mrz) if pair.said]
    findings = [_finding(one, pair) for pair in pairs if pair.printed and not pair.agree]
    unread = ", ".join(f"the {pair.what} could not be read" for pair in pairs if not pair.printed)
    return META.not_computable(unread) if unread and not findings else META.result(findings, reason=unread)


def _pairs(declared: Declared, mrz: MrzResult) -> Iterator[_Pair]:
    name = fold(f"{declared.primary_identifier} {declared.secondary_identifier}")
    parts = [mrz.field(field) for field in ("primary_identifier", "secondary_identifier")]
    complete = all(part.state is not FieldState.UNREADABLE for part in parts)
    printed = fold(" ".join(part.value for part in parts)) if complete else ""
    yield _Pair("name", parts[0].name, name, printed, name_similarity(name, printed) >= _ALIKE)

    born, days = declared.birth_date, mrz.birth_date.candidates
    said, read = (born.isoformat() if born else ""), (days[0].isoformat() if days else "")
    yield _Pair("birth date", "birth_date", said, read, born in days)

    code, read = declared.nationality.upper(), mrz.value("nationality")
    yield _Pair("nationality", "nationality", code, read, normalised_state(code) == normalised_state(read))


def _finding(one: ReadMrz, pair: _Pair) -> Finding:
    return META.finding(
        f"The declared {pair.what} differs from the {one.source}.",
        confidence=Confidence.MEDIUM,
        evidence=(
            Evidence(f"declared {pair.what}", pair.said),
            Evidence(f"{pair.what} on the {one.source}", pair.printed),
        ),
        marks=(mark_field(one.source, one.mrz.field(pair.field)),),
    )
