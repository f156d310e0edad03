"""How alike two names are: their tokens, folded as ICAO Doc 9303-3 (section 6) says, are aligned.

Tolerated: another order of the identifiers, initials, missing second names, a name cut off at the end of an
MRZ, particles that are joined or apart, and slips of single letters. Names of which one is not in Latin
letters are compared by their consonants as well, because romanisations differ mostly in vowels.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import JaroWinkler, Levenshtein

from verify.document.names import fold

__all__ = ["REPRESENTATION", "FoldedName", "folded", "folded_similarity", "name_similarity"]

REPRESENTATION = "ICAO 9303-3"

_INITIAL = 0.75  # an initial that fits: less than a name that is equal
_EXTRA = 0.15  # weight of a letter in a token that the other name lacks
_TRUNCATED = 29  # letters and single spaces: the shortest name field (TD1, Doc 9303-5) has 30 places with "<<"

# Letters that stand for each other when one sound is written in several alphabets.
_SOUNDS = str.maketrans(
    {"P": "B", "C": "K", "Q": "K", "G": "K", "J": "K", "Z": "S", "V": "F", "D": "T"} | dict.fromkeys("AEIOUYHWX")
)


@dataclass(frozen=True, slots=True)
class FoldedName:
    """A name made ready for comparison.

    Attributes:
        text: A to Z and single spaces; empty when nothing of the name could be folded.
        tokens: of the text, in their order.
        sounds: the classes of consonants of the tokens, joined by spaces.
        latin: False when the original has letters of another script.
    """

    text: str
    tokens: tuple[str, ...]
    sounds: str
    latin: bool


@lru_cache(maxsize=1 << 16)
def folded(name: str) -> FoldedName:
    """Folds a name once."""
    text = " ".join(fold(name).split())
    tokens = tuple(text.split())
    sounds = " ".join(_skeleton(token) for token in tokens)
    return FoldedName(text, tokens, sounds, all(_latin(character) for character in name))


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
    if (len(one.tokens), one.text) > (len(other.tokens), other.text):
        one, other = other, one
    joined = Levenshtein.normalized_similarity("".join(one.tokens), "".join(other.tokens))
    return max(_aligned(one, other), joined)


def _aligned(short: FoldedName, long: FoldedName) -> float:
    """The best pairs of tokens first, each token once; a pair weighs as much as it has letters."""
    sounds = not (short.latin and long.latin)
    pairs = sorted(
        (-_token_similarity(a, b, _cut(short, long, a, b), sounds), abs(i - j), i, j)
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
def _token_similarity(one: str, other: str, cut: bool, sounds: bool) -> float:
    if one == other:
        return 1.0
    if min(len(one), len(other)) == 1:
        return _INITIAL if one[0] == other[0] else 0.0
    if cut:
        return 1.0
    plain = (Levenshtein.normalized_similarity(one, other) + JaroWinkler.similarity(one, other)) / 2
    if not sounds:
        return plain
    return (plain + Levenshtein.normalized_similarity(_skeleton(one), _skeleton(other))) / 2


@lru_cache(maxsize=1 << 16)
def _skeleton(token: str) -> str:
    """Classes of consonants without repeats; the token itself when it has none."""
    skeleton = ""
    for letter in token.translate(_SOUNDS):
        if skeleton[-1:] != letter:
            skeleton += letter
    return skeleton or token


def _latin(character: str) -> bool:
    """Latin letters and modifiers (below U+0370, U+1E00 to U+1EFF); what is not a letter is of no script."""
    return character < "\u0370" or "\u1e00" <= character <= "\u1eff" or not character.isalpha()
