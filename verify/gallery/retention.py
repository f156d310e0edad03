"""Retention: an expired or withdrawn entry never yields a candidate, and how many were left out is always told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from verify.model.gallery import Entry

__all__ = ["in_force", "lapsed"]


def in_force(
    entries: Iterable[Entry], on: dt.date, withdrawn: Mapping[str, dt.date] | None = None
) -> tuple[list[Entry], int]:
    """The entries that may be used on a day, and how many may not.

    An entry is used up to and including the day of `Provenance.expires`, as a travel document is valid on its
    date of expiry (ICAO Doc 9303-3, 4.8); storage limitation: Regulation (EU) 2016/679, Article 5(1)(e).

    Args:
        entries: of a list or gallery.
        on: the inspection date of the item, never silently today.
        withdrawn: the first day without it, of entries that their owner withdrew, by reference id.

    Returns:
        The entries in force, in their order, and the number suppressed.
    """
    gone = withdrawn or {}
    kept: list[Entry] = []
    suppressed = 0
    for entry in entries:
        if on <= entry.provenance.expires and not (gone and gone.get(entry.reference_id, dt.date.max) <= on):
            kept.append(entry)
        else:
            suppressed += 1
    return kept, suppressed


def lapsed(entries: Iterable[Entry], on: dt.date, withdrawn: Mapping[str, dt.date] | None = None) -> tuple[str, ...]:
    """Reference ids of the entries that `in_force` leaves out: what a purge forgets."""
    all_of_them = list(entries)
    kept = {entry.reference_id for entry in in_force(all_of_them, on, withdrawn)[0]}
    return tuple(entry.reference_id for entry in all_of_them if entry.reference_id not in kept)
