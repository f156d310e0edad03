"""Printed names against those of the MRZ, in every transliteration that the standard allows (Doc 9303-3, section 6)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from verify.document.names import alternatives, fold
from verify.document.viz.certainty import confusable, is_clear, is_sure
from verify.document.viz.layout import Sheet, Value
from verify.model.mrz import MrzResult
from verify.model.viz import VizField, VizState

__all__ = ["printed_name"]

_ANOTHER, _SLIP = 0.75, 0.85  # likeness below which it is another name, and from which it is probably the same
_LEAST = 2  # letters of a name
_WHOLE = 5  # letters of a name that the beginning of another one does not have by chance
_LONGER = 2  # letters that the print has more, from which it is no slip of reading
_MOST_SPELLINGS = 32


def printed_name(sheet: Sheet, mrz: MrzResult, name: str) -> VizField:
    """One identifier.

    Args:
        sheet: the page.
        mrz: with the identifiers.
        name: "primary_identifier" or "secondary_identifier".
    """
    wanted = mrz.value(name).split()
    if not wanted:
        return VizField(name, VizState.NOT_FOUND)
    expected = " ".join(wanted)
    cut_off = mrz.truncated
    close: list[tuple[float, int]] = []
    for lines, text in _texts(sheet):
        spelled = _spellings(text)
        if any(_contains(words.split(), wanted, cut_off) for words in spelled):
            return VizField(name, VizState.AGREES, text, expected, lines=lines)
        likeness = max((_likeness(words, expected) for words in spelled), default=0.0)
        longer = len(expected) >= _WHOLE and any(words.startswith(expected) for words in spelled)
        if likeness >= _SLIP or longer:
            close.append((likeness, lines[0]))
    if close:
        return _close(sheet, name, expected, max(close)[1])
    for value in sheet.labelled(name):
        if _is_name(value, sheet):
            return _another(sheet, mrz, name, expected, value)
    return VizField(name, VizState.NOT_FOUND, expected=expected)


def _texts(sheet: Sheet) -> Iterator[tuple[tuple[int, ...], str]]:
    """Every line, then every two that stand one below the other: a long name goes on in a second line."""
    lines = sheet.lines
    for index, line in enumerate(lines):
        yield (index,), line.text
    for index in sheet.values:
        for other in sheet.values:
            above, below = lines[index].box, lines[other].box
            high = max(above.height, below.height)
            if 0 < below.top - above.top < 2.2 * high and abs(below.left - above.left) < 1.5 * high:
                yield (index, other), f"{lines[index].text} {lines[other].text}"


@lru_cache(maxsize=1024)
def _spellings(text: str) -> tuple[str, ...]:
    return alternatives(text.replace("-", " "), _MOST_SPELLINGS) + alternatives(text, _MOST_SPELLINGS)


def _contains(words: list[str], wanted: list[str], cut_off: bool) -> bool:
    """Whether the wanted words stand among the words one after the other; cut-off ones as far as they go."""
    for start in range(len(words) - len(wanted) + 1):
        pairs = list(zip(words[start:], wanted, strict=False))
        if all(word == want or (cut_off and word.startswith(want)) for word, want in pairs):
            return True
    joined = "".join(wanted)
    return any("".join(words[at : at + count]) == joined for count in (1, 2, 3) for at in range(len(words) - count + 1))


def _likeness(words: str, expected: str) -> float:
    return float(Levenshtein.normalized_similarity(words.replace(" ", ""), expected.replace(" ", "")))


def _close(sheet: Sheet, name: str, expected: str, index: int) -> VizField:
    """Almost the name: another letter is told only where every look is clear about it, and print alike is not."""
    line = sheet.lines[index]
    printed = fold(line.text)
    clear = is_clear([line], of=str.isalpha)
    substituted = len(printed) == len(expected) and Levenshtein.distance(printed, expected) <= 2 and line.text.isascii()
    sure = is_sure([line], lambda text: fold(text) or None, of=str.isalpha)
    longer = printed.startswith(expected) and len(printed) - len(expected) >= _LONGER
    differs = sure and clear and (longer or (substituted and not confusable(printed, expected)))
    state = VizState.DIFFERS if differs else VizState.UNCERTAIN
    return VizField(name, state, line.text, expected, lines=(index,), clear=clear)


def _is_name(value: Value, sheet: Sheet) -> bool:
    letters = sum(one.isalpha() for one in value.text)
    return letters >= _LEAST and letters >= 0.8 * len(value.text.replace(" ", "")) and bool(fold(value.text))


def _another(sheet: Sheet, mrz: MrzResult, name: str, expected: str, value: Value) -> VizField:
    """What stands at the label instead; the other identifier there is no difference, only another order."""
    line = sheet.lines[value.line]
    spelled = _spellings(value.text)
    whole = f"{mrz.value('primary_identifier')} {mrz.value('secondary_identifier')}".split()
    partly = any(word in whole for words in spelled for word in words.split() if len(word) > 1)
    another = max((_likeness(words, expected) for words in spelled), default=1.0) < _ANOTHER
    at_label = not value.gap or sheet.nearest_label(value.line) == name
    sure = is_sure([line], lambda text: fold(text[value.start :]) or None, of=str.isalpha)
    differs = sure and another and at_label and not partly
    state = VizState.DIFFERS if differs else VizState.UNCERTAIN
    clear = is_clear([line], of=str.isalpha)
    return VizField(name, state, value.text, expected, lines=(value.line,), clear=clear)
