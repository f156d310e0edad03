"""Whom a face comparison is marked for."""

from __future__ import annotations

import datetime as dt

import pytest

from verify.face import is_child, of_person

DAY = dt.date(2026, 6, 1)


@pytest.mark.parametrize(
    ("born", "child"),
    [
        (dt.date(2013, 6, 2), True),
        (dt.date(2013, 6, 1), False),
        (dt.date(2026, 6, 1), True),
        (dt.date(2027, 1, 1), False),
        (dt.date(1980, 1, 1), False),
    ],
)
def test_a_child_has_the_thirteenth_birthday_ahead(born: dt.date, child: bool) -> None:
    assert is_child(born.year, born.month, born.day, DAY) is child
    assert bool(of_person([born], DAY)) is child


def test_one_of_several_dates_is_enough_and_none_is_no_age() -> None:
    (said,) = of_person([dt.date(1980, 1, 1), dt.date(2020, 1, 1)], DAY)
    assert "unmeasured" in said
    assert of_person([], DAY) == ()
