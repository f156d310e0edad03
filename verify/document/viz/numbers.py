"""Printed numbers against those of the MRZ: spaces and dashes do not count, nor do letters that look like figures."""

from __future__ import annotations

from collections.abc import Iterator

from rapidfuzz.distance import Levenshtein

from verify.document.viz.certainty import confusable, is_clear, is_sure, same_shape
from verify.document.viz.dates import dates_in
from verify.document.viz.layout import Sheet
from verify.model.mrz import MrzResult
from verify.model.viz import VizField, VizState

__all__ = ["printed_number", "printed_personal_number"]

_LEAST, _MOST = 5, 14  # characters of a number
_ANOTHER = 0.5  # likeness from which a number may be the same in another form
_ALMOST = 2  # characters by which a number without a label may differ and still be meant to be the expected one


def printed_number(sheet: Sheet, mrz: MrzResult) -> VizField:
    """The document number; on a visa also that of the passport, as its MRZ may have either."""
    return _number(sheet, "document_number", "document_number", mrz.value("document_number"), _known(mrz))


def printed_personal_number(sheet: Sheet, mrz: MrzResult) -> VizField:
    """What the optional data repeat of the print, mostly the personal number."""
    optional = "".join(mrz.value("optional_data").split()) or "".join(mrz.value("optional_data_2").split())
    return _number(sheet, "optional_data", "personal_number", optional, _known(mrz))


def _known(mrz: MrzResult) -> tuple[str, ...]:
    names = ("document_number", "optional_data", "optional_data_2")
    return tuple(value for name in names if (value := _characters(mrz.value(name))))


def _number(sheet: Sheet, name: str, label: str, wanted: str, known: tuple[str, ...]) -> VizField:
    wanted = _characters(wanted)
    if len(wanted) < _LEAST or not any(one.isdigit() for one in wanted):
        return VizField(name, VizState.NOT_FOUND, expected=wanted)
    found = tuple(
        index for index, line in enumerate(sheet.lines) if same_shape(wanted) in same_shape(_characters(line.text))
    )
    others = list(_others(sheet, label, wanted, known, found))
    if found:
        again = [(at, text) for at, text in others if _almost(text, wanted)]
        repeats = tuple(at for at, text in again if _tells(sheet, at, text, wanted)[0])
        unsure = tuple(at for at, _text in again if at not in repeats)
        text = sheet.lines[found[0]].text
        return VizField(name, VizState.AGREES, text, wanted, lines=found, repeats=repeats, unsure=unsure)
    if not others:
        return VizField(name, VizState.NOT_FOUND, expected=wanted)
    index, text = others[0]
    sure, clear = _tells(sheet, index, text, wanted)
    sure = sure and not _is_other_form(text, wanted)
    state = VizState.DIFFERS if sure else VizState.UNCERTAIN
    return VizField(name, state, text, wanted, lines=(index,), clear=clear)


def _others(
    sheet: Sheet, label: str, wanted: str, known: tuple[str, ...], found: tuple[int, ...]
) -> Iterator[tuple[int, str]]:
    """Other numbers: almost the expected one anywhere, or at a label of the field."""
    given: set[int] = set(found)
    shown = [(index, text) for index in sheet.values for text in _tokens(sheet.lines[index].text)]
    shown += [(value.line, text) for value in sheet.labelled(label) for text in _tokens(value.text)]
    for index, text in shown:
        if index not in given and _almost(text, wanted) and not _among(text, known):
            given.add(index)
            yield index, text
    for value in sheet.labelled(label):
        near = not value.gap or sheet.nearest_label(value.line) == label
        for text in _tokens(value.text):
            if value.line not in given and near and abs(len(text) - len(wanted)) <= 1 and not _among(text, known):
                given.add(value.line)
                yield value.line, text


def _tells(sheet: Sheet, index: int, text: str, wanted: str) -> tuple[bool, bool]:
    """Whether a line surely holds this other number, and whether every character of it is clear."""
    line = sheet.lines[index]
    clear = is_clear([line], of=str.isalnum)
    sure = is_sure([line], lambda said: text if text in _tokens(said) else None, of=str.isalnum)
    return sure and (clear or not confusable(text, wanted)) and same_shape(text) != same_shape(wanted), clear


def _is_other_form(text: str, wanted: str) -> bool:
    """Whether one is the other with characters before, behind or left out: issuers write one number in two forms."""
    edits = Levenshtein.distance(text, wanted)
    replaced = len(text) == len(wanted) and edits == sum(a != b for a, b in zip(text, wanted, strict=True))
    return not replaced and 1 - edits / max(len(text), len(wanted)) >= _ANOTHER


def _tokens(text: str) -> Iterator[str]:
    """Words with figures in them, and the whole line where spaces part a number."""
    if dates_in(text):
        return
    for word in dict.fromkeys((*text.split(), "".join(text.split()))):
        number = _characters(word)
        if _LEAST <= len(number) <= _MOST and 2 * sum(one.isdigit() for one in number) >= len(number):
            yield number


def _almost(text: str, wanted: str) -> bool:
    if len(text) != len(wanted) or text == wanted:
        return False
    return Levenshtein.distance(text, wanted) <= min(_ALMOST, len(wanted) // 4)


def _among(text: str, known: tuple[str, ...]) -> bool:
    shape = same_shape(text)
    return any(shape in same_shape(one) or same_shape(one) in shape for one in known)


def _characters(text: str) -> str:
    return "".join(one for one in text.upper() if one.isascii() and one.isalnum())
