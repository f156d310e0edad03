"""How alike two names are: their tokens, written as ICAO Doc 9303-3 (section 6) and `romanisation` say, are aligned.

Tolerated: another order of the identifiers, initials, missing second names, a name cut off at the end of an MRZ,
particles that are joined or apart, and slips of single letters. Names of which one is not in Latin letters are
compared by their consonants as well, because romanisations differ mostly in vowels; Chinese ones by their characters
too, because many are read alike. A token that resembles nothing of the other name counts against it in full (a
contradiction), one that the other name lacks hardly (an omission).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import JaroWinkler, Levenshtein

from verify.gallery.romanisation import romanised

__all__ = ["FoldedName", "folded", "folded_similarity", "name_similarity", "representation"]

_INITIAL = 0.75  # an initial that fits: less than a name that is equal
_EXTRA = 0.15  # weight of a letter in a token that the other name lacks
_TRUNCATED = 29  # letters and single spaces: the shortest name field (TD1, Doc 9303-5) has 30 places with "<<"
_ALIKE = 0.5  # below it, two tokens have no more in common than any two

# What a letter may stand for, too, where only one of two names has it: V and W are one in Persian and Chinese, J is a
# sound of its own in each language (Jean, Juan).
_ALSO = (("V", "W"), ("J", "S"), ("J", "H"))

# Letters that stand for each other when one sound is written in several alphabets: Hebrew has one letter for P and F
# and one for B and V, Arabic no P and no V, Korean no F. X is an escape of the Arabic table.
_DIGRAPHS = re.compile("PH|T?S?CH(?=[AEIOUY])|[TD][SZ]|C(?=[EIY])")  # F, and what hisses
_SOUNDS = str.maketrans(
    {"P": "B", "V": "B", "F": "B", "C": "K", "Q": "K", "G": "K", "J": "K", "Z": "S", "D": "T"}
    | dict.fromkeys("AEIOUYHWX")
)


@dataclass(frozen=True, slots=True)
class FoldedName:
    """A name made ready for comparison.

    Attributes:
        text: A to Z and single spaces; empty when nothing of the name could be written so.
        tokens: of the text, in their order.
        heard: the same tokens by ear.
        sounds: the classes of consonants heard, joined by spaces.
        latin: False when the original has letters of another script.
        liquids: False when the original does not tell L from R.
        characters: the Chinese ones of the original.
        tables: by which the letters were written, e.g. "ICAO 9303-3".
    """

    text: str
    tokens: tuple[str, ...]
    heard: tuple[str, ...]
    sounds: str
    latin: bool
    liquids: bool
    characters: str
    tables: str

    @property
    def letters(self) -> str:
        """What a sieve of shared letters looks at: by ear, if not in Latin letters."""
        return self.text if self.latin else " ".join(self.heard)


@lru_cache(maxsize=1 << 16)
def folded(name: str) -> FoldedName:
    """Folds a name once."""
    found = romanised(name)
    tokens, heard = tuple(found.text.split()), tuple(found.heard.split())
    return FoldedName(
        found.text,
        tokens,
        heard,
        " ".join(map(_skeleton, heard)),
        found.latin,
        found.liquids,
        found.characters,
        found.tables,
    )


def name_similarity(one: str, other: str) -> float:
    """How alike two names are, whichever comes first.

    Returns:
        0 to 1; 1 for equal tokens. 0 as well when either has no letter that can be folded: names that cannot
        be compared are never alike.
    """
    return folded_similarity(folded(one), folded(other))


def folded_similarity(one: FoldedName, other: FoldedName) -> float:
    """As `name_similarity`, of names that are folded already."""
    if not one.tokens or not other.tokens:
        return 0.0
    if (len(one.tokens), one.text, one.characters) > (len(other.tokens), other.text, other.characters):
        one, other = other, one
    similarity = max(_aligned(one, other), _joined(one, other))
    if one.characters and other.characters:
        written = Levenshtein.normalized_similarity(one.characters, other.characters)
        return (similarity + written) / 2
    return similarity


def representation(one: FoldedName, other: FoldedName) -> str:
    """In words for a person: by which tables both were written, and what of them was compared."""
    tables = "; ".join(dict.fromkeys((*one.tables.split("; "), *other.tables.split("; "))))
    return tables if one.latin and other.latin else f"{tables}; consonants as well"


def _joined(one: FoldedName, other: FoldedName) -> float:
    """All letters, whatever stands together."""
    a, b = "".join(one.tokens), "".join(other.tokens)
    similarity = Levenshtein.normalized_similarity(a, b)
    if len(one.tokens) == len(other.tokens) or (one.latin and other.latin):
        return similarity
    liquids = one.liquids and other.liquids
    return max(similarity, _heard_similarity(a, b, "".join(one.heard), "".join(other.heard), liquids))


def _aligned(short: FoldedName, long: FoldedName) -> float:
    """The best pairs of tokens first, each token once; a pair weighs as much as it has letters."""
    latin, liquids = short.latin and long.latin, short.liquids and long.liquids
    pairs = sorted(
        (
            -_token_similarity(a, b, _cut(short, long, a, b))
            if latin
            else -_heard_similarity(a, b, short.heard[i], long.heard[j], liquids),
            abs(i - j),
            i,
            j,
        )
        for i, a in enumerate(short.tokens)
        for j, b in enumerate(long.tokens)
    )
    free, left = set(range(len(short.tokens))), set(range(len(long.tokens)))
    total = weights = 0.0
    for cost, _, i, j in pairs:
        if i in free and j in left:
            free.remove(i)
            left.remove(j)
            weight = len(short.tokens[i]) + len(long.tokens[j])
            total -= cost * weight
            weights += weight
    # a single name against several is not a name with a second one missing
    extra = 1.0 if len(short.tokens) == 1 else _EXTRA
    return total / (weights + 2 * extra * sum(len(long.tokens[j]) for j in left))


def _cut(short: FoldedName, long: FoldedName, a: str, b: str) -> bool:
    """True when one token begins the other and its name is so long that an MRZ may have cut it off."""
    return (len(short.text) >= _TRUNCATED and b.startswith(a)) or (len(long.text) >= _TRUNCATED and a.startswith(b))


@lru_cache(maxsize=1 << 17)
def _token_similarity(one: str, other: str, cut: bool) -> float:
    """Of two tokens in Latin letters."""
    if one == other:
        return 1.0
    if min(len(one), len(other)) == 1:
        return _INITIAL if one[0] == other[0] else 0.0
    if cut:
        return 1.0
    similarity = _by_letter(one, other)
    return similarity if similarity >= _ALIKE else 0.0


@lru_cache(maxsize=1 << 17)
def _heard_similarity(one: str, other: str, one_heard: str, other_heard: str, liquids: bool) -> float:
    """Of two tokens of which at least one was in other letters."""
    if one == other:
        return 1.0
    if min(len(one), len(other)) == 1:
        return _INITIAL if one[0] == other[0] else 0.0
    if not liquids:
        one, other, one_heard, other_heard = (word.replace("R", "L") for word in (one, other, one_heard, other_heard))
    letters = max(_by_letter(one, other), _by_letter(one_heard, other_heard))
    similarity = (letters + _by_sound(one_heard, other_heard)) / 2
    return similarity if similarity >= _ALIKE else 0.0


def _by_letter(one: str, other: str) -> float:
    return (Levenshtein.normalized_similarity(one, other) + JaroWinkler.similarity(one, other)) / 2


def _by_sound(one: str, other: str) -> float:
    best = Levenshtein.normalized_similarity(_skeleton(one), _skeleton(other))
    for letter, sound in _ALSO:
        if best < 1.0 and (letter in one) != (letter in other):
            mine, theirs = _skeleton(one.replace(letter, sound)), _skeleton(other.replace(letter, sound))
            best = max(best, Levenshtein.normalized_similarity(mine, theirs))
    return best


@lru_cache(maxsize=1 << 16)
def _skeleton(token: str) -> str:
    """Classes of consonants without repeats; the token itself when it has none."""
    skeleton = ""
    for letter in _DIGRAPHS.sub(_one_letter, token).translate(_SOUNDS):
        if skeleton[-1:] != letter:
            skeleton += letter
    return skeleton or token


def _one_letter(found: re.Match[str]) -> str:
    return "F" if found[0] == "PH" else "S"
