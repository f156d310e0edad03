"""The name field of the MRZ: read into its two identifiers, written from a printed name, and compared with one.

Sources: ICAO Doc 9303-3, 4.6; truncation: 9303-4, 4.2.3 and likewise in parts 5, 6 and 7. The standard says what a
truncated field must look like (every component of the primary identifier begins it, at least one letter of the
secondary identifier is in it, the last place holds a letter) and leaves to the issuer where the letters go.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from verify.document.check_digit import FILLER
from verify.document.names import alternatives, fold

__all__ = ["MrzName", "may_print", "name_field", "parse_name_field"]


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


def name_field(primary: str, secondary: str, length: int) -> str:
    """Writes a printed name into a field of this length, truncated where it must be.

    Each component keeps its first letter, and the room that is left goes to the components in their order. Where not
    even the first letters fit, the last components of the secondary identifier are left out, then of the primary.
    """
    first, second = fold(primary).split(), fold(secondary).split()
    while _written(first, second, 1) > length:
        (second if len(second) > 1 or not first[1:] else first).pop()
    room = length - _written(first, second, 1)
    kept: list[str] = []
    for word in (*first, *second):
        kept.append(word[: 1 + room])
        room -= len(kept[-1]) - 1
    return _joined(kept[: len(first)], kept[len(first) :]).ljust(length, FILLER)


def may_print(field: str, primary: str, secondary: str) -> bool:
    """True when Doc 9303 allows this name field for this printed name: any transliteration, any truncation."""
    name = parse_name_field(field)
    first, second = name.primary.split(), name.secondary.split()
    if _joined(first, second).ljust(len(field), FILLER) != field:
        return False
    return _any_begins(first, primary, name.truncated) and _any_begins(second, secondary, name.truncated)


def _any_begins(kept: Sequence[str], printed: str, truncated: bool) -> bool:
    return any(_begins(kept, one.split(), truncated) for one in alternatives(printed))


def _begins(kept: Sequence[str], words: Sequence[str], truncated: bool) -> bool:
    if not truncated:
        return list(kept) == list(words)
    begun = all(word.startswith(part) for word, part in zip(words, kept, strict=False))
    return begun and bool(kept) == bool(words) and len(kept) <= len(words)


def _written(first: Sequence[str], second: Sequence[str], most: int) -> int:
    """The length of the field when each component has at most so many letters."""
    return len(_joined([word[:most] for word in first], [word[:most] for word in second]))


def _joined(first: Sequence[str], second: Sequence[str]) -> str:
    return FILLER.join(first) + (FILLER * 2 + FILLER.join(second) if second else "")


def _spaced(text: str) -> str:
    return " ".join(text.replace(FILLER, " ").split())
