"""Who takes part in a search, decided before any product. What is not known of a subject never excludes it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from verify.gallery.search.layout import Int64s
from verify.model.gallery import Entry, PartialDate

__all__ = ["Attributes", "Filter", "attributes_of", "selected"]

_ALWAYS, _NEVER = dt.date.min.toordinal(), dt.date.max.toordinal()


@dataclass(frozen=True, slots=True)
class Filter:
    """What a subject has to be, as far as it is known.

    Attributes:
        on: the day of the search; expired and withdrawn entries are left out.
        sex: M, F or X; empty for any. An entry of sex X or none takes part always.
        born: first and last possible day of birth; None for any.
        nationalities: codes of ICAO Doc 9303-3; empty for any.
    """

    on: dt.date
    sex: str = ""
    born: tuple[dt.date, dt.date] | None = None
    nationalities: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Attributes:
    """Of each subject, as columns. Made by `attributes_of`.

    Attributes:
        sex: "", "M", "F" or "X".
        born_from, born_to: ordinal days between which the birth lies.
        last_day: ordinal of the last day in force.
        citizens, nationalities: pairs of subject and code.
        known_nationality: whether there is any code.
    """

    sex: NDArray[np.str_]
    born_from: Int64s
    born_to: Int64s
    last_day: Int64s
    citizens: Int64s
    nationalities: NDArray[np.str_]
    known_nationality: NDArray[np.bool_]


def attributes_of(entries: Sequence[Entry], withdrawn: Mapping[str, dt.date] | None = None) -> Attributes:
    """The columns of entries, in their order.

    Args:
        entries: in the order of the subjects' numbers.
        withdrawn: the day from which an entry is no longer used, by reference id.
    """
    gone = withdrawn or {}
    born = [_span(entry.birth_date) for entry in entries]
    pairs = [(number, code) for number, entry in enumerate(entries) for code in entry.nationalities]
    last = [
        min(entry.provenance.expires.toordinal(), gone.get(entry.reference_id, dt.date.max).toordinal() - 1)
        for entry in entries
    ]
    return Attributes(
        np.array([entry.sex for entry in entries], dtype=np.str_),
        np.array([span[0] for span in born], dtype=np.int64),
        np.array([span[1] for span in born], dtype=np.int64),
        np.array(last, dtype=np.int64),
        np.array([number for number, _ in pairs], dtype=np.int64),
        np.array([code for _, code in pairs], dtype=np.str_),
        np.array([bool(entry.nationalities) for entry in entries], dtype=np.bool_),
    )


def selected(attributes: Attributes, wanted: Filter) -> tuple[NDArray[np.bool_], int]:
    """Of each subject whether it takes part, and how many are left out because they are not in force."""
    in_force = attributes.last_day >= wanted.on.toordinal()
    kept = in_force.copy()
    if wanted.sex in ("M", "F"):
        kept &= attributes.sex != ("F" if wanted.sex == "M" else "M")
    if wanted.born is not None:
        first, last = (day.toordinal() for day in wanted.born)
        kept &= (attributes.born_from <= last) & (attributes.born_to >= first)
    if wanted.nationalities:
        fits = ~attributes.known_nationality
        fits[attributes.citizens[np.isin(attributes.nationalities, list(wanted.nationalities))]] = True
        kept &= fits
    return kept, int(np.count_nonzero(~in_force))


def _span(born: PartialDate | None) -> tuple[int, int]:
    if born is None:
        return _ALWAYS, _NEVER
    if born.month is None:
        return dt.date(born.year, 1, 1).toordinal(), dt.date(born.year, 12, 31).toordinal()
    first = dt.date(born.year, born.month, born.day or 1)
    if born.day is not None:
        return first.toordinal(), first.toordinal()
    following = (
        dt.date(born.year + born.month // 12, born.month % 12 + 1, 1) if first.year < dt.MAXYEAR else dt.date.max
    )
    return first.toordinal(), following.toordinal() - 1
