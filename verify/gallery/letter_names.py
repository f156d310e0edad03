"""Scripts that need no table, because the Unicode standard names their characters by the sound: U+AE40 is GIM.

Korean syllables, hiragana and katakana, the Indic scripts and their relatives, Thai and Lao, Ethiopic. What is wanted
are consonants and rough vowels for a comparison by sound, no romanisation for print.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from verify.gallery.han import pinyin
from verify.gallery.heard import heard_han, heard_hangul, heard_kana

__all__ = ["script", "spelled"]

_NAME = re.compile(
    r"(?P<script>[A-Z]+) (?:(?P<vowel>VOWEL )?(?P<sign>SIGN )|(?:LETTER|SYLLABLE|CHARACTER) (?P<small>SMALL )?)"
    r"(?P<sound>[A-Z]+)(?: (?P<rest>[A-Z ]+))?"
)
_KANA = {"SI": "SHI", "TI": "CHI", "TU": "TSU", "HU": "FU", "ZI": "JI", "DI": "JI", "DU": "ZU"}  # Hepburn
_SIGNS = {"ANUSVARA": "N", "CANDRABINDU": "N", "BINDI": "N", "TIPPI": "N", "NIKAHIT": "N", "VISARGA": "H"}
_NO_VOWEL = ("VIRAMA", "COENG", "ASAT")
_THAI = ("THAI", "LAO")
_SYLLABIC = ("HANGUL", "HIRAGANA", "KATAKANA", "ETHIOPIC")
_INDIC = (
    "DEVANAGARI",
    "BENGALI",
    "GURMUKHI",
    "GUJARATI",
    "ORIYA",
    "TAMIL",
    "TELUGU",
    "KANNADA",
    "MALAYALAM",
    "SINHALA",
)
_NAMED = {*_SYLLABIC, *_INDIC, *_THAI, "KHMER", "MYANMAR"}  # elsewhere the name is not the sound: Phoenician A is ALF
_AS_SPOKEN = (
    # Thai and Lao write some vowels before the consonant that they follow
    (re.compile("([\u0e40-\u0e44\u0ec0-\u0ec4])([\u0e01-\u0e2e\u0e81-\u0eae])"), r"\2\1"),
    # in Malayalam, a double RR is a double T, and one after N a single one
    (re.compile("\u0d31\u0d4d\u0d31|(?<=\u0d28\u0d4d)\u0d31"), "\u0d1f"),
)
# In these scripts the last letter of a word is spoken without the vowel that belongs to it.
_BARE = re.compile("(DEVANAGARI|BENGALI|GURMUKHI|GUJARATI|ORIYA|KHMER|MYANMAR) LETTER (?!A|E|I|O|U|Q|VOCALIC)")
_TWICE = re.compile(r"(.)\1")


@lru_cache(maxsize=1 << 14)
def script(character: str) -> str:
    """The first word of the character's name, e.g. "LATIN" or "CJK"; empty for what is not a letter."""
    return unicodedata.name(character, "").partition(" ")[0] if character.isalpha() else ""


def spelled(text: str, *, by_ear: bool = False) -> str:
    """The text with these characters, and Chinese ones, in Latin capitals; every other character stays as it is.

    Args:
        text: one word.
        by_ear: as the sounds of a foreign name for which Chinese characters, Korean syllables and kana stand.
    """
    for pattern, order in _AS_SPOKEN:
        text = pattern.sub(order, text)
    done: list[str] = []
    for character in text:
        if character < "\u0900":
            done.append(character)
        elif reading := pinyin(character):
            done.append(heard_han(character, reading) if by_ear else reading)
        else:
            sound = _sound(character, done)
            if sound:  # a sign that adds none leaves the letter before it the last
                done.append(heard_hangul(sound) if by_ear and _is_hangul(character) else sound)
    if by_ear and done and _BARE.match(unicodedata.name(text[-1], "")):
        done[-1] = done[-1].rstrip("AO")
    joined = "".join(done)
    if by_ear and any("\u3040" <= character <= "\u30ff" for character in text):
        return heard_kana(joined)
    return joined.replace("LR", "L") if by_ear and _is_hangul(text[:1]) else joined


def _is_hangul(character: str) -> bool:
    return "\uac00" <= character <= "\ud7a3"


def _sound(character: str, before: list[str]) -> str:
    """What a character adds; one that changes the sound before it does so there."""
    found = _NAME.match(unicodedata.name(character, ""))
    if found is None or found["script"] not in _NAMED:
        return character
    sound, last = found["sound"], before[-1] if before else ""
    if found["script"] in ("HIRAGANA", "KATAKANA"):
        return _kana(sound, bool(found["small"]), before, last)
    if found["script"] == "HANGUL":
        return sound
    if found["script"] in _THAI:
        return _thai(found, before)
    if sound == "CHILLU":  # a letter of Malayalam without a vowel
        return _short(found["rest"] or "", None)
    if found["script"] == "SINHALA":  # ALPAPRAANA KAYANNA is a KA; its vowel signs are named for their shape
        return "" if found["sign"] else (found["rest"] or sound).rpartition(" ")[2].removesuffix("YANNA")
    if found["vowel"] or (found["sign"] and sound in _NO_VOWEL):
        if before and last.endswith(("A", "O") if found["script"] == "KHMER" else "A"):
            before[-1] = last[:-1]
        return _short(sound, found["rest"]) if found["vowel"] else ""
    return _SIGNS.get(sound, "") if found["sign"] else _short(sound, found["rest"])


def _kana(sound: str, small: bool, before: list[str], last: str) -> str:
    if not small:
        return _KANA.get(sound, sound)
    if sound[:1] == "Y" and last.endswith("I"):  # KI and a small YA are KYA, SHI and a small YA are SHA
        before[-1] = last[:-1]
        return sound[1:] if last in ("SHI", "CHI", "JI") else sound
    if sound in "AIUEO" and last[-1:] in tuple("AIUEO"):  # FU and a small A are FA, U and a small I are WI
        before[-1] = "W" if last == "U" else last[:-1]
        return sound
    return ""  # a small TU doubles the next consonant


def _thai(found: re.Match[str], before: list[str]) -> str:
    sound, rest = found["sound"], found["rest"] or ""
    if sound == "THANTHAKHAT" and before:  # the letter before is silent
        before.pop()
        return ""
    if sound == "MAI":  # a vowel above; other signs of this name are tones
        return "A" if rest.startswith(("HAN", "KAN")) else "O" if rest.startswith("KON") else ""
    if found["vowel"] or sound == "SARA":
        if before and before[-1] == "O":  # a letter that only carries the vowel
            before[-1] = ""
        return _TWICE.sub(r"\1", rest.partition(" ")[0] or sound)
    if found["sign"] or sound in ("PHINTHU", "LAKKHANGYAO", "PAIYANNOI", "MAITAIKHU", "MAIYAMOK"):
        return ""
    return {"O": "O", "CO": "CH", "NYO": "Y"}.get(sound, sound.removesuffix("O"))


def _short(sound: str, rest: str | None) -> str:
    """Without the doubling that marks retroflex consonants and long vowels."""
    return (
        "RI"
        if sound == "VOCALIC"
        else _TWICE.sub(r"\1", (rest or "") if sound in ("CANDRA", "GLOTTAL", "PHARYNGEAL", "TALL") else sound)
    )
