"""How two dates of birth relate, with the slips that are usual when dates are written, typed and read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum

from verify.model.gallery import PartialDate

__all__ = ["BirthDate", "DateRelation", "closest_relation", "date_relation", "partial"]

BirthDate = dt.date | PartialDate


class DateRelation(StrEnum):
    """Relations in words for a person, the closest first."""

    SAME = "same date"
    COMPATIBLE = "compatible, one is partial"
    EXCHANGED = "day and month exchanged"
    SAME_YEAR_MONTH = "same year and month"
    SAME_YEAR_DAY = "same year and day"
    YEAR_OFF_BY_ONE = "same day and month, year off by one"
    YEAR_DIGIT = "same day and month, one digit of the year different"
    UNKNOWN = "unknown"
    DIFFERENT = "different"

    @property
    def tolerable(self) -> bool:
        """True when both may well be the same date of birth."""
        return self not in (DateRelation.UNKNOWN, DateRelation.DIFFERENT)


_ORDER = {relation: place for place, relation in enumerate(DateRelation)}


def partial(date: BirthDate) -> PartialDate:
    """Any date of birth as a `PartialDate`."""
    return date if isinstance(date, PartialDate) else PartialDate(date.year, date.month, date.day)


def date_relation(one: BirthDate | None, other: BirthDate | None) -> DateRelation:
    """The closest relation that holds; the order of the two does not matter.

    What is not known of a date (fillers in an MRZ, ICAO Doc 9303-3, 4.8) is compatible with anything, never a
    mismatch; a date that is missing altogether is "unknown".
    """
    if one is None or other is None:
        return DateRelation.UNKNOWN
    a, b = partial(one), partial(other)
    if None in (a.month, a.day, b.month, b.day):
        agree = a.year == b.year and _agree(a.month, b.month) and _agree(a.day, b.day)
        return DateRelation.COMPATIBLE if agree else DateRelation.DIFFERENT
    year, month, day = a.year == b.year, a.month == b.month, a.day == b.day
    if year and month:
        return DateRelation.SAME if day else DateRelation.SAME_YEAR_MONTH
    if year and a.month == b.day and a.day == b.month:
        return DateRelation.EXCHANGED
    if year:
        return DateRelation.SAME_YEAR_DAY if day else DateRelation.DIFFERENT
    if month and day and abs(a.year - b.year) == 1:
        return DateRelation.YEAR_OFF_BY_ONE
    if month and day and _digits_apart(a.year, b.year) == 1:
        return DateRelation.YEAR_DIGIT
    return DateRelation.DIFFERENT


def closest_relation(ones: Iterable[BirthDate], other: BirthDate | None) -> DateRelation:
    """The closest relation of any of several readings (both centuries of an MRZ date) to one date."""
    relations = [date_relation(one, other) for one in ones]
    return min(relations, key=_ORDER.__getitem__, default=DateRelation.UNKNOWN)


def _agree(one: int | None, other: int | None) -> bool:
    return one is None or other is None or one == other


def _digits_apart(one: int, other: int) -> int:
    return sum(a != b for a, b in zip(f"{one:04d}", f"{other:04d}", strict=True))
