"""A machine readable zone that was read: each field with its raw text, its value and its state."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["CheckDigit", "FieldState", "MrzDate", "MrzField", "MrzResult", "Suggestion"]


class FieldState(StrEnum):
    """How a field's value came about."""

    READ = "read"  # as recognised
    FORCED = "forced"  # at least one character was changed to fit the format's grammar
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class MrzField:
    """One field of the MRZ, named as in ICAO Doc 9303.

    Attributes:
        name: e.g. "document_number".
        raw: the characters as the engine read them, before any repair.
        value: normalised, without fillers; empty when unreadable (or when the field is empty).
        state: read, forced or unreadable.
        line: 0-based line, start and end: 0-based columns of that line, end excluded.
    """

    name: str
    raw: str
    value: str
    state: FieldState
    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class CheckDigit:
    """A check digit of the MRZ (ICAO Doc 9303-3, 4.9).

    Attributes:
        name: e.g. "document_number_check_digit".
        printed: the character read.
        computed: the digit the characters give; empty when they cannot give one.
        verifies: True or False; None when it is not computable or not demanded.
        line: 0-based line; column: 0-based column.
    """

    name: str
    printed: str
    computed: str
    verifies: bool | None
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class MrzDate:
    """A six-digit date with both centuries kept (Doc 9303-3, 4.8).

    Attributes:
        raw: the six characters.
        candidates: every date they may stand for, the likelier first; empty when none is real.
        partial: True when day or month is unknown (fillers, or a format without this date); candidates is then empty.
        years: every year that a partial date may stand for, the likelier first; empty otherwise.
    """

    raw: str
    candidates: tuple[dt.date, ...]
    partial: bool = False
    years: tuple[int, ...] = ()

    @property
    def year(self) -> int | None:
        """The likelier year of a partial date, or None."""
        return self.years[0] if self.years else None

    @property
    def date(self) -> dt.date | None:
        """The likelier date, or None."""
        return self.candidates[0] if self.candidates else None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A reading that the check digits would support; shown to a person, never applied.

    Attributes:
        lines: the changed lines.
        changes: (line, column, read, suggested) of each changed character.
        odds: of the changed characters against those that were read, by the picture alone; 1 is even.
    """

    lines: tuple[str, ...]
    changes: tuple[tuple[int, int, str, str], ...]
    odds: float


@dataclass(frozen=True, slots=True)
class MrzResult:
    """A parsed MRZ.

    Attributes:
        format: "TD1", "TD2", "TD3", "MRV-A", "MRV-B" or "FRA-ID".
        lines: the normalised lines, exactly as long as the format says.
        raw_lines: as the engine read them.
        fields: in the order of the format.
        check_digits: in the order of the format; the composite last.
        birth_date, expiry_date: resolved dates.
        engine: name and version of the engine that read it.
        forced: (line, column, read, written) of every character that was changed.
        unconstrained: the lines of the same length by the picture alone, without the grammar of a format; empty for
            engines that give text only.
        doubtful: line and column of each character that was read with little margin over another one.
        margins: of each character of each line, the natural logarithm of the odds by which it leads its strongest
            rival (check digits counted where they see the rival); empty for engines that give text only.
        objections: why the reading is not vouched for; empty when it is, or when nothing could be said (no margins).
        suggestions: what the check digits would support instead, when they do not support the reading.
    """

    format: str
    lines: tuple[str, ...]
    raw_lines: tuple[str, ...]
    fields: tuple[MrzField, ...]
    check_digits: tuple[CheckDigit, ...]
    birth_date: MrzDate
    expiry_date: MrzDate
    engine: str
    forced: tuple[tuple[int, int, str, str], ...] = ()
    unconstrained: tuple[str, ...] = ()
    doubtful: tuple[tuple[int, int], ...] = ()
    margins: tuple[tuple[float, ...], ...] = ()
    objections: tuple[str, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()

    @property
    def accepted(self) -> bool:
        """True when the reader vouches for every character: by its margins, its check digits and the grammar.

        It says nothing about the document. A wrong reading that is vouched for is the one error that must not happen.
        """
        return bool(self.margins) and not self.objections

    def field(self, name: str) -> MrzField:
        """The field of that name; KeyError when the format has none."""
        for one in self.fields:
            if one.name == name:
                return one
        raise KeyError(name)

    def value(self, name: str) -> str:
        """The value of a field, empty when the format has none or it is unreadable."""
        return next((one.value for one in self.fields if one.name == name), "")

    def check_digit(self, name: str) -> CheckDigit | None:
        """The check digit of that name, None when the format has none."""
        return next((one for one in self.check_digits if one.name == name), None)

    @property
    def truncated(self) -> bool:
        """True when a name fills its field to the last place, so that it may be longer (Doc 9303-4, 4.2.3)."""
        names = [one for one in self.fields if one.name in ("primary_identifier", "secondary_identifier")]
        return any(one.end > one.start and self.lines[one.line][one.end - 1] != "<" for one in names)

    @property
    def supported(self) -> bool:
        """True when every demanded check digit is computable and verifies: they support the reading, no more."""
        demanded = [one for one in self.check_digits if one.verifies is not None or not one.computed]
        return bool(demanded) and all(one.verifies for one in demanded)
