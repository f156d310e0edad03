"""The printed sex against that of the MRZ, in the letters and words of several languages."""

from __future__ import annotations

from verify.document.viz.certainty import is_clear, is_sure
from verify.document.viz.labels import bare
from verify.document.viz.layout import Sheet
from verify.model.mrz import MrzResult
from verify.model.viz import VizField, VizState

__all__ = ["printed_sex"]

_FEMALE = {
    "F",
    "W",
    "K",
    "KVK",
    "Z",
    "ZENA",
    "FEMALE",
    "FEMININ",
    "WEIBLICH",
    "FEMME",
    "FEMENINO",
    "FEMMINILE",
    "N",
    "V",
    "女",
}
_MALE = {"M", "H", "MALE", "MASCULIN", "MAENNLICH", "HOMME", "MASCULINO", "MASCHILE", "KK", "KRL", "E", "MIES", "男"}
_OTHER = {"X", "D", "DIVERS"}
_SEXES = {"F": _FEMALE, "M": _MALE, "<": _OTHER, "X": _OTHER, "": _OTHER}
_ENGLISH = {"F": "F", "M": "M", "X": "<", "FEMALE": "F", "MALE": "M"}
_WOMEN_WITH_M = ("MEX",)  # states that write M for mujer


def printed_sex(sheet: Sheet, mrz: MrzResult) -> VizField:
    """What stands at the label; only F, M and X can differ, as other letters mean one thing here and another there."""
    wanted = mrz.value("sex") or "<"
    values = [value for value in sheet.labelled("sex") if len(value.text) <= 12]
    told = [(value, bare(value.text).split()) for value in values]
    for value, words in told:
        if any(word in _SEXES.get(wanted, set()) for word in words):
            return VizField("sex", VizState.AGREES, value.text, wanted, lines=(value.line,))
    for value, words in told:
        if len(words) != 1 or words[0] not in _ENGLISH:
            continue
        line = sheet.lines[value.line]
        letters = is_sure([line], _last_word, of=str.isalpha)
        clear = is_clear([line], of=str.isalpha)
        differs = letters and clear and mrz.value("issuing_state") not in _WOMEN_WITH_M
        state = VizState.DIFFERS if differs else VizState.UNCERTAIN
        return VizField("sex", state, value.text, wanted, lines=(value.line,), clear=clear)
    if values:
        return VizField("sex", VizState.UNCERTAIN, values[0].text, wanted, lines=(values[0].line,))
    return VizField("sex", VizState.NOT_FOUND, expected=wanted)


def _last_word(text: str) -> str | None:
    return next(reversed(bare(text).split()), None)
