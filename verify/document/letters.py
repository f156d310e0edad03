"""Transliteration tables of ICAO Doc 9303-3, section 6, as data: letter = first form, then the other allowed forms.

Only letters whose form is not their Unicode base letter are listed for Latin. The marked rows go beyond the standard.
"""

from __future__ import annotations

__all__ = ["DOUBLING", "INITIAL", "LETTERS", "TEH_MARBUTA"]

_LATIN = """
Ä=AE,A Å=AA,A Æ=AE Ð=D Ñ=N,NXX Ö=OE,O,OXX Ø=OE,O Ü=UE,UXX,U Þ=TH Đ=D Ħ=H Ŀ=L Ł=L Ŋ=N Œ=OE Ŧ=T ẞ=SS ĸ=Q İ=I
"""
# Of each letter the general form comes first; the others are for one language (Belarusian, Serbian, Macedonian,
# Ukrainian, Bulgarian). The printed table gives GJ and C at the code points of two Kazakh letters, where the Macedonian
# and the Serbian letter are meant.
_CYRILLIC = """
А=A Б=B В=V Г=G,H Д=D Е=E Ж=ZH,Z З=Z И=I,Y Й=I К=K Л=L М=M Н=N О=O П=P Р=R С=S Т=T У=U Ф=F Х=KH,H Ц=TS,C Ч=CH,C
Ш=SH,S Щ=SHCH,SHT Ъ=IE Ы=Y Э=E Ю=IU Я=IA Ё=E,IO Ђ=D Ѓ=G,GJ Є=IE Ѕ=DZ І=I Ї=I Ј=J Љ=LJ Њ=NJ Ћ=C Ќ=K,KJ Ў=U Џ=DZ,DJ
Ѫ=U Ѵ=Y Ґ=G Ғ=G
"""
_CYRILLIC_BEYOND = "Ә=A Қ=K Ң=N Ө=O Ү=U Ұ=U Ҳ=H Һ=H Җ=ZH Ҷ=CH"
_ARABIC = """
ء=XE آ=XAA أ=XAE ؤ=U إ=I ئ=XI ا=A ب=B ة=XTA ت=T ث=XTH ج=J ح=XH خ=XKH د=D ذ=XDH ر=R ز=Z س=S ش=XSH ص=XSS ض=XDZ ط=XTT
ظ=XZZ ع=E غ=G ف=F ق=Q ك=K ل=L م=M ن=N ه=H و=W ى=XAY ي=Y ٱ=XXA ٹ=XXT ټ=XRT پ=P ځ=XKE څ=XXH چ=XC ڈ=XXD ډ=XDR ڑ=XXR
ړ=XRR ږ=XRX ژ=XJ ښ=XXS ک=XKK ګ=XXK ڭ=XNG گ=XGG ں=XNN ڼ=XXN ھ=XDO ۀ=XYH ہ=XXG ۂ=XGE ۃ=XTG ی=XYA ۍ=XXY ې=Y ے=XYB
ۓ=XBE
"""
_ARABIC_BEYOND = "ڜ=S ڢ=F ڤ=V ڧ=Q ڨ=Q"

# Ukrainian forms at the beginning of a name's component.
INITIAL: dict[str, tuple[str, ...]] = {
    letter: tuple(forms.split(","))
    for letter, forms in (pair.split("=") for pair in ("Є=YE", "Ї=YI", "Й=Y", "Ю=YU", "Я=YA"))
}
DOUBLING = "\u0651"  # shadda: the letter before is written twice
TEH_MARBUTA = "\u0629"  # XTA, but XAH at the end of a component

LETTERS: dict[str, tuple[str, ...]] = {
    letter: tuple(forms.split(","))
    for letter, forms in (
        pair.split("=")
        for table in (_LATIN, _CYRILLIC, _CYRILLIC_BEYOND, _ARABIC, _ARABIC_BEYOND)
        for pair in table.split()
    )
}
