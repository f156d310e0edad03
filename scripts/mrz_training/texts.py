"""Texts of MRZ lines to train on.

Nearly half are laid out as the lines of ICAO Doc 9303 (parts 4 to 7) and of the French identity card are; the letters
inside the fields are drawn evenly, never from names, and the check digits are not computed. The others are drawn
without any layout, and partly from look-alikes alone. What the network learns is shapes, not a language.
"""

from __future__ import annotations

import numpy as np

__all__ = ["CHARACTERS", "draw_text"]

CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"  # the network's classes 1 to 37; 0 is the blank of CTC
_DIGITS, _LETTERS = CHARACTERS[:10], CHARACTERS[10:36]
_CLASSES = {
    "d": _DIGITS,
    "a": _LETTERS,
    "x": CHARACTERS[:36],
    "s": "MFX<",
    "c": _DIGITS * 3 + "<",
    "f": "<" * 20 + CHARACTERS,
}
# n is the name field, which ends in fillers
_LAYOUTS = (
    "Paaaan" + "n" * 38,  # TD3
    "xxxxxxxxxdaaaddddddcsdddddddffffffffffffffcd",
    "aaaaaxxxxxxxxxcfffffffffffffff",  # TD1
    "ddddddcsddddddcaaafffffffffffd",
    "n" * 30,
    "aaaaan" + "n" * 30,  # TD2
    "xxxxxxxxxcaaaddddddcsddddddcfffffffd",
    "V<aaa" + "n" * 39,  # MRV-A
    "xxxxxxxxxdaaaddddddcsddddddcffffffffffffffff",
    "IDFRAnnnnnnnnnnnnnnnnnnnnnnnnndddddd",  # French identity card
    "ddddddddddddcnnnnnnnnnnnnnnddddddcsd",
)
_ALIKE = (
    "0OQD", "0OCU", "1IL", "1IJT7", "8B3S", "5S6G", "2Z7", "K<X", "KXRH",
    "MWNH", "UVY", "GC6", "4A", "EF", "PRFB", "<L1", "<C",
)  # fmt: skip


def draw_text(rng: np.random.Generator, length: int) -> str:
    """A text of that many characters.

    Args:
        rng: where chance comes from.
        length: at least 1.
    """
    kind = rng.random()
    if kind < 0.45:
        laid_out = _laid_out(rng, _LAYOUTS[rng.integers(len(_LAYOUTS))])
        while len(laid_out) < length:
            laid_out += _laid_out(rng, _LAYOUTS[rng.integers(len(_LAYOUTS))])
        start = int(rng.integers(len(laid_out) - length + 1))
        return laid_out[start : start + length]
    if kind < 0.65:
        return _drawn(rng, CHARACTERS, length)
    if kind < 0.8:
        alike = "".join(_ALIKE[one] for one in rng.integers(len(_ALIKE), size=3))
        return _drawn(rng, alike, length)
    if kind < 0.9:  # the pair that is missed most, among characters that show how high a digit and a letter are
        return _drawn(rng, "0OO00O" + "".join(CHARACTERS[one] for one in rng.integers(37, size=5)) + "D", length)
    return _drawn(rng, (_LETTERS, _DIGITS)[rng.integers(2)] + "<" * 3, length)


def _drawn(rng: np.random.Generator, alphabet: str, length: int) -> str:
    return "".join(alphabet[one] for one in rng.integers(len(alphabet), size=length))


def _laid_out(rng: np.random.Generator, layout: str) -> str:
    return "".join(
        _names(rng, len(part)) if part[0] == "n" else "".join(_drawn(rng, _CLASSES.get(one, one), 1) for one in part)
        for part in _parts(layout)
    )


def _parts(layout: str) -> list[str]:
    parts: list[str] = []
    for one in layout:
        if parts and (one == "n") == (parts[-1][0] == "n"):
            parts[-1] += one
        else:
            parts.append(one)
    return parts


def _names(rng: np.random.Generator, length: int) -> str:
    text = ""
    for _ in range(int(rng.integers(1, 5))):
        text += _drawn(rng, _LETTERS, int(rng.integers(1, 12))) + "<" * int(rng.integers(1, 3))
    return text[:length].ljust(length, "<")
