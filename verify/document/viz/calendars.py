"""Days of other calendars as days of the Gregorian one.

Documents print local years beside or instead of Gregorian ones: Thai (Buddhist era), Saudi and others (Islamic),
Iranian and Afghan (solar Hijri), Japanese (eras). Sources: the tabular Islamic calendar and the 33-year cycle of the
Persian one as in Reingold and Dershowitz, Calendrical Calculations; the Japanese era law of 1979.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

__all__ = ["ERAS", "days_of", "era_year"]

ERAS = {"明治": 1868, "大正": 1912, "昭和": 1926, "平成": 1989, "令和": 2019, "S": 1926, "H": 1989, "R": 2019}
"""Japanese eras, by name or initial: the Gregorian year of their year 1."""

_BUDDHIST = 543  # years that its era began before the common one
_THAI_YEARS, _GREGORIAN_YEARS, _HIJRI_YEARS = range(2400, 2700), range(1880, 2120), range(1290, 1500)
_ISLAMIC_EPOCH = 227015  # day number (1 is the first of January of year 1) of the first of Muharram of year 1, civil
_PERSIAN_EPOCH = 226894  # likewise, of the day before the first of Farvardin of year 1
_SIGHTED = 1  # days by which a sighted or official month may begin apart from the tabular one


def days_of(year: int, month: int, day: int) -> Iterator[dt.date]:
    """The Gregorian days that year, month and day may stand for, by the calendars with such a year.

    Args:
        year: with its century.
        month: 1 to 12.
        day: 1 to 31.
    """
    if year in _GREGORIAN_YEARS:
        yield from _gregorian(year, month, day)
    elif year in _THAI_YEARS:
        yield from _gregorian(year - _BUDDHIST, month, day)
    elif year in _HIJRI_YEARS and 1 <= month <= 12 and 1 <= day <= 31:
        yield from (dt.date.fromordinal(_islamic(year, month, day) + off) for off in range(-_SIGHTED, _SIGHTED + 1))
        yield dt.date.fromordinal(_persian(year, month, day))


def era_year(era: str, year: int) -> int:
    """The Gregorian year of a year of a Japanese era; KeyError for another era."""
    return ERAS[era] + year - 1


def _gregorian(year: int, month: int, day: int) -> Iterator[dt.date]:
    try:
        yield dt.date(year, month, day)
    except ValueError:
        return


def _islamic(year: int, month: int, day: int) -> int:
    """Eleven leap years in thirty; months of 30 and 29 days in turn."""
    months = 29 * (month - 1) + month // 2
    return _ISLAMIC_EPOCH - 1 + (year - 1) * 354 + (3 + 11 * year) // 30 + months + day


def _persian(year: int, month: int, day: int) -> int:
    """Eight leap years in thirty-three; six months of 31 days, then 30."""
    leaps = (8 * year + 21) // 33
    return _PERSIAN_EPOCH + (year - 1) * 365 + leaps + 31 * (month - 1) - max(0, month - 7) + day
