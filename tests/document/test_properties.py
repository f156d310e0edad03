from __future__ import annotations

import datetime as dt
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.document.check_digit import BLIND_CLASSES, compute
from verify.document.encode import encode
from verify.document.formats import FORMATS, Format, detect
from verify.document.mrz import parse
from verify.document.name_field import may_print, name_field, parse_name_field
from verify.document.names import fold
from verify.model.mrz import FieldState, MrzResult

from .zones import FORMS, NAMES, NUMBERS, values, zones

REFERENCE = dt.date(2026, 6, 15)
CHARACTERS = NUMBERS + "<"


def read(lines: tuple[str, ...] | list[str]) -> MrzResult:
    return parse(lines, reference_date=REFERENCE, engine="test 1")


def all_verify(result: MrzResult) -> bool:
    return all(one.verifies is not False and one.computed for one in result.check_digits)


def test_the_blind_classes_are_those_of_the_values() -> None:
    assert [set(one) for one in BLIND_CLASSES] == [
        set(text)
        for text in ("<0AKU", "1BLV", "2CMW", "3DNX", "4EOY", "5FPZ", "6GQ", "7HR", "8IS", "9JT")
    ]  # fmt: skip
    assert sorted("".join(BLIND_CLASSES)) == sorted(CHARACTERS)


@given(st.text(CHARACTERS, min_size=1, max_size=30), st.data())
def test_a_digit_is_blind_to_a_swap_inside_a_class_and_to_no_other(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from([one for one in CHARACTERS if one != text[at]]))
    blind = any({text[at], other} <= set(one) for one in BLIND_CLASSES)
    assert (compute(text[:at] + other + text[at + 1 :]) == compute(text)) is blind


@given(zones(), st.data())
def test_one_changed_character_breaks_a_digit_unless_it_is_blind_to_the_pair(
    zone: tuple[Format, tuple[str, ...]], data: st.DataObject
) -> None:
    form, lines = zone
    places = [(check.line, check.column) for check in form.checks]
    for check in form.checks:
        places += [(span.line, column) for span in check.covers for column in range(span.start, span.end)]
    line, column = data.draw(st.sampled_from(sorted(set(places))))
    was = lines[line][column]
    now = data.draw(st.sampled_from([one for one in CHARACTERS if one != was]))
    changed = [*lines]
    changed[line] = lines[line][:column] + now + lines[line][column + 1 :]
    blind = any({was, now} <= set(one) for one in BLIND_CLASSES)
    if not blind and changed[0].startswith(form.begins):  # without its beginning the national format is another
        assert not all_verify(read(changed)), (form.name, line, column, was, now)


@given(st.data())
def test_encode_and_parse_are_each_other_s_way_back(data: st.DataObject) -> None:
    form = data.draw(FORMS)
    put = data.draw(values(form))
    lines = encode(form, put)
    assert [len(line) for line in lines] == [form.length] * form.count
    result = read(lines)
    assert result.format == form.name
    assert result.supported
    assert {field.state for field in result.fields} == {FieldState.READ}
    for name, value in put.items():
        got = result.value(name)
        if isinstance(value, dt.date):
            assert got == f"{value:%y%m%d}"
        elif "identifier" in name:
            assert got == value or result.truncated
            assert all(word.startswith(part) for part, word in zip(got.split(), value.split(), strict=False))
        else:
            assert got == value
    assert parse(result.lines, reference_date=REFERENCE, engine="test 1") == result
    again = {field.name: field.value for field in result.fields}
    assert encode(form, again) == lines


@given(FORMS, st.data())
def test_text_of_the_right_measures_never_fails(form: Format, data: st.DataObject) -> None:
    rows = st.text(min_size=form.length, max_size=form.length)
    rows |= st.text(CHARACTERS, min_size=form.length, max_size=form.length)
    lines = [data.draw(rows) for _line in range(form.count)]
    result = read(lines)
    assert list(result.lines) == lines
    for field in result.fields:
        assert field.state is FieldState.READ or not field.value
    for date in (result.birth_date, result.expiry_date):
        assert not date.candidates or set(date.raw) <= set(string.digits)


@given(st.lists(st.text(max_size=50), max_size=4))
def test_other_text_has_no_format(lines: list[str]) -> None:
    form = detect(lines)
    if form is None:
        with pytest.raises(ValueError, match="no MRZ format"):
            read(lines)


@given(NAMES, NAMES | st.just(""), st.sampled_from([25, 30, 31, 39]))
def test_names_fill_a_field_as_the_standard_allows(primary: str, secondary: str, length: int) -> None:
    field = name_field(primary, secondary, length)
    name = parse_name_field(field)
    assert len(field) == length
    assert may_print(field, primary, secondary)
    if len(primary) + len(secondary) + 2 * bool(secondary) < length:
        assert (name.primary, name.secondary, name.truncated) == (primary, secondary, False)
    else:
        assert name.truncated


@given(st.text(max_size=40), st.text(max_size=40), st.integers(4, 39))
def test_any_text_fills_a_name_field(primary: str, secondary: str, length: int) -> None:
    field = name_field(primary, secondary, length)
    assert len(field) == length
    assert set(field) <= set(string.ascii_uppercase + "<")
    words = (fold(primary) + " " + fold(secondary)).split()
    assert bool(field.strip("<")) is bool(words)
    if 2 * len(words) < length:  # their first letters, at least, have room
        assert may_print(field, primary, secondary)


@given(st.text("ABÜЖ<", max_size=12), st.text(max_size=20), st.text(max_size=20))
def test_comparing_any_field_with_any_name_never_fails(field: str, primary: str, secondary: str) -> None:
    assert may_print(field, primary, secondary) in (True, False)


def test_a_value_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="too long for the document_number of TD3: 9 characters"):
        encode(FORMATS["TD3"], {"document_number": "UA48201930"})
    with pytest.raises(ValueError, match="too long for the optional_data of TD2: 7 characters"):
        encode(FORMATS["TD2"], {"document_number": "UA48201930", "optional_data": "123456"})
    with pytest.raises(ValueError, match="MRV-A has no field optional_data_2, surname; it has birth_date"):
        encode(FORMATS["MRV-A"], {"surname": "X", "optional_data_2": "Y"})


def test_wrong_digits_are_written_where_they_are_asked_for() -> None:
    put = {"document_code": "I", "document_number": "LV990417736", "birth_date": "79<<<<", "optional_data": "A-1"}
    for form in (FORMATS["TD1"], FORMATS["TD2"]):
        for check in form.checks:
            result = read(encode(form, put, wrong=[check.name]))
            assert [one.name for one in result.check_digits if one.verifies is False] == [check.name]
            assert (result.value("document_number"), result.value("optional_data")) == ("LV990417736", "A<1")
            assert (result.birth_date.partial, result.birth_date.years) == (True, (1979,))
