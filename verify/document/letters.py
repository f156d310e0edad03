"""Transliteration of ICAO Doc 9303-3, section 6: the tables, which are `letters.csv` beside this module.

One letter a line: its script, the forms that the standard allows, the usual one first, and its exceptions: "ukr=H" in
one language, "ukr^=YE" there at the beginning of a name's component, "$=XAH" at the end of one. The source tells

- Doc 9303-3: as printed, 8th edition;
- corrected: the printed table has the Macedonian Gje (GJ) at U+0492 and the Serbian Tshe (C) at U+04BA, which are
  Kazakh and Tatar letters: here they are where they belong, U+0403 and U+040B;
- beyond: not in the standard, whose letters end where some names go on. A Latin letter that is in no table stands for
  its Unicode base letter. The Serbian Ghe, H in the standard but G in Serbia's own Latin alphabet, may be either.

Vowel signs and the tatweel are not written; the shadda doubles the letter before it.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["ALPHABETS", "DOUBLING", "LANGUAGES", "Table", "inverse", "table"]

DOUBLING = "\u0651"  # shadda
LANGUAGES = ("", "bel", "bul", "mkd", "srp", "ukr")
"""The languages with exceptions (ISO 639-2); "" is the general table, also Russian's and Arabic's."""

_RUSSIAN = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЭЮЯ"  # the soft sign is not written, so that no reading brings it back
ALPHABETS = {
    "rus": ("", _RUSSIAN),
    "bel": ("bel", "АБВГДЕЁЖЗІЙКЛМНОПРСТУЎФХЦЧШЫЭЮЯ"),
    "bul": ("bul", "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЮЯ"),
    "mkd": ("mkd", "АБВГДЃЕЖЗЅИЈКЛЉМНЊОПРСТЌУФХЦЧЏШ"),
    "srp": ("srp", "АБВГДЂЕЖЗИЈКЛЉМНЊОПРСТЋУФХЦЧЏШ"),
    "ukr": ("ukr", "АБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЮЯ"),
}
"""Alphabets that an MRZ may be read back into: the language of their exceptions, their letters; "ara" has its own."""


@dataclass(frozen=True, slots=True)
class Table:
    """The forms of each letter in one language.

    Attributes:
        inside: letter to its forms, the usual first.
        initial, final: the forms that differ at the beginning and at the end of a name's component.
    """

    inside: dict[str, tuple[str, ...]]
    initial: dict[str, tuple[str, ...]]
    final: dict[str, tuple[str, ...]]


@cache
def table(language: str = "") -> Table:
    """The table of one of `LANGUAGES`; KeyError for another."""
    if language not in LANGUAGES:
        raise KeyError(language)
    made = Table({}, {}, {})
    for row in _rows():
        letter, forms = row["letter"], tuple(row["forms"].split())
        made.inside[letter] = forms
        for exception in row["exceptions"].split():
            where, _equals, form = exception.partition("=")
            if where == "$":
                made.final[letter] = (form, *forms)
            elif where == f"{language}^":
                made.initial[letter] = tuple(form.split(","))
            elif where == language:
                made.inside[letter] = tuple(form.split(","))
    return made


@cache
def inverse(alphabet: str) -> dict[str, tuple[str, ...]]:
    """Form to the letters that it may stand for, in the order of the alphabet: one of `ALPHABETS`, or "ara".

    Initial forms are preceded by "^". The Arabic codes are a code: no other one begins as one of them does, so that the
    letters come back but for two (Y) that share one.
    """
    language, letters = ALPHABETS.get(alphabet) or ("", _arabic())
    forward = table(language)
    made: dict[str, tuple[str, ...]] = {}
    for letter in letters:
        for mark, forms in (("", forward.inside[letter]), ("^", forward.initial.get(letter, ()))):
            for form in forms:
                made[mark + form] = (*made.get(mark + form, ()), letter)
        for form in forward.final.get(letter, ())[:1]:
            made[form] = (*made.get(form, ()), letter)
    return made


def _arabic() -> str:
    return "".join(row["letter"] for row in _rows() if row["script"] == "arabic" and row["source"] != "beyond")


@cache
def _rows() -> tuple[dict[str, str], ...]:
    text = files("verify.document").joinpath("letters.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
