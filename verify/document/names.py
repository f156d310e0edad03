"""Names of the MRZ: transliteration of national characters and the parts of the name field.

Source: ICAO Doc 9303-3, 4.6 (name field) and section 6 (transliteration). The tables are in `letters.py`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product

from verify.document.check_digit import FILLER
from verify.document.letters import DOUBLING, INITIAL, LETTERS, TEH_MARBUTA

__all__ = ["MAX_ALTERNATIVES", "MrzName", "alternatives", "fold", "parse_name_field"]

MAX_ALTERNATIVES = 64
_OMITTED = frozenset("'’‘ʼʹʺ`´\"")  # apostrophes go without a filler (Doc 9303-3, 4.6)


@dataclass(frozen=True, slots=True)
class MrzName:
    """The two identifiers of a name field.

    Attributes:
        primary: components separated by single spaces; may be empty.
        secondary: likewise.
        split: the column of the field at which the secondary identifier begins; its length when there is none.
        truncated: the last position is used, so the name may be longer than printed (Doc 9303-4, 4.2.3).
    """

    primary: str
    secondary: str
    split: int
    truncated: bool


def parse_name_field(field: str) -> MrzName:
    """Splits a name field at its first double filler."""
    primary, separator, secondary = field.partition(FILLER * 2)
    split = len(primary) + len(separator) if secondary.strip(FILLER) else len(field)
    return MrzName(_spaced(primary), _spaced(secondary), split, bool(field) and field[-1] != FILLER)


def fold(text: str) -> str:
    """A name in the letters of the MRZ: A to Z and single spaces, by the first transliteration of each letter.

    Latin, Cyrillic and Arabic by Doc 9303-3, section 6; letters beyond it by their Unicode base letter. What has no
    Latin letter at all is left out, so the result may be empty: such a name cannot be compared.
    """
    return _spaced("".join(options[0] for _letter, options in _options(text)))


def alternatives(text: str, limit: int = MAX_ALTERNATIVES) -> tuple[str, ...]:
    """All transliterations that Doc 9303-3 allows, `fold(text)` first, at most `limit`.

    One letter is transliterated in one way throughout a name, as one issuer uses one table.
    """
    letters = _options(text)
    choices = {letter: options for letter, options in letters if len(options) > 1}
    spellings = (
        _spaced("".join(chosen.get(letter, options[0]) for letter, options in letters))
        for chosen in (dict(zip(choices, combination, strict=True)) for combination in product(*choices.values()))
    )
    return tuple(islice(dict.fromkeys(islice(spellings, limit * 4)), limit))


def _options(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Each letter with its transliterations; one that differs at the beginning of a component is marked by a sign."""
    letters: list[tuple[str, tuple[str, ...]]] = []
    upper = unicodedata.normalize("NFC", text).upper()
    for index, letter in enumerate(upper):
        if letter == DOUBLING:
            if letters:
                letters.append(letters[-1])
        elif letter == TEH_MARBUTA and not upper[index + 1 : index + 2].isalpha():
            letters.append((f"{letter}$", ("XAH", "XTA")))
        elif letter in INITIAL and not upper[max(0, index - 1) : index].isalpha():
            letters.append((f"^{letter}", LETTERS[letter] + INITIAL[letter]))
        else:
            letters.append((letter, LETTERS.get(letter) or (_base(letter),)))
    return letters


def _base(letter: str) -> str:
    """The base letters of one that the tables lack; a space for whatever separates."""
    if letter in _OMITTED or unicodedata.combining(letter):
        return ""
    decomposed = unicodedata.normalize("NFKD", letter)
    base = "".join(_first(part) for part in decomposed.upper() if not unicodedata.combining(part))
    if base or unicodedata.category(letter)[0] in "LMN":
        return base
    return " "


def _first(part: str) -> str:
    if part in LETTERS:
        return LETTERS[part][0]
    return part if part.isascii() and part.isalpha() else ""


def _spaced(text: str) -> str:
    return " ".join(_words(text))


def _words(text: str) -> Iterator[str]:
    yield from text.replace(FILLER, " ").split()
