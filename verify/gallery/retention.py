"""Retention: an expired entry never yields a candidate, and how many were left out is always told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from verify.model.gallery import Entry

__all__ = ["in_force"]


def in_force(entries: Iterable[Entry], on: dt.date) -> tuple[list[Entry], int]:
    """The entries that may be used on a day, and how many may not.

    An entry is used up to and including the day of `Provenance.expires`, as a travel document is valid on its
    date of expiry (ICAO Doc 9303-3, 4.8); storage limitation: Regulation (EU) 2016/679, Article 5(1)(e).

    Args:
        entries: of a list or gallery.
        on: the inspection date of the item, never silently today.

    Returns:
        The entries in force, in their order, and the number suppressed.
    """
    kept: list[Entry] = []
    suppressed = 0
    for entry in entries:
        if on <= entry.provenance.expires:
            kept.append(entry)
        else:
            suppressed += 1
    return kept, suppressed
