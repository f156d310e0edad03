from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from tests.contracts.mrz_engine import TD1, TD3
from tests.document.test_lattice import spread
from verify.document.decide import LEAST_MARGIN, doubtful, margins, objections, suggest
from verify.document.decode import Crop, Decoded, decode, decode_line
from verify.document.digits import guards, verifying
from verify.document.formats import FORMATS
from verify.document.lattice import ALPHABET
from verify.document.mrz import parse
from verify.model.mrz import FieldState, MrzResult

DAY = dt.date(2026, 6, 15)
Doubt = dict[tuple[int, int], dict[str, float]]


def zone(lines: tuple[str, ...], doubt: Doubt | None = None, *, sure: float = 0.999) -> list[list[Crop]]:
    """Crops of these lines; `doubt` gives the probabilities of the characters of a place."""
    rows = []
    for number, line in enumerate(lines):
        frames = []
        for column, character in enumerate(line):
            said = (doubt or {}).get((number, column), {character: sure})
            frames += [spread({0: 0.999}), spread({ALPHABET.index(one) + 1: value for one, value in said.items()})]
        rows.append([Crop(np.log(np.array([*frames, spread({0: 0.999})], np.float32)))])
    return rows


def read(lines: tuple[str, ...], doubt: Doubt | None = None) -> Decoded:
    return decode(zone(lines, doubt))[0]


def result_of(one: Decoded) -> tuple[MrzResult, tuple[str, ...]]:
    result = parse(one.lines, reference_date=DAY, engine="invented 1", forced=one.forced)
    return result, objections(one, result, margins(one), 20.0)


@pytest.mark.parametrize(("lines", "name"), [(TD3, "TD3"), (TD1, "TD1")])
def test_a_clear_zone_is_read_and_vouched_for(lines: tuple[str, ...], name: str) -> None:
    one = read(lines)
    assert (one.form.name, one.lines, one.unconstrained, one.forced) == (name, lines, lines, ())
    assert one.all_verify
    assert result_of(one)[1] == ()
    assert suggest(one) == ()


def test_other_rows_around_the_zone_do_no_harm() -> None:
    rows = [*zone(("PLACE OF ISSUE".replace(" ", "<"),)), *zone(TD3), *zone(("SIGNATURE",))]
    assert decode(rows)[0].lines == TD3


def test_rows_of_no_format_are_no_zone() -> None:
    assert decode(zone(("HELLO", "WORLD"))) == []


def test_a_look_alike_is_changed_and_listed() -> None:
    one = read(TD3, {(0, 4): {"0": 0.9, "O": 0.09}})
    assert one.lines == TD3
    assert one.unconstrained[0] == TD3[0].replace("UTO", "UT0")
    assert one.forced == ((0, 4, "0", "O"),)
    assert "a character was changed to fit the format" in result_of(one)[1]


def test_a_surely_illegal_character_stays_and_its_field_has_no_value() -> None:
    """The Romanian specimen prints 132 where the letters of a nationality belong; it must not become a state."""
    printed = (TD3[0], TD3[1][:10] + "132" + TD3[1][13:])
    one = read(printed)
    assert one.lines == printed
    assert one.forced == ()
    result, why = result_of(one)
    assert result.field("nationality").state is FieldState.UNREADABLE
    assert result.value("nationality") == ""
    assert "a field holds a character that may not stand there" in why


def test_one_character_beyond_change_leaves_its_whole_field() -> None:
    printed = (TD3[0], TD3[1][:13] + "74O8A2" + TD3[1][19:])
    assert read(printed, {(1, 15): {"O": 0.6, "0": 0.39}}).lines == printed


def test_a_doubt_under_no_digit_is_not_vouched_for_and_named() -> None:
    one = read(TD3, {(0, 6): {"R": 0.6, "B": 0.39}})
    assert one.lines == TD3
    assert doubtful(margins(one)) == ((0, 6),)
    assert result_of(one)[1] == ("1 character(s) were read with little margin",)


def test_check_digits_count_where_they_would_notice_the_rival() -> None:
    noticed = read(TD3, {(1, 1): {"8": 0.6, "3": 0.39}})
    blind = read(TD3, {(1, 1): {"8": 0.6, "S": 0.39}})
    assert margins(noticed)[1][1] > LEAST_MARGIN > margins(blind)[1][1]
    assert result_of(noticed)[1] == ()
    assert result_of(blind)[1] != ()


def test_a_number_has_a_nought_rather_than_an_o_where_the_picture_does_not_tell() -> None:
    one = read(TD3, {(1, 5): {"O": 0.5, "0": 0.49}})
    assert one.lines == TD3
    assert one.forced == ((1, 5, "O", "0"),)


def test_what_the_digits_would_support_is_suggested_and_not_applied() -> None:
    one = read(TD3, {(1, 1): {"3": 0.7, "8": 0.29}})
    assert one.lines[1][1] == "3"
    assert "a check digit does not verify" in result_of(one)[1]
    first = suggest(one)[0]
    assert (first.lines, first.changes) == (TD3, ((1, 1, "3", "8"),))
    assert first.odds == pytest.approx(0.29 / 0.7, abs=0.02)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ((TD3[0].replace("UTO", "QQQ"), TD3[1]), "issuing_state"),
        ((TD3[0].replace("P<", "3<"), TD3[1]), "document code"),
        ((TD3[0][:5] + "<" * 39, TD3[1]), "there is no name"),
    ],
)
def test_what_genuine_documents_do_not_carry_needs_more(line: tuple[str, ...], why: str) -> None:
    doubt: Doubt = {(0, 3): {line[0][3]: 0.97, "X": 0.029}}
    said = result_of(read(line, doubt))[1]
    assert any(why.replace("_", " ") in one for one in said)


def test_small_print_is_never_vouched_for() -> None:
    one = read(TD3)
    result, _why = result_of(one)
    assert objections(one, result, margins(one), 4.0) == ("a character has only 4.0 pixels",)


def test_crops_are_averaged() -> None:
    rows = [
        [first, second]
        for (first,), (second,) in zip(zone(TD3, {(0, 6): {"B": 0.6, "R": 0.39}}), zone(TD3), strict=True)
    ]
    assert decode(rows)[0].lines == TD3


def test_a_single_line_of_any_length() -> None:
    ((crop,),) = zone(("OSPELTBECK<<MARISA",))
    text, log = decode_line([crop])
    assert text == "OSPELTBECK<<MARISA"
    assert log.shape == (18, 37)
    empty = Crop(np.log(np.array([spread({0: 0.999})] * 9, np.float32)))
    assert decode_line([empty])[0] == ""


def test_digits_guard_what_they_cover() -> None:
    form = FORMATS["TD3"]
    assert verifying(form, TD3) == len(form.checks)
    counts = guards(form, TD3)
    assert set(counts[0]) == {0}
    assert counts[1][0] == 2  # its own digit and the composite
    assert counts[1][10] == counts[1][20] == 0  # nationality and sex
    wrong = (TD3[0], "M" + TD3[1][1:])
    assert guards(form, wrong)[1][0] == 0
