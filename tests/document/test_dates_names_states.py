from __future__ import annotations

import datetime as dt
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.document.dates import birth_date, expiry_date
from verify.document.names import MAX_ALTERNATIVES, alternatives, fold, parse_name_field
from verify.document.states import StateStatus, state

DAY = dt.date(2026, 6, 15)


@pytest.mark.parametrize(
    ("raw", "dates"),
    [
        ("740812", ["1974-08-12"]),
        ("200101", ["2020-01-01", "1920-01-01"]),
        ("260615", ["2026-06-15", "1926-06-15"]),
        ("260616", ["1926-06-16"]),
        ("000229", ["2000-02-29"]),
        ("741332", []),
    ],
)
def test_birth_dates(raw: str, dates: list[str]) -> None:
    found = birth_date(raw, DAY)
    assert [day.isoformat() for day in found.candidates] == dates
    assert not found.partial


@pytest.mark.parametrize(
    ("raw", "dates"),
    [("310101", ["2031-01-01"]), ("991231", ["1999-12-31"]), ("700101", ["2070-01-01", "1970-01-01"]), ("310230", [])],
)
def test_expiry_dates(raw: str, dates: list[str]) -> None:
    assert [day.isoformat() for day in expiry_date(raw, DAY).candidates] == dates


@pytest.mark.parametrize(
    ("raw", "year"), [("7408<<", 1974), ("74<<<<", 1974), ("<<<<<<", None), ("740800", 1974), ("740000", 1974)]
)
def test_partly_unknown_dates(raw: str, year: int | None) -> None:
    found = birth_date(raw, DAY)
    assert (found.partial, found.year, found.candidates, found.date) == (True, year, (), None)


@pytest.mark.parametrize("raw", ["<<0812", "74<<12", "7<0812", "749<<<", "7413<<"])
def test_fillers_elsewhere_are_no_date(raw: str) -> None:
    assert (birth_date(raw, DAY).partial, birth_date(raw, DAY).candidates) == (False, ())


@given(st.dates(dt.date(1907, 1, 1), DAY))
def test_every_date_of_birth_is_among_its_candidates(day: dt.date) -> None:
    assert day in birth_date(day.strftime("%y%m%d"), DAY).candidates


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Müller-Größ", "MUELLER GROESS"),
        ("Ångström Ærø", "AANGSTROEM AEROE"),
        ("O’Connor d'Arc", "OCONNOR DARC"),
        ("Nguyễn Thị  Łucja", "NGUYEN THI LUCJA"),
        ("Щербаков Юрий", "SHCHERBAKOV IURII"),
        ("محمّد", "MXHMMD"),
        ("فاطمة", "FAXTTMXAH"),
        ("ERIKSSON<<ANNA<MARIA", "ERIKSSON ANNA MARIA"),
        ("İbrahim ıŞık", "IBRAHIM ISIK"),
        ("李", ""),
    ],
)
def test_fold(name: str, folded: str) -> None:
    assert fold(name) == folded


def test_alternatives() -> None:
    assert set(alternatives("Ñandú")) == {"NANDU", "NXXANDU"}
    assert set(alternatives("Jörg")) == {"JOERG", "JORG", "JOXXRG"}
    assert set(alternatives("Юлія")) >= {"IULIIA", "YULIIA"}
    assert alternatives("SMITH") == ("SMITH",)


@given(st.text(max_size=60))
def test_folding_gives_mrz_letters_only_and_alternatives_are_bounded(text: str) -> None:
    folded = fold(text)
    assert set(folded) <= set(string.ascii_uppercase + " ")
    assert folded == " ".join(folded.split()) == fold(folded)
    others = alternatives(text)
    assert others[0] == folded
    assert len(set(others)) == len(others) <= MAX_ALTERNATIVES


@pytest.mark.parametrize(
    ("field", "primary", "secondary", "truncated"),
    [
        ("VAN<DER<MUELLEN<<MARTIN<<<<", "VAN DER MUELLEN", "MARTIN", False),
        ("ARKFREITH<<<<<<", "ARKFREITH", "", False),
        ("<<ANNA<MARIA<<<", "", "ANNA MARIA", False),
        ("NILAVADHANANANDA<<CHAYAPA<DE<K", "NILAVADHANANANDA", "CHAYAPA DE K", True),
        ("<<<<", "", "", False),
    ],
)
def test_name_field(field: str, primary: str, secondary: str, truncated: bool) -> None:
    name = parse_name_field(field)
    assert (name.primary, name.secondary, name.truncated) == (primary, secondary, truncated)
    assert field[name.split :].replace("<", " ").split() == secondary.split()


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("FRA", StateStatus.CURRENT), ("D<<", StateStatus.CURRENT), ("RKS", StateStatus.CURRENT),
        ("XXB", StateStatus.PERSON),
        ("UTO", StateStatus.SPECIMEN), ("YUG", StateStatus.WITHDRAWN),
        ("WSA", StateStatus.UNKNOWN), ("", StateStatus.UNKNOWN),
    ],
)  # fmt: skip
def test_state_codes(code: str, status: StateStatus) -> None:
    found = state(code)
    assert found.status is status
    assert (found.until is not None) is (status is StateStatus.WITHDRAWN)
    assert bool(found.name) is (status is not StateStatus.UNKNOWN)
