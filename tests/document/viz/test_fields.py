"""The printed fields held against a zone, from lines that are given."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from verify.document.mrz import parse
from verify.document.viz import compare
from verify.document.viz.fields import doubtful_lines
from verify.model.face import Box
from verify.model.viz import VizField, VizLine, VizLook, VizState

ZONE = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
MRZ = parse(ZONE, reference_date=dt.date(2011, 11, 20), engine="a test")


def line(text: str, left: int, top: int, *, looks: int = 3, high: int = 18) -> VizLine:
    look = VizLook(text, (9.0,) * len(text))
    return VizLine((look,) * looks, Box(left, top, left + 12 * len(text), top + high))


def field(lines: list[VizLine], name: str) -> VizField:
    return next(one for one in compare(lines, MRZ) if one.name == name)


def test_what_the_zone_says_is_found_anywhere_without_a_label() -> None:
    lines = [line("Eriksson, Anna Maria", 0, 0), line("L898902C3", 500, 0), line("geboren 12.08.1974", 0, 40)]
    for name in ("primary_identifier", "secondary_identifier", "document_number", "birth_date"):
        assert field(lines, name).state is VizState.AGREES


def test_a_value_stands_below_its_label_or_beside_it_and_not_elsewhere() -> None:
    label = line("Date of birth", 0, 0, high=11)
    assert field([label, line("01 JAN 1960", 0, 20)], "birth_date").state is VizState.DIFFERS
    assert field([label, line("01 JAN 1960", 180, 0)], "birth_date").state is VizState.DIFFERS
    for left, top in ((0, 120), (700, 20), (0, -60)):
        assert field([label, line("01 JAN 1960", left, top)], "birth_date").state is VizState.NOT_FOUND


def test_a_value_belongs_to_the_nearer_of_two_labels() -> None:
    lines = [line("Date of birth", 0, 0, high=11), line("Date of issue", 0, 40, high=11), line("16 APR 2007", 0, 56)]
    assert field(lines, "birth_date").state is VizState.NOT_FOUND
    assert field(lines, "issue_date").state is VizState.READ


def test_a_value_behind_its_label_counts() -> None:
    assert field([line("Date of birth: 01.01.1960", 0, 0)], "birth_date").state is VizState.DIFFERS
    assert field([line("Sex: F", 0, 0)], "sex").state is VizState.AGREES


def test_the_other_identifier_at_a_label_is_no_difference() -> None:
    lines = [line("Surname", 0, 0, high=11), line("ANNA", 0, 20)]
    assert field(lines, "primary_identifier").state is not VizState.DIFFERS


def test_a_number_in_another_form_is_no_difference() -> None:
    label = line("Passport No.", 0, 0, high=11)
    for shown in ("AL898902C3", "8989022C3"):
        assert field([label, line(shown, 0, 20)], "document_number").state is not VizState.DIFFERS


def test_a_name_over_two_lines_is_one() -> None:
    assert field([line("ANNA", 0, 0), line("MARIA", 0, 25)], "secondary_identifier").state is VizState.AGREES


def test_a_name_in_another_script_is_compared_by_every_transliteration() -> None:
    zone = ("P<UKRHORBATOV<<YURII<<<<<<<<<<<<<<<<<<<<<<<<", ZONE[1])
    mrz = parse(zone, reference_date=dt.date(2011, 11, 20), engine="a test")
    found = next(one for one in compare([line("Горбатов", 0, 0)], mrz) if one.name == "primary_identifier")
    assert found.state is VizState.AGREES


def test_a_character_of_the_zone_that_was_not_surely_read_makes_no_difference() -> None:
    doubted = parse(ZONE, reference_date=dt.date(2011, 11, 20), engine="a test", forced=[(1, 0, "1", "L")])
    lines = [line("Passport No.", 0, 0, high=11), line("K707601D5", 0, 20)]
    assert field(lines, "document_number").state is VizState.DIFFERS
    found = next(one for one in compare(lines, doubted) if one.name == "document_number")
    assert found.state is VizState.UNCERTAIN


def test_only_what_does_not_agree_is_looked_at_again() -> None:
    lines = [
        line("L898902C3", 0, 0, looks=1),
        line("Date of birth", 0, 60, high=11),
        line("01 JAN 1960", 0, 80, looks=1),
    ]
    assert doubtful_lines(lines, MRZ) == {2}
    assert {0, 2} <= doubtful_lines(lines, None), "without a zone everything with figures may matter"


def test_what_is_printed_once_more_and_otherwise_is_looked_at_again_before_it_is_told() -> None:
    def page(looks: int) -> list[VizLine]:
        dates = [line("Date of birth", 0, 60, high=11), line("12 AUG 1974", 0, 80)]
        again = [line("Date of birth", 300, 60, high=11), line("12 AUG 1979", 300, 80, looks=looks)]
        return [line("L898902C3", 0, 0), line("L898402C3", 300, 0, looks=looks), *dates, *again]

    once, twice = page(1), page(3)
    for name, at in (("document_number", 1), ("birth_date", 5)):
        assert (field(once, name).repeats, field(once, name).unsure) == ((), (at,))
        assert at in doubtful_lines(once, MRZ)
        assert (field(twice, name).repeats, field(twice, name).unsure) == ((at,), ())


texts = st.text(st.characters(codec="utf-8"), max_size=25) | st.sampled_from(
    ["Sex", "Date of birth", "Surname", "12.08.1974"]
)
places = st.integers(0, 600)


@given(st.lists(st.builds(line, texts, places, places, looks=st.integers(1, 3)), max_size=12))
def test_no_page_is_refused(lines: list[VizLine]) -> None:
    for one in compare(lines, MRZ):
        assert all(0 <= index < len(lines) for index in (*one.lines, *one.repeats))
        assert one.state is VizState.NOT_FOUND or one.printed
    assert doubtful_lines(lines, None) <= set(range(len(lines)))
