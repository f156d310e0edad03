"""The MRZ formats as data: the five of ICAO Doc 9303, and one national. A new format is one more entry in FORMATS.

Sources: Doc 9303-5 (TD1; crew member certificates are TD1 with the code AC), 9303-6 (TD2), 9303-4 (TD3; so are
emergency travel documents, code PE), 9303-7 (MRV-A, MRV-B); classes of characters: 9303-3, 4.3. The French identity
card of 1988 to 2021 (décret 55-1397) is of the size of a TD2 but has fields and check digits of its own.
Lines and columns count from 0, ends are excluded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from string import ascii_uppercase, digits

from verify.document.check_digit import FILLER

__all__ = ["FORMATS", "CheckSpec", "FieldSpec", "Format", "Kind", "Span", "detect", "long_number"]


class Kind(StrEnum):
    """What may stand at a position."""

    CODE = "code"
    ALPHA = "alpha"
    NAME = "name"
    ALNUM = "alnum"
    DATE = "date"
    SEX = "sex"
    CHECK = "check"
    CHECK_OR_FILLER = "check_or_filler"

    @property
    def characters(self) -> frozenset[str]:
        """The characters that are legal here."""
        return _CHARACTERS[self]


_ALPHA = frozenset(ascii_uppercase + FILLER)
_DIGIT = frozenset(digits + FILLER)
_CHARACTERS = {
    Kind.CODE: _ALPHA | _DIGIT,  # letters by Doc 9303, but residence permits and border cards in use carry C1 or A3
    Kind.ALPHA: _ALPHA,
    Kind.NAME: _ALPHA,
    Kind.ALNUM: _ALPHA | _DIGIT,
    Kind.DATE: _DIGIT,
    Kind.SEX: frozenset("MFX" + FILLER),  # the X of the printed side is a filler here, but some issuers print it
    Kind.CHECK: frozenset(digits),
    Kind.CHECK_OR_FILLER: _DIGIT,
}


@dataclass(frozen=True, slots=True)
class Span:
    """Columns start to end (excluded) of a line."""

    line: int
    start: int
    end: int

    def of(self, lines: Sequence[str]) -> str:
        """The characters there."""
        return lines[self.line][self.start : self.end]


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """A field; `name` is the field's name in Doc 9303, "name" stands for both identifiers in one field.

    A field of no width is one that the format does not print; every format has the fields that the others share.
    """

    name: str
    span: Span
    kind: Kind


@dataclass(frozen=True, slots=True)
class CheckSpec:
    """A check digit.

    Attributes:
        name: e.g. "birth_date_check_digit".
        line: its line, and column: its column.
        covers: the characters it is computed over, in this order.
        when_filled: demanded only when the covered characters are not all fillers (Doc 9303-4, TD3 optional data).
    """

    name: str
    line: int
    column: int
    covers: tuple[Span, ...]
    when_filled: bool = False


@dataclass(frozen=True, slots=True)
class Format:
    """A format.

    Attributes:
        name: "TD1", "TD2", "TD3", "MRV-A", "MRV-B" or "FRA-ID".
        count: number of lines, and length: characters a line.
        codes: first characters of the document codes that it carries.
        fields: in the order of the zone.
        checks: in the order of the zone; the composite last.
        long_numbers: a document number of more than nine characters goes on in the optional data.
        begins: what the zone of a national format begins with; it goes before the format of the same measures.
    """

    name: str
    count: int
    length: int
    codes: str
    fields: tuple[FieldSpec, ...]
    checks: tuple[CheckSpec, ...]
    long_numbers: bool = False
    begins: str = ""

    def kinds(self, line: int) -> tuple[Kind, ...]:
        """The class of each position of a line."""
        row = [Kind.ALNUM] * self.length
        for field in self.fields:
            if field.span.line == line:
                row[field.span.start : field.span.end] = [field.kind] * (field.span.end - field.span.start)
        for check in self.checks:
            if check.line == line:
                loose = check.when_filled or (self.long_numbers and check.name == "document_number_check_digit")
                row[check.column] = Kind.CHECK_OR_FILLER if loose else Kind.CHECK
        return tuple(row)


def _field(name: str, line: int, start: int, end: int, kind: Kind) -> FieldSpec:
    return FieldSpec(name, Span(line, start, end), kind)


def _check(name: str, line: int, column: int, *covers: tuple[int, int, int], when_filled: bool = False) -> CheckSpec:
    return CheckSpec(f"{name}_check_digit", line, column, tuple(Span(*span) for span in covers), when_filled)


def _two_lines(name: str, codes: str, length: int, optional_end: int, *more: CheckSpec) -> Format:
    """TD2, TD3 and the visas differ in length and in what follows column 28 only."""
    return Format(
        name,
        2,
        length,
        codes,
        (
            _field("document_code", 0, 0, 2, Kind.CODE),
            _field("issuing_state", 0, 2, 5, Kind.ALPHA),
            _field("name", 0, 5, length, Kind.NAME),
            _field("document_number", 1, 0, 9, Kind.ALNUM),
            _field("nationality", 1, 10, 13, Kind.ALPHA),
            _field("birth_date", 1, 13, 19, Kind.DATE),
            _field("sex", 1, 20, 21, Kind.SEX),
            _field("expiry_date", 1, 21, 27, Kind.DATE),
            _field("optional_data", 1, 28, optional_end, Kind.ALNUM),
        ),
        (
            _check("document_number", 1, 9, (1, 0, 9)),
            _check("birth_date", 1, 19, (1, 13, 19)),
            _check("expiry_date", 1, 27, (1, 21, 27)),
            *more,
        ),
        long_numbers=name == "TD2",
    )


_TD1 = Format(
    "TD1",
    3,
    30,
    "ACI",
    (
        _field("document_code", 0, 0, 2, Kind.CODE),
        _field("issuing_state", 0, 2, 5, Kind.ALPHA),
        _field("document_number", 0, 5, 14, Kind.ALNUM),
        _field("optional_data", 0, 15, 30, Kind.ALNUM),
        _field("birth_date", 1, 0, 6, Kind.DATE),
        _field("sex", 1, 7, 8, Kind.SEX),
        _field("expiry_date", 1, 8, 14, Kind.DATE),
        _field("nationality", 1, 15, 18, Kind.ALPHA),
        _field("optional_data_2", 1, 18, 29, Kind.ALNUM),
        _field("name", 2, 0, 30, Kind.NAME),
    ),
    (
        _check("document_number", 0, 14, (0, 5, 14)),
        _check("birth_date", 1, 6, (1, 0, 6)),
        _check("expiry_date", 1, 14, (1, 8, 14)),
        _check("composite", 1, 29, (0, 5, 30), (1, 0, 7), (1, 8, 15), (1, 18, 29)),
    ),
    long_numbers=True,
)
_TD2 = _two_lines("TD2", "ACI", 36, 35, _check("composite", 1, 35, (1, 0, 10), (1, 13, 20), (1, 21, 35)))
_TD3 = _two_lines(
    "TD3",
    "P",
    44,
    42,
    _check("optional_data", 1, 42, (1, 28, 42), when_filled=True),
    _check("composite", 1, 43, (1, 0, 10), (1, 13, 20), (1, 21, 43)),
)
_MRV_A = _two_lines("MRV-A", "V", 44, 44)
_MRV_B = _two_lines("MRV-B", "V", 36, 36)
# Number: year and month of issue, department, serial number. Optional data: department and office of issue.
_FRA_ID = Format(
    "FRA-ID",
    2,
    36,
    "I",
    (
        _field("document_code", 0, 0, 2, Kind.CODE),
        _field("issuing_state", 0, 2, 5, Kind.ALPHA),
        _field("primary_identifier", 0, 5, 30, Kind.NAME),
        _field("optional_data", 0, 30, 36, Kind.ALNUM),
        _field("document_number", 1, 0, 12, Kind.ALNUM),
        _field("secondary_identifier", 1, 13, 27, Kind.NAME),
        _field("birth_date", 1, 27, 33, Kind.DATE),
        _field("sex", 1, 34, 35, Kind.SEX),
        _field("nationality", 1, 36, 36, Kind.ALPHA),
        _field("expiry_date", 1, 36, 36, Kind.DATE),
    ),
    (
        _check("document_number", 1, 12, (1, 0, 12)),
        _check("birth_date", 1, 33, (1, 27, 33)),
        _check("composite", 1, 35, (0, 0, 36), (1, 0, 35)),
    ),
    begins="IDFRA",
)

FORMATS: dict[str, Format] = {one.name: one for one in (_FRA_ID, _TD1, _TD2, _TD3, _MRV_A, _MRV_B)}


def detect(lines: Sequence[str]) -> Format | None:
    """The format of these lines by number, length, beginning and document code; None when none has these measures.

    A document code of no family (a misread one, or an invented document) is taken by the measures alone, and
    not as a visa.
    """
    fitting = [
        one
        for one in FORMATS.values()
        if len(lines) == one.count
        and all(len(line) == one.length for line in lines)
        and lines[0].startswith(one.begins)
    ]
    named = [one for one in fitting if lines[0][0] in one.codes]
    return next(iter(named or fitting), None)


def long_number(lines: Sequence[str], form: Format) -> tuple[str, Span, int] | None:
    """The rest of a document number that is longer than its field (Doc 9303-5, 4.2.2 note j; 9303-6 likewise).

    A filler in the check digit's place says that the number goes on at the beginning of the optional data, up to the
    next filler; its last character is the check digit. Where no digit stands there, nothing goes on.

    Returns:
        the whole number, the columns of its rest, the column of its check digit; None for a number of ordinary length.
    """
    if not form.long_numbers:
        return None
    spans = {one.name: one.span for one in form.fields}
    number, optional = spans["document_number"], spans["optional_data"]
    rest = optional.of(lines).split(FILLER)[0]
    if lines[number.line][number.end] != FILLER or len(rest) < 2 or rest[-1] not in digits:
        return None
    digit = optional.start + len(rest) - 1
    return number.of(lines) + rest[:-1], Span(optional.line, optional.start, digit), digit
