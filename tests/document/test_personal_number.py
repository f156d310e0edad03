"""Personal numbers against examples that issuers publish, and number forms against specimens."""

from __future__ import annotations

import datetime as dt

import pytest

from verify.document import parse
from verify.document.check_digit import compute
from verify.document.number_forms import number_form, specimen_values
from verify.document.personal_number import PersonalNumber, personal_number
from verify.model.mrz import MrzResult


def passport(state: str, optional: str) -> MrzResult:
    body = f"AA1234567{compute('AA1234567')}{state}7408122F1204159{optional.ljust(14, '<')}"
    body += compute(body[28:42])
    second = body + compute(body[:10] + body[13:20] + body[21:43])
    return parse(
        [f"P<{state}ERIKSSON<<ANNA".ljust(44, "<"), second], reference_date=dt.date(2026, 6, 15), engine="invented"
    )


@pytest.mark.parametrize(
    ("state", "number", "birth_date", "sex"),
    [
        ("NLD", "111222333", "", ""),
        ("BGR", "7523169263", "750316", "M"),
        ("CZE", "7103192745", "710319", "M"),
        ("EST", "37605030299", "760503", "M"),
        ("LTU", "38703181745", "870318", "M"),
        ("SVN", "0101006500006", "060101", "M"),
        ("SWE", "198112189876", "811218", "M"),
        ("ISL", "120174<3399", "740112", ""),
        ("FIN", "131052<308T", "521013", "F"),
        ("POL", "44051401359", "440514", "M"),
        ("ROU", "1630615123457", "630615", "M"),
        ("BEL", "85073003328", "850730", "M"),
        ("TUR", "10000000146", "", ""),
    ],
)
def test_published_examples_are_sound(state: str, number: str, birth_date: str, sex: str) -> None:
    found = personal_number(passport(state, number))
    assert found is not None
    assert (found.sound, found.birth_date, found.sex) == (True, birth_date, sex)
    changed = number[:3] + str((int(number[3]) + 1) % 10) + number[4:]
    other = personal_number(passport(state, changed))
    assert other is None or other.sound is False


def test_the_number_itself_goes_no_further() -> None:
    found = personal_number(passport("POL", "44051401359"))
    assert "44051401359" not in repr(found)
    assert found == PersonalNumber("POL", "optional_data", True, "440514", "M", date_seen=False, check_seen=False)


@pytest.mark.parametrize(
    ("state", "optional"), [("UTO", "ZE184226B"), ("EST", "ZE18422"), ("EST", ""), ("EST", "3760503")]
)
def test_what_is_no_personal_number_is_none(state: str, optional: str) -> None:
    assert personal_number(passport(state, optional)) is None


def test_a_month_that_stands_for_a_foreigner_is_no_date() -> None:
    found = personal_number(passport("BEL", "85003003328"))
    assert found is not None
    assert not found.birth_date


def test_forms_and_specimens() -> None:
    form = number_form("GBR")
    assert form is not None
    assert form.fullmatch("107182890")
    assert not form.fullmatch("10718289A")
    assert number_form("UTO") is None
    assert "L898902C3" in specimen_values("FRA", "document_number")
    assert "MUSTERMANN" in specimen_values("DEU", "primary_identifier")
    assert "MUSTERMANN" not in specimen_values("FRA", "primary_identifier")
