"""Six-digit dates of the MRZ with both centuries kept (ICAO Doc 9303-3, 4.8).

The MRZ has no century. What a date may stand for is told relative to a reference date, the day of inspection, so that
the same line always gives the same answer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from verify.document.check_digit import FILLER
from verify.model.mrz import MrzDate

__all__ = ["birth_date", "expiry_date"]

_MAX_AGE = 120  # years; centenarians keep two candidates
_FIRST_MRZ = 1980  # no document that expired before the first edition of Doc 9303 has an MRZ
_VALID_FOR = 75  # years after the reference date: documents without an end are printed with 99 or a distant year
_UNKNOWN = {FILLER * 2, "00"}  # 00 is not in Doc 9303 but common where day or month are not known


def birth_date(raw: str, reference_date: dt.date) -> MrzDate:
    """A date of birth: not after the reference date, age at most 120 years; the younger person first."""
    newest = reference_date.year
    return _dated(raw, _years(raw, newest - _MAX_AGE, newest), lambda day: day <= reference_date)


def expiry_date(raw: str, reference_date: dt.date) -> MrzDate:
    """A date of expiry: from 1980 to 75 years after the reference date; the nearer first."""
    middle = reference_date.year
    years = _years(raw, _FIRST_MRZ, middle + _VALID_FOR)
    return _dated(raw, sorted(years, key=lambda year: abs(year - middle)), lambda _day: True)


def _years(raw: str, first: int, last: int) -> list[int]:
    """The years with these last two digits, the newest first."""
    if not _is_number(raw[:2]):
        return []
    return [year for year in range(last, first - 1, -1) if year % 100 == int(raw[:2])]


def _dated(raw: str, years: list[int], allowed: Callable[[dt.date], bool]) -> MrzDate:
    month, day = raw[2:4], raw[4:6]
    if _partly_unknown(raw):
        return MrzDate(raw, (), partial=True, years=tuple(years))
    days = [one for year in years if (one := _date(year, month, day)) is not None and allowed(one)]
    return MrzDate(raw, tuple(days))


def _partly_unknown(raw: str) -> bool:
    """True for YYMM<<, YY<<<<, <<<<<< and nothing at all; a filler elsewhere is no way to write an unknown part."""
    year, month, day = raw[:2], raw[2:4], raw[4:6]
    if not raw.strip(FILLER):
        return True
    known_month = _is_number(month) and 1 <= int(month) <= 12
    return _is_number(year) and day in _UNKNOWN and (known_month or month in _UNKNOWN)


def _date(year: int, month: str, day: str) -> dt.date | None:
    if not (_is_number(month) and _is_number(day)):
        return None
    try:
        return dt.date(year, int(month), int(day))
    except ValueError:
        return None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()
