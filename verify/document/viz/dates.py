"""Dates as documents print them: in figures or with names of months, in one or two languages, in several calendars."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from verify.document.viz.calendars import ERAS, days_of, era_year
from verify.document.viz.labels import bare

__all__ = ["PrintedDate", "dates_in"]

_LETTERS = r"[^\W\d_]"
_MONTHS = rf"{_LETTERS}{{3,12}}\.?(?:\s?[/\-| ]\s?{_LETTERS}{{3,12}}\.?){{0,2}}"
_YEAR = r"(?P<year>\d{4}|\d{2})(?!\d)"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<!\d)(?P<year>\d{4})\s?[.\-/ 年]\s?(?P<month>\d{1,2})\s?[.\-/ 月]\s?(?P<day>\d{1,2})(?!\d)",
        rf"(?<!\d)(?P<day>\d{{1,2}})\s?[.\-/ ]\s?(?P<month>\d{{1,2}})\s?[.\-/ ]\s?{_YEAR}",
        rf"(?<!\d)(?P<day>\d{{1,2}})[\s.\-/]*(?P<name>{_MONTHS})[\s.,\-/]*{_YEAR}",
        rf"(?P<name>{_LETTERS}{{3,12}})[\s.]*(?P<day>\d{{1,2}})[\s,.]+(?P<year>\d{{4}})(?!\d)",
        rf"(?P<era>{'|'.join(ERAS)})\s?(?P<year>\d{{1,2}})\s?[年.\-/]\s?(?P<month>\d{{1,2}})\s?[月.\-/]\s?"
        r"(?P<day>\d{1,2})(?!\d)",
    )
)
_AS_DIGITS = re.compile(r"(?<=[\d.\-/])[OoIl|]+(?=[\d.\-/])")
_DIGITS = str.maketrans("OoIl|", "00111")
_CENTURIES = (1900, 2000)


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date in a line.

    Attributes:
        text: as printed.
        days: every day it may stand for (day and month in either order, centuries, calendars), in order.
        start, end: characters of the line.
    """

    text: str
    days: tuple[dt.date, ...]
    start: int
    end: int


@lru_cache(maxsize=1024)
def dates_in(text: str) -> tuple[PrintedDate, ...]:
    """The dates of a line, from its beginning."""
    line = _AS_DIGITS.sub(lambda found: found[0].translate(_DIGITS), text)
    dates: list[PrintedDate] = []
    for pattern in _PATTERNS:
        for found in pattern.finditer(line):
            days = tuple(sorted(set(_days(found.groupdict()))))
            start, end = found.span()
            if days and all(end <= other.start or other.end <= start for other in dates):
                dates.append(PrintedDate(text[start:end], days, start, end))
    return tuple(sorted(dates, key=lambda date: date.start))


def _days(parts: dict[str, str | None]) -> Iterator[dt.date]:
    year, day = int(parts["year"] or 0), int(parts["day"] or 0)
    if era := parts.get("era"):
        yield from days_of(era_year(era, year), int(parts["month"] or 0), day)
        return
    years = [year] if len(parts["year"] or "") == 4 else [century + year for century in _CENTURIES]
    if name := parts.get("name"):
        orders = [(month, day) for month in _months(name)]
    else:
        month = int(parts["month"] or 0)
        orders = [(month, day)] if (parts["year"] or "") == str(year) and _begins_with_year(parts) else []
        orders = orders or [(month, day), (day, month)]
    for one in years:
        for month, number in orders:
            if 1 <= month <= 12:
                yield from days_of(one, month, number)


def _begins_with_year(parts: dict[str, str | None]) -> bool:
    """Only year, month, day has one order; after a day may come the month, or the other way round."""
    return next(iter(parts)) == "year"


def _months(names: str) -> set[int]:
    """The months that all names allow which are known; any of them when they contradict each other."""
    told = [months for one in bare(names).split() if (months := _named(one))]
    return (set.intersection(*told) or set.union(*told)) if told else set()


def _named(name: str) -> set[int]:
    exact = _names().get(name)
    if exact or len(name) < 4:
        return exact or set()
    return {month for known, months in _names().items() if known.startswith(name) for month in months}


@cache
def _names() -> dict[str, set[int]]:
    text = files("verify.document.viz").joinpath("months.csv").read_text(encoding="utf-8")
    names: dict[str, set[int]] = {}
    for row in csv.DictReader(text.splitlines()):
        for name in row["names"].split():
            names.setdefault(name, set()).add(int(row["month"]))
    return names
