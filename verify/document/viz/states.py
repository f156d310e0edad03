"""Printed nationality and issuing state against the codes of the MRZ."""

from __future__ import annotations

from functools import cache

from verify.document.states import StateStatus, codes, state
from verify.document.viz.certainty import is_clear, is_sure
from verify.document.viz.labels import bare
from verify.document.viz.layout import Sheet
from verify.model.mrz import MrzResult
from verify.model.viz import VizField, VizState

__all__ = ["printed_state"]

_STEM = 4  # letters that a state's name and the adjective made of it mostly share
_SAME = {"DEU": "D", "BDR": "D"}
_LOCAL = {  # beginnings of the state's own names and adjectives, where English is none of its languages
    "AUT": "OESTERR OSTERR", "BEL": "BELG", "CHE": "SCHWEI SUISS SVIZZ SVIZR", "CHN": "CHIN", "CZE": "CESK",
    "D": "DEUTS ALLEM", "DNK": "DANSK", "ESP": "ESPAN", "EST": "EEST", "FIN": "SUOM", "FRA": "FRANC", "GBR": "BRITI",
    "GRC": "HELLE ELLIN", "HRV": "HRVAT", "HUN": "MAGYA", "ISL": "ISLEN ISLAN ICEL", "ITA": "ITALI", "JPN": "NIPP",
    "LTU": "LIETUV", "LUX": "LUXEM", "LVA": "LATVI", "NLD": "NEDER DUTCH", "NOR": "NORSK NOREG", "POL": "POLSK",
    "PRT": "PORTUG", "ROU": "ROMAN", "RUS": "ROSSI RUSSI", "SRB": "SRPSK SRBIJ", "SVK": "SLOVENSK", "SVN": "SLOVEN",
    "SWE": "SVENSK SVERI SWEDI", "TUR": "TURK", "TWN": "CHINA REPUBLIC",
    "UKR": "UKRA", "USA": "UNITED AMERIC ETATS", "BGR": "BULG BALG",
}  # fmt: skip


def printed_state(sheet: Sheet, mrz: MrzResult, name: str) -> VizField:
    """The nationality or the issuing state at its label.

    Only the code or the English name of another state differs for certain; a word that is not known says nothing.
    """
    wanted = mrz.value(name)
    values = sheet.labelled(name)
    if not wanted:
        return VizField(name, VizState.NOT_FOUND)
    for value in values:
        if any(_means(word, wanted) for word in bare(value.text).split()):
            return VizField(name, VizState.AGREES, value.text, wanted, lines=(value.line,))
    for value in values:
        line = sheet.lines[value.line]
        others = _others(value.text)
        at_label = not value.gap or sheet.nearest_label(value.line) == name
        if len(others) != 1 or not at_label:
            continue
        sure = is_sure([line], lambda text: tuple(_others(text)) or None, of=str.isalpha)
        clear = is_clear([line], of=str.isalpha)
        state_of = VizState.DIFFERS if sure and clear else VizState.UNCERTAIN
        return VizField(name, state_of, value.text, wanted, lines=(value.line,), clear=clear)
    return VizField(name, VizState.NOT_FOUND, expected=wanted)


def _means(word: str, code: str) -> bool:
    """Whether a word is the code, or begins as a name of that state does."""
    if _SAME.get(word, word) == _SAME.get(code, code):
        return True
    name = bare(state(code).name).split()
    stems = [one[: max(_STEM, len(one) - 3)] for one in name[:1] if len(one) >= _STEM] + _LOCAL.get(code, "").split()
    return any(word.startswith(stem[: max(_STEM, len(stem) - 2)]) for stem in stems)


def _others(text: str) -> set[str]:
    """The states that a text names, by code or by their whole English name."""
    words = bare(text).split()
    named = {code for word in words if (code := _known().get(word))}
    whole = _known().get(" ".join(words))
    return named | ({whole} if whole else set())


@cache
def _known() -> dict[str, str]:
    known: dict[str, str] = {}
    for code in codes():
        if state(code).status in (StateStatus.CURRENT, StateStatus.SPECIMEN) and len(code) == 3:
            known |= {code: code, " ".join(bare(state(code).name).split()): code}
    return known
