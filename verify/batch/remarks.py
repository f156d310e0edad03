"""What has to be said beside a face search: whose miss rate nobody measured.

Age is what was declared or read, never an estimate. No set of mated pictures of children, or of people years apart, was
at hand when the engines were measured (docs/faces.md), so a search says so wherever either is involved.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from verify.face import CHILD_AGE, UNMEASURED, is_child, of_person
from verify.model.gallery import Entry, PartialDate
from verify.model.item import Item
from verify.model.mrz import MrzResult

__all__ = ["of_entry", "of_gallery", "of_probe"]

_AGED_YEARS = 5

_ENTRY = f"the entry is of a person who is, or was when the picture came in, under {CHILD_AGE}"
_AGED = f"the reference picture came in more than {_AGED_YEARS} years ago"


def of_probe(item: Item, mrz: MrzResult | None) -> tuple[str, ...]:
    """Of the person searched, by the declared date of birth and the one that was read."""
    days = set(mrz.birth_date.candidates) if mrz is not None else set()
    if item.declared.birth_date:
        days.add(item.declared.birth_date)
    return of_person(days, item.inspection_date)


def of_entry(entry: Entry, on: dt.date) -> tuple[str, ...]:
    """Of one candidate, on the day of inspection."""
    collected = entry.provenance.collected
    child = entry.birth_date is not None and any(_child(entry.birth_date, day) for day in (on, collected))
    aged = _years_before(on, _AGED_YEARS) > collected
    return tuple(f"{said}: {UNMEASURED}" for said, true in ((_ENTRY, child), (_AGED, aged)) if true)


def of_gallery(entries: Iterable[Entry], on: dt.date) -> tuple[str, ...]:
    """Of a whole gallery, because a search that suggests nobody has missed, or not missed, all of its entries."""
    count = sum(bool(of_entry(entry, on)) for entry in entries)
    if not count:
        return ()
    return (
        f"{count} entries of this gallery are of children under {CHILD_AGE} or have pictures of more than "
        f"{_AGED_YEARS} years ago: {UNMEASURED}",
    )


def _child(born: PartialDate, on: dt.date) -> bool:
    """Whether somebody may be a child: what is unknown of the date is taken as late as it can be."""
    return is_child(born.year, born.month or 12, born.day or 31, on)


def _years_before(day: dt.date, years: int) -> dt.date:
    return day.replace(year=day.year - years, day=min(day.day, 28) if day.month == 2 else day.day)
