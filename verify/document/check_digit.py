"""Check digits of the MRZ (ICAO Doc 9303-3, 4.9).

A digit that verifies tells that the line was read and written consistently, never that the document is genuine: anyone
can compute it, and it is blind to a swap of characters whose values differ by tens (`BLIND_CLASSES`), look-alikes such
as K and a filler, 8 and S, 6 and G, 1 and L among them.
"""

from __future__ import annotations

from itertools import cycle

__all__ = ["BLIND_CLASSES", "FILLER", "character_value", "compute"]

FILLER = "<"
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_VALUES = {character: value for value, character in enumerate(_ALPHABET)} | {FILLER: 0}
_WEIGHTS = (7, 3, 1)  # each has an inverse modulo 10, so the weights make no swap visible or invisible

BLIND_CLASSES = tuple("".join(c for c, value in _VALUES.items() if value % 10 == rest) for rest in range(10))
"""The characters that no check digit tells apart, by their value modulo 10; the filler is in the first class."""


def character_value(character: str) -> int:
    """The value of one character: a digit its own, A to Z 10 to 35, the filler 0.

    Raises:
        ValueError: the character cannot stand in an MRZ.
    """
    try:
        return _VALUES[character]
    except KeyError:
        raise ValueError(f"{character!r} is not a character of the MRZ") from None


def compute(text: str) -> str:
    """The check digit over these characters, as a character.

    Raises:
        ValueError: a character cannot stand in an MRZ.
    """
    return str(sum(character_value(c) * weight for c, weight in zip(text, cycle(_WEIGHTS), strict=False)) % 10)
