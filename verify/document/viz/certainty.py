"""When a reading of the print may contradict the MRZ: every look says the same, and every character leads by far.

Recognisers are mostly right and now and then sure of something wrong. So one look is never enough, and where a single
character differs from what is expected by a pair that print and wear make alike, the lead has to be large.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from rapidfuzz.distance import Levenshtein

from verify.model.viz import VizLine, VizLook

__all__ = ["confusable", "is_clear", "is_sure", "same_shape"]

_SURE, _CLEAR = 1.5, 4.0  # nats: the least lead of any character, and of those in question
_LOOKS = 2
_ALIKE = ("0OQDCU", "1ILJT7", "2Z", "3B8", "5S6", "68GB", "4A", "VUY", "MNHW", "EFB", "PRF", "CG", "KX", "39", "17")
_SHAPES = str.maketrans("OQDIL", "00011")


def is_sure(lines: Sequence[VizLine], value: Callable[[str], Hashable], *, of: Callable[[str], bool]) -> bool:
    """Whether every look gives the same value, with a lead for each character of it.

    Args:
        lines: that were read.
        value: what a text says; None when it does not say it.
        of: which characters count.
    """
    for line in lines:
        said = {value(look.text) for look in line.looks}
        if len(line.looks) < _LOOKS or len(said) != 1 or None in said or _least(line.looks, of) < _SURE:
            return False
    return bool(lines)


def is_clear(lines: Sequence[VizLine], *, of: Callable[[str], bool]) -> bool:
    """Whether every character that counts leads by far in every look."""
    return bool(lines) and all(_least(line.looks, of) >= _CLEAR for line in lines)


def confusable(read: str, expected: str) -> bool:
    """Whether two texts differ by so little that a slip of reading explains it: one character, alike in print."""
    if Levenshtein.distance(read, expected) != 1:
        return False
    if len(read) != len(expected):
        return True  # a character more or less: two that were taken for one
    pair = next({one, other} for one, other in zip(read, expected, strict=True) if one != other)
    return any(pair <= set(alike) for alike in _ALIKE)


def same_shape(text: str) -> str:
    """Letters and figures that many fonts print alike made one: O and 0, I, L and 1."""
    return text.translate(_SHAPES)


def _least(looks: Sequence[VizLook], of: Callable[[str], bool]) -> float:
    leads = (lead for look in looks for letter, lead in zip(look.text, look.margins, strict=True) if of(letter))
    return min(leads, default=0.0)
