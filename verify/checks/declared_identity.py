"""What the traveller declared differs from the document.

Names are compared after transliteration and in any order of their parts; an unknown part is no difference.

Innocent reasons: a slip while typing, a second given name left out, a married name, another spelling.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from verify.checks._case import Case, Meta, ReadMrz, mark_field
from verify.document import alternatives, may_print
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
    pairs = [pair for pair in _pairs(declared, one.mrz) if pair.said and _is_printed(one.mrz, pair.field)]
    if not pairs:
        return META.not_applicable("what was declared is not printed in this format")
    findings = [_finding(one, pair) for pair in pairs if pair.printed and not pair.agree]
    unread = ", ".join(f"the {pair.what} could not be read" for pair in pairs if not pair.printed)
    return META.not_computable(unread) if unread and not findings else META.result(findings, reason=unread)


def _is_printed(mrz: MrzResult, name: str) -> bool:
    return mrz.field(name).end > mrz.field(name).start


def _pairs(declared: Declared, mrz: MrzResult) -> Iterator[_Pair]:
    said = " ".join(part for part in (declared.primary_identifier, declared.secondary_identifier) if part)
    parts = [mrz.field(field) for field in ("primary_identifier", "secondary_identifier")]
    complete = all(part.state is not FieldState.UNREADABLE for part in parts)
    printed = " ".join(part.value for part in parts).strip() if complete else ""
    yield _Pair("name", parts[0].name, said, printed, _same_name(declared, mrz, printed))

    born, days = declared.birth_date, mrz.birth_date.candidates
    said, read = (born.isoformat() if born else ""), (days[0].isoformat() if days else "")
    yield _Pair("birth date", "birth_date", said, read, born in days)

    code, read = declared.nationality.upper(), mrz.value("nationality")
    yield _Pair("nationality", "nationality", code, read, normalised_state(code) == normalised_state(read))


def _same_name(declared: Declared, mrz: MrzResult, printed: str) -> bool:
    """Printed as Doc 9303 allows it, or much alike by any transliteration; of a cut-off name, as far as it goes."""
    first, second = declared.primary_identifier, declared.secondary_identifier
    start, end = mrz.field("primary_identifier"), mrz.field("secondary_identifier")
    if start.line == end.line and first and second:
        field = mrz.lines[start.line][start.start : end.end]
        if may_print(field, first, second):
            return True
    return any(
        name_similarity(name, printed) >= _ALIKE or (mrz.truncated and _goes_on(name, printed))
        for name in alternatives(f"{first} {second}".strip())
    )


def _goes_on(said: str, printed: str) -> bool:
    """True when every part that is printed begins one of what was said, in any order."""
    left = said.split()
    for part in printed.split():
        whole = next((word for word in left if word.startswith(part)), None)
        if whole is None:
            return False
        left.remove(whole)
    return bool(printed)


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
