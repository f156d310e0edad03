"""Untrusted text made safe to look at: controls are shown as code points or left out, never obeyed."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

__all__ = ["csv_cell", "isolate", "label", "reveal"]

# Bidirectional controls (UAX #9, 2.7), C0 and C1 controls but tab and line ends, and unpaired surrogates.
# Joiners (U+200C, U+200D) stay: names in Persian and Indic scripts need them.
_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?([eE][+-]?[0-9]+)?")
# A spreadsheet may split a cell again at a semicolon, tab or line end: each such part has a start of its own.
_FORMULA = re.compile(r"(^|[;\t\r\n])(?=\s*[=+\-@\t\r＝＋－＠﹢﹣﹦﹫])")


def reveal(text: str) -> str:
    """The text with each control character spelt as its code point, e.g. "[U+202E]"."""
    return _CONTROLS.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


def isolate(text: str) -> Markup:
    """Escaped HTML in a `bdi` element, so that a name in another direction moves nothing around it."""
    return Markup("<bdi>{}</bdi>").format(escape(reveal(text)))


def csv_cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula; numbers stay as they are (CWE-1236).

    Controls are left out. What starts with = + - @ (also full-width), tab or return gets an apostrophe.
    """
    clean = _CONTROLS.sub("", text)
    return clean if _NUMBER.fullmatch(clean) else _FORMULA.sub(r"\1'", clean)


def label(name: str) -> str:
    """A field or state name as words: "document_number" becomes "Document number"."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]
