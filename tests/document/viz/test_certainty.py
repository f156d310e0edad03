"""When a reading may contradict: never on one look, nor on a character that print makes alike."""

from __future__ import annotations

import pytest

from verify.document.viz.certainty import confusable, is_clear, is_sure, same_shape
from verify.model.face import Box
from verify.model.viz import VizLine, VizLook


def looks(*texts: str, margin: float = 9.0) -> list[VizLine]:
    return [VizLine(tuple(VizLook(text, (margin,) * len(text)) for text in texts), Box(0, 0, 10, 10))]


def said(text: str) -> str | None:
    return text.strip() or None


@pytest.mark.parametrize(
    ("lines", "sure", "clear"),
    [
        (looks("ABC", "ABC", "ABC"), True, True),
        (looks("ABC"), False, True),
        (looks("ABC", "ABD"), False, True),
        (looks("ABC", "ABC", margin=2.0), True, False),
        (looks("ABC", "ABC", margin=0.5), False, False),
        (looks("", ""), False, False),
        ([], False, False),
    ],
)
def test_looks(lines: list[VizLine], sure: bool, clear: bool) -> None:
    assert is_sure(lines, said, of=str.isalpha) is sure
    assert is_clear(lines, of=str.isalpha) is clear


@pytest.mark.parametrize(
    ("read", "expected", "alike"),
    [
        ("UN4889071", "UN4839071", True),
        ("FRIKSSON", "ERIKSSON", True),
        ("ERIKSON", "ERIKSSON", True),
        ("ERIKSLON", "ERIKSSON", False),
        ("19840812", "19740812", False),
        ("ABC", "ABC", False),
        ("ZETTERLUND", "ERIKSSON", False),
    ],
)
def test_what_a_slip_explains(read: str, expected: str, alike: bool) -> None:
    assert confusable(read, expected) is alike


def test_letters_that_fonts_print_as_figures_are_one() -> None:
    assert same_shape("LO1I") == same_shape("10LI")
    assert same_shape("8") != same_shape("B")
