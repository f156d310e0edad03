"""Children and aged pictures are always marked, on either side of a search."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from verify.batch.remarks import of_entry, of_gallery, of_probe
from verify.model.gallery import Entry, EntryKind, PartialDate, Provenance
from verify.model.item import Declared, Item

TODAY = dt.date(2026, 6, 1)


def entry(born: PartialDate | None, collected: dt.date = TODAY) -> Entry:
    later = TODAY + dt.timedelta(days=30)
    origin = Provenance("a list", "1", "an owner", "a law", "a search", collected, later, later)
    return Entry("e1", EntryKind.MISSING_PERSON, origin, birth_date=born)


@pytest.mark.parametrize(
    ("born", "child"),
    [
        (PartialDate(2013, 6, 2), True),
        (PartialDate(2013, 6, 1), False),
        (PartialDate(2013), True),
        (PartialDate(2012), False),
        (PartialDate(1980, 1, 1), False),
        (None, False),
    ],
)
def test_an_entry_of_a_child_is_marked_and_doubt_counts_for_the_child(born: PartialDate | None, child: bool) -> None:
    assert any("under 13" in one for one in of_entry(entry(born), TODAY)) is child


def test_a_picture_of_an_adult_when_a_child_is_marked_twice() -> None:
    found = of_entry(entry(PartialDate(2004, 1, 1), dt.date(2014, 1, 1)), TODAY)
    assert [("under 13" in one, "5 years" in one) for one in found] == [(True, False), (False, True)]
    assert all("unmeasured" in one for one in found)


def test_a_picture_of_five_years_ago_is_not_yet_old() -> None:
    assert of_entry(entry(None, dt.date(2021, 6, 1)), TODAY) == ()
    assert of_entry(entry(None, dt.date(2021, 5, 31)), TODAY) != ()


def test_a_leap_day_has_no_anniversary() -> None:
    assert of_entry(entry(None, dt.date(2019, 3, 1)), dt.date(2024, 2, 29)) == ()


def test_a_search_that_suggests_nobody_says_whom_it_may_have_missed() -> None:
    entries = [entry(PartialDate(2020)), entry(PartialDate(1980)), entry(None, dt.date(2010, 1, 1))]
    (said,) = of_gallery(entries, TODAY)
    assert said.startswith("2 entries")
    assert of_gallery(entries[1:2], TODAY) == ()


def test_a_declared_child_is_marked() -> None:
    item = Item("i1", TODAY, (), Declared(birth_date=dt.date(2020, 1, 1)))
    assert of_probe(item, None)
    assert of_probe(dataclasses.replace(item, declared=Declared()), None) == ()
