"""Names in the letters of the MRZ, and back: the transliteration of ICAO Doc 9303-3, section 6 (tables: `letters.py`).

From the printed name to the MRZ there are as many ways as the standard allows, back as many as letters share a form;
both are listed, the likeliest first. What the name field does with the result is in `name_field.py`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice, product

from verify.document.check_digit import FILLER
from verify.document.letters import ALPHABETS, DOUBLING, LANGUAGES, Table, inverse, table

__all__ = ["MAX_ALTERNATIVES", "alternatives", "fold", "readings"]

MAX_ALTERNATIVES = 64
_OMITTED = frozenset("'’‘ʼʹʺ`´\"")  # apostrophes go without a filler (Doc 9303-3, 4.6)
_VOWELS = frozenset("АЕЁИОУЫЭЮЯІЇЄ")
_LATIN = {"AA": "Å", "AE": "ÄÆ", "IJ": "Ĳ", "NXX": "Ñ", "OE": "ÖØŒ", "SS": "ẞ", "TH": "Þ", "UE": "Ü", "UXX": "Ü"}


def fold(text: str) -> str:
    """A name in the letters of the MRZ: A to Z and single spaces, by the usual transliteration of each letter.

    Latin, Cyrillic and Arabic by Doc 9303-3, section 6; letters beyond it by their Unicode base letter. What has no
    Latin letter at all is left out, so the result may be empty: such a name cannot be compared.
    """
    return _spaced("".join(forms[0] for _letter, forms in _letters(text, table())))


def alternatives(text: str, limit: int = MAX_ALTERNATIVES) -> tuple[str, ...]:
    """All transliterations that Doc 9303-3 allows, `fold(text)` first, at most `limit`.

    One letter is transliterated in one way throughout a name, and all letters by the exceptions of one language that
    has them, as one issuer uses one table.
    """
    cyrillic = {letter for letter in text.upper() if "\u0400" <= letter <= "\u04ff"} - {"Ь"}
    languages = [
        language for language in LANGUAGES if not language or (cyrillic and cyrillic <= {*ALPHABETS[language][1]})
    ]
    spellings = (one for language in languages for one in islice(_spellings(text, table(language)), limit * 4))
    return tuple(islice(dict.fromkeys(spellings), limit))


def readings(name: str, alphabet: str, limit: int = MAX_ALTERNATIVES) -> tuple[str, ...]:
    """What a name of the MRZ may stand for in national letters, the likeliest first, at most `limit`.

    Each one is transliterated to this name again. Letters that are not written in the MRZ (the soft sign, vowel signs)
    do not come back, nor do Latin marks that leave a single letter: of the Latin readings the first has no more than
    what NXX and UXX say.

    Args:
        name: as in the MRZ, its components separated by spaces or fillers.
        alphabet: "lat", "ara", or a Cyrillic one of `letters.ALPHABETS`, such as "ukr".
        limit: of the answer, and of how long is searched for it.

    Raises:
        KeyError: there is no such alphabet.
    """
    latin, arabic = alphabet == "lat", alphabet == "ara"
    rules = table("" if latin or arabic else ALPHABETS[alphabet][0])
    text = _spaced(name.upper())
    found = islice(_read(text, _LATIN if latin else inverse(alphabet), latin=latin, doubling=arabic), limit * 8)
    return tuple(islice(dict.fromkeys(one for one in found if text in _spellings(one, rules)), limit))


def _spellings(text: str, rules: Table) -> Iterator[str]:
    letters = _letters(text, rules)
    choices = {letter: forms for letter, forms in letters if len(forms) > 1}
    for combination in product(*choices.values()):
        chosen = dict(zip(choices, combination, strict=True))
        yield _spaced("".join(chosen.get(letter, forms[0]) for letter, forms in letters))


def _letters(text: str, rules: Table) -> list[tuple[str, tuple[str, ...]]]:
    """Each letter with its forms; one that has others at the ends of a component is marked there by a sign."""
    letters: list[tuple[str, tuple[str, ...]]] = []
    upper = unicodedata.normalize("NFC", text).upper()
    for index, letter in enumerate(upper):
        if letter == DOUBLING:
            letters += letters[-1:]
        elif letter in rules.initial and not upper[max(0, index - 1) : index].isalpha():
            letters.append((f"^{letter}", rules.initial[letter]))
        elif letter in rules.final and not upper[index + 1 : index + 2].isalpha():
            letters.append((f"{letter}$", rules.final[letter]))
        else:
            letters.append((letter, rules.inside.get(letter) or (_base(letter),)))
    return letters


@lru_cache(maxsize=4096)
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
    forms = table().inside.get(part)
    if forms:
        return forms[0]
    return part if part.isascii() and part.isalpha() else ""


def _read(text: str, forms: Mapping[str, Sequence[str]], *, latin: bool, doubling: bool) -> Iterator[str]:
    """Every way to split the text into forms, likelier letters first; what stands in the wrong place comes out too."""
    steps = [_steps(text, at, forms, latin) for at in range(len(text))]
    leads = [*(False for _ in text), True]  # whether the rest from here on can be split at all
    for at in reversed(range(len(text))):
        leads[at] = any(leads[at + len(form)] for form, _letters in steps[at])
    open_ends = [(0, "")] if leads[0] else []
    while open_ends:
        at, done = open_ends.pop()
        if at == len(text):
            yield done
            continue
        following: list[tuple[int, str]] = []
        for form, letters in steps[at]:
            end = at + len(form)
            # SERGEI, IURII: a final I after a vowel is a short one
            short = done[-1:] in _VOWELS and text[end : end + 1] in ("", " ")
            ordered = sorted(letters, key=lambda letter: (letter == "Й") != short)
            if doubling and form != " " and text.startswith(form, end):
                following += [(end + len(form), done + letter + DOUBLING) for letter in ordered]
            following += [(end, done + letter) for letter in ordered]
        following.sort(key=lambda one: one[1].endswith("Ъ"))  # IE is seldom a hard sign
        open_ends += reversed([one for one in following if leads[one[0]]])


def _steps(text: str, at: int, forms: Mapping[str, Sequence[str]], latin: bool) -> list[tuple[str, list[str]]]:
    """The forms that begin here, with their letters: the longest first, but Latin as it is, unless XX follows."""
    initial = at == 0 or text[at - 1] == " "
    steps = []
    for form in (text[at : at + length] for length in (4, 3, 2, 1) if at + length <= len(text)):
        letters = [*forms.get(form, ()), *(forms.get(f"^{form}", ()) if initial else ())]
        if form == " " or (latin and len(form) == 1):
            letters = [form]
        if letters:
            steps.append((form, letters))
    return sorted(steps, key=lambda step: (not step[0].endswith("XX"), len(step[0]))) if latin else steps


def _spaced(text: str) -> str:
    return " ".join(text.replace(FILLER, " ").split())
