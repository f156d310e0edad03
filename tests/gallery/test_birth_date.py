from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.gallery import DateRelation, closest_relation, date_relation
from verify.model.gallery import PartialDate

DATES = st.dates(dt.date(1920, 1, 1), dt.date(2026, 12, 31))
PARTIALS = st.builds(PartialDate, st.integers(1920, 2026), st.none() | st.integers(1, 12), st.none())


@pytest.mark.parametrize(
    ("other", "relation"),
    [
        (dt.date(1984, 5, 3), "same date"),
        (dt.date(1984, 3, 5), "day and month exchanged"),
        (dt.date(1984, 5, 21), "same year and month"),
        (dt.date(1984, 9, 3), "same year and day"),
        (dt.date(1985, 5, 3), "same day and month, year off by one"),
        (dt.date(1964, 5, 3), "same day and month, one digit of the year different"),
        (dt.date(1973, 5, 3), "different"),
        (dt.date(1984, 6, 7), "different"),
        (PartialDate(1984), "compatible, one is partial"),
        (PartialDate(1984, 5), "compatible, one is partial"),
        (PartialDate(1984, 6), "different"),
        (PartialDate(1985), "different"),
        (None, "unknown"),
    ],
)
def test_relations(other: dt.date | PartialDate | None, relation: str) -> None:
    found = date_relation(dt.date(1984, 5, 3), other)
    assert found == relation
    assert found.tolerable is (relation not in ("different", "unknown"))


def test_a_turn_of_the_decade_is_off_by_one() -> None:
    assert date_relation(dt.date(1999, 5, 3), dt.date(2000, 5, 3)) is DateRelation.YEAR_OFF_BY_ONE


@given(st.one_of(st.none(), DATES, PARTIALS), st.one_of(st.none(), DATES, PARTIALS))
def test_the_order_of_the_dates_does_not_matter(
    one: dt.date | PartialDate | None, other: dt.date | PartialDate | None
) -> None:
    assert date_relation(one, other) is date_relation(other, one)


def test_of_both_centuries_the_closer_one_counts() -> None:
    centuries = (dt.date(2024, 5, 3), dt.date(1924, 5, 3))
    assert closest_relation(centuries, PartialDate(1924, 5, 3)) is DateRelation.SAME
    assert closest_relation((), PartialDate(1924)) is DateRelation.UNKNOWN
