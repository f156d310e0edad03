from __future__ import annotations

import datetime as dt
import json
import os
import string
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.document.mrz import fit, parse
from verify.model.mrz import FieldState, MrzResult

REFERENCE = dt.date(2026, 6, 15)
ROOT = Path(__file__).parents[2]
CASES: list[dict[str, Any]] = json.loads((ROOT / "tests/cases/documents/specimens.json").read_text(encoding="utf-8"))
SHARED = Path(os.environ.get("VERIFY_SHARED", ROOT.parent / "shared"))
VECTORS = SHARED / "data/mrz/icao9303_vectors.json"
TD3 = CASES[0]["lines"]


def read(lines: list[str]) -> MrzResult:
    return parse(lines, reference_date=REFERENCE, engine="test 1")


def fitted(lines: list[str]) -> MrzResult:
    best = fit(lines)[0]
    return parse(best.lines, reference_date=REFERENCE, engine="test 1", raw_lines=best.raw_lines, forced=best.forced)


def failing(result: MrzResult) -> list[str]:
    return [one.name for one in result.check_digits if one.verifies is False]


@pytest.mark.parametrize("case", CASES, ids=[case["note"] for case in CASES])
def test_specimens(case: dict[str, Any]) -> None:
    result = read(case["lines"])
    assert result.format == case["format"]
    assert {name: result.value(name) for name in case["values"]} == case["values"]
    for said, date in ((case["birth"], result.birth_date), (case["expiry"], result.expiry_date)):
        assert date.date == (dt.date.fromisoformat(said) if said else None)
    assert failing(result) == case["failing"]
    assert result.supported is not bool(case["failing"])


@pytest.mark.parametrize("case", CASES, ids=[case["note"] for case in CASES])
def test_exact_lines_fit_as_they_are(case: dict[str, Any]) -> None:
    best = fit(case["lines"])[0]
    assert (list(best.lines), best.forced, best.cost, best.form.name) == (case["lines"], (), 0, case["format"])


def test_no_measures_no_parse() -> None:
    with pytest.raises(ValueError, match="no MRZ format has 1 lines"):
        read(["P<UTO"])


def test_an_illegal_character_makes_the_field_unreadable_and_its_digits_not_computable() -> None:
    result = read([TD3[0], "L898902C36UTO74X8122F1204159ZE184226B<<<<<10"])
    assert (result.field("birth_date").state, result.value("birth_date")) == (FieldState.UNREADABLE, "")
    digits = {one.name: (one.verifies, one.computed) for one in result.check_digits}
    assert digits["birth_date_check_digit"] == digits["composite_check_digit"] == (None, "")
    assert digits["expiry_date_check_digit"] == (True, "9")
    assert not result.supported


def test_look_alikes_are_forced_by_position_and_listed() -> None:
    result = fitted(["P<UT0ERIK5SON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO74O8I22F1204159ZE184226B<<<<<1O"])
    assert list(result.lines) == TD3
    assert result.forced == (
        (0, 4, "0", "O"), (0, 9, "5", "S"), (1, 15, "O", "0"), (1, 17, "I", "1"), (1, 43, "O", "0"),
    )  # fmt: skip
    assert (result.field("birth_date").raw, result.field("birth_date").state) == ("74O8I2", FieldState.FORCED)
    assert result.field("document_number").state is FieldState.READ
    assert result.raw_lines[1].endswith("1O")


def test_a_wrong_printed_digit_stays_wrong() -> None:
    lines = [TD3[0], TD3[1].replace("L898902C36", "L898902C38")]
    result = fitted(lines)
    assert list(result.lines) == lines
    assert failing(result) == ["document_number_check_digit", "composite_check_digit"]


def test_letters_that_are_legal_are_not_turned_to_please_the_digits() -> None:
    lines = [TD3[0], TD3[1].replace("L898902C3", "L8989O2C3")]
    assert fitted(lines).value("document_number") == "L8989O2C3"


def test_digits_where_letters_belong_are_not_made_a_state() -> None:
    result = fitted([TD3[0], TD3[1].replace("6UTO", "6132")])
    assert (result.field("nationality").state, result.field("nationality").raw) == (FieldState.UNREADABLE, "132")
    assert result.forced == ()


def test_fillers_misread_at_the_end_of_a_name_come_back() -> None:
    result = fitted(["P<UTOERIKSSON<<ANNA<MARIA<<<<KKKKS<<<C<<<<<<", TD3[1]])
    assert list(result.lines) == TD3
    assert result.forced == tuple(
        (0, column, read, "<") for column, read in [*((c, "K") for c in range(29, 33)), (33, "S"), (37, "C")]
    )
    assert result.field("secondary_identifier").state is FieldState.FORCED
    assert (
        fitted(["P<UTOERIKSSON<<ANNA<MARIAKKKKKKKKKKKKKKKKKKK", TD3[1]]).value("secondary_identifier") == "ANNA MARIA"
    )


@pytest.mark.parametrize("off", [-3, -1, 2, 5])
def test_runs_of_fillers_of_the_wrong_length(off: int) -> None:
    name = TD3[0].rstrip("<")
    result = fitted([name + "<" * (44 - len(name) + off), TD3[1]])
    assert list(result.lines) == TD3
    assert len(result.forced) == abs(off)
    assert result.field("primary_identifier").state is FieldState.READ


def test_spaces_and_signs_of_a_reader() -> None:
    assert (
        list(fitted(["other print", TD3[0].replace("<<ANNA", "««ANNA"), TD3[1].replace("UTO", " UTO ")]).lines) == TD3
    )


@pytest.mark.parametrize("rows", [[], [""], ["hello world"] * 3, [TD3[0]], [TD3[0][:20], TD3[1]], ["A" * 30] * 2])
def test_no_fit(rows: list[str]) -> None:
    assert fit(rows) == []


@given(st.lists(st.text(string.printable + "«<É٣", max_size=60), max_size=5))
def test_any_text_is_fitted_or_not_but_never_fails(rows: list[str]) -> None:
    for one in fit(rows):
        result = parse(one.lines, reference_date=REFERENCE, engine="test", raw_lines=one.raw_lines, forced=one.forced)
        assert len(result.lines) == one.form.count
        assert {len(line) for line in result.lines} == {one.form.length}


def test_a_truncated_name_says_so() -> None:
    card = next(case for case in CASES if case["note"].startswith("a card whose name is truncated"))
    assert read(card["lines"]).truncated
    assert not read(TD3).truncated
    cards = [read(case["lines"]) for case in CASES if case["format"] == "FRA-ID"]
    assert [card.truncated for card in cards] == [True, False]  # the given names of the first fill their field


def test_a_date_that_the_format_does_not_print_is_unknown() -> None:
    result = read(next(case for case in CASES if case["format"] == "FRA-ID")["lines"])
    assert (result.expiry_date.partial, result.expiry_date.years, result.expiry_date.date) == (True, (), None)
    assert (result.field("expiry_date").raw, result.field("nationality").raw) == ("", "")


def test_a_filler_in_the_digit_s_place_without_a_number_that_goes_on() -> None:
    result = read(
        ["I<UTOD23145890<ABC<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<0", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"]
    )
    assert (result.value("document_number"), result.value("optional_data")) == ("D23145890", "ABC")
    assert "document_number_check_digit" in failing(result)
