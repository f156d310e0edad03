"""The pieces that the checks on dates share."""

from __future__ import annotations

import calendar
import datetime as dt

from verify.checks._case import Case, Meta, ReadMrz, describe_field, mark_field
from verify.checks._each import Answer, NotApplicable, NotComputable, digit_verifies, each_mrz, missing
from verify.model.finding import CheckResult, Confidence, Evidence
from verify.model.mrz import MrzDate, MrzResult

__all__ = ["NO_END", "age", "date_of", "expiry_of", "impossible_date", "years_after"]

NO_END = "99"  # the year of documents without an end of validity, and of none that is old enough to have an MRZ


def impossible_date(meta: Meta, case: Case, name: str) -> CheckResult:
    """A finding for each MRZ whose date cannot be any day of the calendar, in either century."""

    def look(one: ReadMrz) -> Answer:
        if without := missing(one.mrz, name):
            # nothing but fillers is a way to write a date that is not known
            return None if date_of(one.mrz, name).partial and not isinstance(without, NotApplicable) else without
        field, date = one.mrz.field(name), date_of(one.mrz, name)
        if date.partial or date.candidates:
            return None
        return meta.finding(
            f"The {describe_field(field)} on the {one.source} reads {date.raw}, which is not a possible date.",
            confidence=Confidence.HIGH if digit_verifies(one.mrz, name) else Confidence.LOW,
            evidence=(Evidence("characters as read", field.raw),),
            marks=(mark_field(one.source, field),),
        )

    return each_mrz(meta, case, look)


def date_of(mrz: MrzResult, name: str) -> MrzDate:
    """The birth date or the expiry date."""
    return mrz.birth_date if name == "birth_date" else mrz.expiry_date


def expiry_of(mrz: MrzResult) -> dt.date | NotApplicable | NotComputable:
    """The likelier expiry date, or why there is none to calculate with."""
    if isinstance(without := missing(mrz, "expiry_date"), NotApplicable):
        return without
    if mrz.expiry_date.raw.startswith(NO_END):
        return NotApplicable(f"the expiry date {mrz.expiry_date.raw} stands for no end of validity")
    return mrz.expiry_date.date or NotComputable("an expiry date could not be read")


def years_after(day: dt.date, years: int) -> dt.date:
    """The same day so many years later; the first of March where it has no 29th of February."""
    if (day.month, day.day) == (2, 29) and not calendar.isleap(day.year + years):
        return dt.date(day.year + years, 3, 1)
    return day.replace(year=day.year + years)


def age(born: dt.date, on: dt.date) -> int:
    """Completed years of life."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
