from __future__ import annotations

import csv
import datetime as dt
import os
import string
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.document import states
from verify.document.dates import birth_date, expiry_date
from verify.document.name_field import parse_name_field
from verify.document.names import fold
from verify.document.states import StateStatus, state

DAY = dt.date(2026, 6, 15)
ROOT = Path(__file__).parents[2]


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
    [
        ("310101", ["2031-01-01"]),
        ("991231", ["1999-12-31", "2099-12-31"]),  # expired long ago, or without an end
        ("850101", ["1985-01-01", "2085-01-01"]),
        ("700101", ["2070-01-01"]),  # in 1970 there was no MRZ
        ("310230", []),
    ],
)
def test_expiry_dates(raw: str, dates: list[str]) -> None:
    assert [day.isoformat() for day in expiry_date(raw, DAY).candidates] == dates


@pytest.mark.parametrize(
    ("raw", "years"),
    [
        ("7408<<", (1974,)), ("74<<<<", (1974,)), ("15<<<<", (2015, 1915)), ("<<<<<<", ()), ("", ()),
        ("740800", (1974,)), ("740000", (1974,)),
    ],
)  # fmt: skip
def test_partly_unknown_dates(raw: str, years: tuple[int, ...]) -> None:
    found = birth_date(raw, DAY)
    assert (found.partial, found.years, found.candidates, found.date) == (True, years, (), None)
    assert found.year == (years[0] if years else None)


@pytest.mark.parametrize(
    "raw", ["<<0812", "74<<12", "7<0812", "749<<<", "7413<<", "74+1 2", "74O812", "٧٤٠٨١٢", "7408"]
)
def test_fillers_elsewhere_and_other_characters_are_no_date(raw: str) -> None:
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
        ("Əliyev Ɓala", "ALIYEV BALA"),
        ("李", ""),
    ],
)
def test_fold(name: str, folded: str) -> None:
    assert fold(name) == folded


@given(st.text(max_size=60))
def test_folding_gives_mrz_letters_only(text: str) -> None:
    folded = fold(text)
    assert set(folded) <= set(string.ascii_uppercase + " ")
    assert folded == " ".join(folded.split()) == fold(folded)


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
        ("EUE", StateStatus.CURRENT), ("UNO", StateStatus.CURRENT), ("XOM", StateStatus.CURRENT),
        ("XPO", StateStatus.CURRENT), ("GBN", StateStatus.CURRENT),
        ("XXA", StateStatus.PERSON), ("XXB", StateStatus.PERSON), ("XXX", StateStatus.PERSON),
        ("UTO", StateStatus.SPECIMEN), ("WSA", StateStatus.UNKNOWN), ("", StateStatus.UNKNOWN),
        *((code, StateStatus.WITHDRAWN) for code in
          ["ANT", "BUR", "CSK", "DDR", "FXX", "NTZ", "ROM", "SCG", "SUN", "TMP", "YMD", "YUG", "ZAR"]),
    ],
)  # fmt: skip
def test_state_codes(code: str, status: StateStatus) -> None:
    found = state(code)
    assert found.status is status
    assert (found.until is not None) is (status is StateStatus.WITHDRAWN)
    assert bool(found.name) is (status is not StateStatus.UNKNOWN)


def test_the_codes_are_those_of_iso_and_icao() -> None:
    rows = list(csv.DictReader((Path(states.__file__).parent / "states.csv").read_text(encoding="utf-8").splitlines()))
    counts = Counter((row["status"], row["source"].partition(" newsletter")[0]) for row in rows)
    assert counts == {
        ("current", "ISO 3166-1"): 249,
        ("withdrawn", "ISO 3166-3"): 30,
        ("withdrawn", "ISO 3166-1"): 1,  # Romania changed its code in 2002
        ("current", "Doc 9303-3 section 5"): 22,
        ("person", "Doc 9303-3 section 5"): 4,
        ("specimen", "Doc 9303-3 section 5"): 1,
    }
    assert all(len(row["code"]) == 3 or row["code"] == "D" for row in rows)
    assert state("YUG").until == dt.date(2003, 7, 23)


def test_the_codes_of_icao_are_the_shared_ones() -> None:
    shared = Path(os.environ.get("VERIFY_SHARED", ROOT.parent / "shared")) / "data/identity/icao/codes_9303_3_extra.tsv"
    if not shared.exists():
        pytest.skip(f"the shared codes are not here: {shared}")
    codes = {row["code3"] for row in csv.DictReader(shared.read_text(encoding="utf-8").splitlines(), delimiter="\t")}
    # ICAO signs master lists under IAO, and no document of a person
    assert {code for code in codes if state(code).status is StateStatus.UNKNOWN} == {"IAO"}
