"""Names of any script in Latin capitals, so that they can be compared: by ICAO Doc 9303-3, and by ours beyond it.

Doc 9303-3, section 6, covers Latin, Cyrillic and Arabic (`verify.document.names.fold`). Greek follows ELOT 743 (ISO
843, type 2); Hebrew is written by its consonants, as most Hebrew texts are; Armenian and Georgian letter by letter;
Chinese characters by their pinyin, Japanese ones too, which is not how Japanese reads them; the rest by `letter_names`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from verify.document.names import fold
from verify.gallery.heard import heard, heard_arabic
from verify.gallery.letter_names import script, spelled

__all__ = ["Romanised", "romanised"]

_ICAO, _BEYOND = "ICAO 9303-3", "letter names"
_TABLES = {
    "LATIN": _ICAO,
    "CYRILLIC": _ICAO,
    "ARABIC": _ICAO,
    "MODIFIER": _ICAO,
    "GREEK": "ELOT 743",
    "HEBREW": "Hebrew consonants",
    "CJK": "pinyin",
}


def _table(pairs: str) -> dict[int, str]:
    return str.maketrans(dict(pair.split("=") for pair in pairs.upper().split()))


_GREEK = _table("Α=A Β=V Γ=G Δ=D Ε=E Ζ=Z Η=I Θ=TH Ι=I Κ=K Λ=L Μ=M Ν=N Ξ=X Ο=O Π=P Ρ=R Σ=S Τ=T Υ=Y Φ=F Χ=CH Ψ=PS Ω=O")
_GREEK_PAIRS = (
    (re.compile(r"\bΜΠ"), "B"),
    (re.compile("ΟΥ"), "OU"),
    (re.compile("([ΑΕΗ])Υ(?=[ΑΒΓΔΕΖΗΙΛΜΝΟΡΩ])"), r"\1V"),
    (re.compile("([ΑΕΗ])Υ"), r"\1F"),
    (re.compile("Γ(?=[ΓΞΧ])"), "N"),
)
_GREEK_BY_EAR = (
    (re.compile("ΜΠ"), "B"),
    (re.compile("ΝΤ"), "D"),
    (re.compile("Γ[ΚΓ]"), "G"),
    (re.compile("Χ"), "KH"),
)
_HEBREW = _table(
    "א=A ב=B ג=G ד=D ה=H ו=O ז=Z ח=H ט=T י=I ך=K כ=K ל=L ם=M מ=M ן=N נ=N ס=S ע=A ף=P פ=P ץ=TS צ=TS ק=K ר=R ש=SH ת=T"
)
_HEBREW_PAIRS = (
    # a mark like an apostrophe writes the sounds that Hebrew has no letter for
    (re.compile("ג['׳’]"), "J"),
    (re.compile("[צץ]['׳’]"), "CH"),
    (re.compile("ז['׳’]"), "ZH"),
    (re.compile("ת['׳’]"), "TH"),
    (re.compile(r"וו|\bו(?=\w)"), "V"),
    (re.compile("יי"), "AY"),
)
_ARMENIAN_GEORGIAN = _table(
    "Ա=A Բ=B Գ=G Դ=D Ե=E Զ=Z Է=E Ը=Y Թ=T Ժ=ZH Ի=I Լ=L Խ=KH Ծ=TS Կ=K Հ=H Ձ=DZ Ղ=GH Ճ=CH Մ=M Յ=Y Ն=N Շ=SH Ո=O Չ=CH Պ=P "
    "Ջ=J Ռ=R Ս=S Վ=V Տ=T Ր=R Ց=TS Ւ=U Փ=P Ք=K Օ=O Ֆ=F "
    "ა=A ბ=B გ=G დ=D ე=E ვ=V ზ=Z თ=T ი=I კ=K ლ=L მ=M ნ=N ო=O პ=P ჟ=ZH რ=R ს=S ტ=T უ=U ფ=P ქ=K ღ=GH ყ=Q შ=SH ჩ=CH ც=TS "
    "ძ=DZ წ=TS ჭ=CH ხ=KH ჯ=J ჰ=H"
)
_ONE_LIQUID = {"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "LAO"}
# A digit in a name is a letter that was misread; quotation marks go without a space, other signs leave one.
_MISREAD = {"0": "O", "1": "I", "2": "Z", "5": "S", "6": "G", "8": "B"}
_ASCII = {code: " " for code in range(128) if not chr(code).isalnum()} | str.maketrans(
    dict.fromkeys("3479'`\"", "") | _MISREAD
)
_JOINERS = re.compile("[\u200c\u200d]")  # shape letters and say nothing
_DIGITS = str.maketrans(_MISREAD)
# Two to four Chinese or Korean characters without a space are a family name of one and a given name.
_UNSPACED = re.compile(r"\s*([\u4e00-\u9fff가-힣])([\u4e00-\u9fff가-힣]{1,3})\s*")


@dataclass(frozen=True, slots=True)
class Romanised:
    """A name in the letters of the MRZ.

    Attributes:
        text: words of A to Z with single spaces between them; empty when no letter of the name is in any table: such a
            name cannot be compared.
        tables: by which the letters were written, joined by "; ".
        latin: False when the original has letters of another script.
        liquids: False where one letter stands for both L and R: Chinese, Japanese, Korean.
        characters: the Chinese ones of the original.
        heard: the same words by ear (`verify.gallery.heard`).
    """

    text: str
    tables: str
    latin: bool = True
    liquids: bool = True
    characters: str = ""
    heard: str = ""


def romanised(name: str) -> Romanised:
    """Writes a name in the letters of the MRZ; equal names give equal words."""
    if name.isascii():  # as `fold`, without its loop over the letters
        tokens = name.translate(_ASCII).upper().split()
        return Romanised(" ".join(tokens), _ICAO, heard=" ".join(map(heard, tokens)))
    unspaced = _UNSPACED.fullmatch(name)
    words = [_word(word) for word in (unspaced.groups() if unspaced else name.split())]
    return Romanised(
        " ".join(word.text for word in words if word.text),
        "; ".join(dict.fromkeys(one for word in words for one in word.tables.split("; ") if one)) or _ICAO,
        all(word.latin for word in words),
        all(word.liquids for word in words),
        "".join(word.characters for word in words),
        " ".join(word.heard for word in words if word.text),
    )


@lru_cache(maxsize=1 << 17)
def _word(word: str) -> Romanised:
    """The parts of names come again and again."""
    text = unicodedata.normalize("NFC", _JOINERS.sub("", word)).upper().translate(_DIGITS)
    scripts = dict.fromkeys(map(script, text))
    scripts.pop("", None)
    characters = "".join(one for one in text if script(one) == "CJK") if "CJK" in scripts else ""
    by_ear = text
    if "GREEK" in scripts:
        by_ear = _replaced(text, _GREEK_BY_EAR + _GREEK_PAIRS, bare=True).translate(_GREEK)
        text = _replaced(text, _GREEK_PAIRS, bare=True).translate(_GREEK)
    if "HEBREW" in scripts:
        by_ear = text = _replaced(text, _HEBREW_PAIRS, bare=False).translate(_HEBREW)
    if "ARABIC" in scripts:
        by_ear = heard_arabic(by_ear)
    if scripts.keys() - {"LATIN", "CYRILLIC", "ARABIC"}:
        by_ear = spelled(by_ear, by_ear=True).translate(_ARMENIAN_GEORGIAN)
        text = spelled(text).translate(_ARMENIAN_GEORGIAN)
    tables = "; ".join(dict.fromkeys(_TABLES.get(one, _BEYOND) for one in scripts))
    latin, liquids = scripts.keys() <= {"LATIN", "MODIFIER"}, not scripts.keys() & _ONE_LIQUID
    text, by_ear = fold(text), fold(by_ear)
    if text.count(" ") != by_ear.count(" ") or not by_ear:
        by_ear = text
    return Romanised(text, tables, latin, liquids, characters, " ".join(map(heard, by_ear.split())))


def _replaced(text: str, pairs: tuple[tuple[re.Pattern[str], str], ...], *, bare: bool) -> str:
    if bare:
        text = "".join(one for one in unicodedata.normalize("NFD", text) if not unicodedata.combining(one))
    for pattern, letters in pairs:
        text = pattern.sub(letters, text)
    return text
