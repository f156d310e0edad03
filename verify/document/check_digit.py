"""Check digits of the MRZ (ICAO Doc 9303-3, 4.9).

A digit that verifies tells that the line was read and written consistently, never that the document is genuine: anyone
can compute it, and some look-alikes (K for a filler, 8 for S, 6 for G) do not change it.
"""

from __future__ import annotations

from itertools import cycle

__all__ = ["FILLER", "character_value", "compute"]

FILLER = "<"
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_VALUES = {character: value for value, character in enumerate(_ALPHABET)} | {FILLER: 0}
_WEIGHTS = (7, 3, 1)


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
