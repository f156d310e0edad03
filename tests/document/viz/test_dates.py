"""Printed dates: figures, months by name in many languages, other calendars, and what is no date."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.document.viz import dates_in
from verify.document.viz.calendars import days_of


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12 AUGUST/AOUT 74", "1974-08-12"),
        ("31 DES/DEC 66", "1966-12-31"),
        ("05FEB1965", "1965-02-05"),
        ("12.08.1964", "1964-08-12"),
        ("1984-01-12", "1984-01-12"),
        ("20 Juin/Jun 1978", "1978-06-20"),
        ("8 Août/Aug 2006", "2006-08-08"),
        ("07 02 2015", "2015-07-02"),
        ("JUL 04, 2001", "2001-07-04"),
        ("Date of birth: 1 MÄR/MAR 1990", "1990-03-01"),
        ("11 STY/JAN 1977", "1977-01-11"),
        ("21.O8.2OO6", "2006-08-21"),
        ("昭和60年1月12日", "1985-01-12"),
        ("H25.3.1", "2013-03-01"),
        ("15 JAN 2556", "2013-01-15"),
        ("1400/01/01", "2021-03-21"),
        ("01/09/1445", "2024-03-11"),
    ],
)
def test_a_date_is_understood(text: str, day: str) -> None:
    (found,) = dates_in(text)
    assert dt.date.fromisoformat(day) in found.days


@pytest.mark.parametrize(
    "text", ["311266-9539", "L898902C3", "32.13.1999", "99 XYZ 1999", "30 FEB 2001", "PASSPORT", ""]
)
def test_what_is_no_date_gives_none(text: str) -> None:
    assert dates_in(text) == ()


def test_day_and_month_are_taken_in_either_order_unless_the_year_leads() -> None:
    assert {day.isoformat() for day in dates_in("07/02/2015")[0].days} == {"2015-02-07", "2015-07-02"}
    assert [day.isoformat() for day in dates_in("2015/07/02")[0].days] == ["2015-07-02"]


def test_two_dates_of_one_line_keep_their_places() -> None:
    text = "01.02.2010 - 31.01.2020"
    first, second = dates_in(text)
    assert (text[first.start : first.end], text[second.start : second.end]) == ("01.02.2010", "31.01.2020")


@given(
    st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)),
    st.sampled_from(["%d.%m.%Y", "%Y-%m-%d", "%d %b %Y", "%d%b%y"]),
)
def test_every_day_comes_back(day: dt.date, form: str) -> None:
    (found,) = dates_in(day.strftime(form).upper())
    assert day in found.days


@given(st.text(max_size=40))
def test_no_text_is_refused(text: str) -> None:
    for date in dates_in(text):
        assert date.days
        assert 0 <= date.start < date.end <= len(text)


@pytest.mark.parametrize("year", [0, 1, 150, 1289, 1700, 2200, 9999])
def test_a_year_of_no_calendar_gives_no_day(year: int) -> None:
    assert not list(days_of(year, 1, 1))
