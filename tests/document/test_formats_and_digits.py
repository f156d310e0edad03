from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.document.check_digit import character_value, compute
from verify.document.formats import FORMATS, Format, Kind, detect

CHARACTERS = string.digits + string.ascii_uppercase + "<"


@pytest.mark.parametrize(("text", "digit"), [("520727", "3"), ("AB2134<<<", "5"), ("L898902C3", "6"), ("", "0")])
def test_examples_of_the_standard(text: str, digit: str) -> None:
    assert compute(text) == digit


@pytest.mark.parametrize("character", ["a", " ", "«", "É", ""])
def test_what_cannot_stand_in_an_mrz_has_no_value(character: str) -> None:
    with pytest.raises(ValueError, match="not a character of the MRZ"):
        character_value(character)


@given(st.text(string.digits, min_size=1, max_size=30), st.data())
def test_one_wrong_digit_never_goes_unnoticed(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from([digit for digit in string.digits if digit != text[at]]))
    assert compute(text[:at] + other + text[at + 1 :]) != compute(text)


@given(st.text(CHARACTERS, max_size=60), st.text("<", max_size=20))
def test_trailing_fillers_do_not_count(text: str, fillers: str) -> None:
    assert compute(text) == compute(text + fillers)


@pytest.mark.parametrize("form", FORMATS.values(), ids=lambda form: form.name)
def test_every_position_belongs_to_one_field_or_digit(form: Format) -> None:
    taken = [(check.line, check.column) for check in form.checks]
    for field in form.fields:
        taken += [(field.span.line, column) for column in range(field.span.start, field.span.end)]
    assert sorted(taken) == [(line, column) for line in range(form.count) for column in range(form.length)]


@pytest.mark.parametrize("form", FORMATS.values(), ids=lambda form: form.name)
def test_every_format_has_what_the_others_share(form: Format) -> None:
    names = {field.name for field in form.fields}
    shared = {"document_code", "issuing_state", "document_number", "nationality", "birth_date", "sex", "expiry_date"}
    assert shared <= names
    assert "name" in names or {"primary_identifier", "secondary_identifier"} <= names
    assert form.checks[-1].name.startswith("composite") or form.name.startswith("MRV")


def test_position_classes() -> None:
    kinds = FORMATS["TD3"].kinds(1)
    assert (kinds[9], kinds[10], kinds[13], kinds[20], kinds[42]) == (
        Kind.CHECK,
        Kind.ALPHA,
        Kind.DATE,
        Kind.SEX,
        Kind.CHECK_OR_FILLER,
    )


@pytest.mark.parametrize(
    ("first", "count", "length", "name"),
    [
        ("I", 3, 30, "TD1"),
        ("AC", 3, 30, "TD1"),
        ("IDFRA", 2, 36, "FRA-ID"),
        ("IDBEL", 2, 36, "TD2"),
        ("IDFRA", 3, 30, "TD1"),
        ("A", 2, 36, "TD2"),
        ("P", 2, 44, "TD3"),
        ("V", 2, 44, "MRV-A"),
        ("V", 2, 36, "MRV-B"),
        ("Q", 2, 44, "TD3"),
    ],
)
def test_detection(first: str, count: int, length: int, name: str) -> None:
    form = detect([first.ljust(length, "<")] * count)
    assert form is not None
    assert form.name == name


@pytest.mark.parametrize("lines", [[], ["P<"], ["<" * 44], ["<" * 45] * 2, ["<" * 44, "<" * 43]])
def test_other_measures_are_no_format(lines: list[str]) -> None:
    assert detect(lines) is None
