"""A machine readable zone that was read: each field with its raw text, its value and its state."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["CheckDigit", "FieldState", "MrzDate", "MrzField", "MrzResult"]


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
        partial: True when day or month is unknown (fillers); candidates is then empty and year may hold.
        year: the likelier year of a partial date; None otherwise.
    """

    raw: str
    candidates: tuple[dt.date, ...]
    partial: bool = False
    year: int | None = None

    @property
    def date(self) -> dt.date | None:
        """The likelier date, or None."""
        return self.candidates[0] if self.candidates else None


@dataclass(frozen=True, slots=True)
class MrzResult:
    """A parsed MRZ.

    Attributes:
        format: "TD1", "TD2", "TD3", "MRV-A" or "MRV-B".
        lines: the normalised lines, exactly as long as the format says.
        raw_lines: as the engine read them.
        fields: in the order of the format.
        check_digits: in the order of the format; the composite last.
        birth_date, expiry_date: resolved dates.
        engine: name and version of the engine that read it.
        forced: (line, column, read, written) of every character that was changed.
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
    def supported(self) -> bool:
        """True when every demanded check digit is computable and verifies: they support the reading, no more."""
        demanded = [one for one in self.check_digits if one.verifies is not None or not one.computed]
        return bool(demanded) and all(one.verifies for one in demanded)
