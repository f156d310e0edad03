"""Whether a reading is vouched for, which of its characters are doubtful, and what its check digits would suggest.

Check digits alone vouch for wrong readings: <, 0, A, K and U are one value to them, 1, L, B and V another, and half of
a TD3 stands under no digit (Doc 9303-3, 4.9). So each character needs a margin over its rivals. A rival that a
verifying digit would have noticed must also beat that digit, which takes an error of one in ten; one that no digit can
see must be beaten on the picture alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from verify.document.check_digit import character_value
from verify.document.decode import Decoded, masks
from verify.document.digits import guards, verifying
from verify.document.formats import FieldSpec, Format
from verify.document.lattice import ALPHABET
from verify.document.states import StateStatus, state
from verify.model.mrz import FieldState, MrzResult, Suggestion

__all__ = ["LEAST_MARGIN", "LEAST_PITCH", "doubtful", "margins", "objections", "suggest"]

LEAST_MARGIN = 1.5  # nats; measured, see docs/decisions/011-mrz-reading.md
LEAST_PITCH = 6.0  # pixels of the page for a character: with fewer, G and S or D and O can be one picture
_NOTICED = float(np.log(10))  # nats against a rival for each verifying digit that it would break
_UNUSUAL = 3.0  # nats: a code that no list has, and a date that is none, must be read that much more surely
_REACH, _MOST_COST, _MOST = 4, 8.0, 3  # rivals of a place, nats of a suggestion, and suggestions
_PAIR_PLACES = 24  # places that two changes are looked for in
_CLASS = np.array([character_value(character) % 10 for character in ALPHABET])
_INDEX = {character: index for index, character in enumerate(ALPHABET)}

_Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Rival:
    line: int
    column: int
    character: str
    cost: float


def margins(read: Decoded) -> tuple[tuple[float, ...], ...]:
    """Of each character, by how many nats it leads its strongest rival, check digits counted where they see it."""
    found = []
    guarded = guards(read.form, read.lines)
    for text, log, legal, seen in zip(read.lines, read.log, masks(read.form), guarded, strict=True):
        at = np.array([_INDEX[character] for character in text])
        own = np.arange(len(ALPHABET))[None] == at[:, None]
        lead = np.take_along_axis(log, at[:, None], 1) - log
        lead = lead + np.where(_CLASS[None] != _CLASS[at][:, None], _NOTICED * np.array(seen)[:, None], 0)
        found.append(tuple(np.where(legal & ~own, lead, np.inf).min(axis=1).round(2).tolist()))
    return tuple(found)


def doubtful(leads: Sequence[Sequence[float]]) -> tuple[tuple[int, int], ...]:
    """Line and column of each character with less than the least margin."""
    places = ((line, column) for line, row in enumerate(leads) for column in range(len(row)))
    return tuple((line, column) for line, column in places if leads[line][column] < LEAST_MARGIN)


def objections(read: Decoded, result: MrzResult, leads: Sequence[Sequence[float]], pitch: float) -> tuple[str, ...]:
    """Why the reading is not vouched for; empty when it is.

    Args:
        read: the decoded lines.
        result: the same, parsed.
        leads: from `margins`.
        pitch: pixels of the page from one character to the next; 0 where it is not known.
    """
    small = [f"a character has only {pitch:.1f} pixels"] if 0 < pitch < LEAST_PITCH else []
    return (*_objections(read, result, leads), *small)


def _objections(read: Decoded, result: MrzResult, leads: Sequence[Sequence[float]]) -> Iterator[str]:
    if not read.all_verify:
        yield "a check digit does not verify"
    if any(one.state is FieldState.UNREADABLE for one in result.fields):
        yield "a field holds a character that may not stand there"
    if read.forced:
        yield "a character was changed to fit the format"
    if few := doubtful(leads):
        yield f"{len(few)} character(s) were read with little margin"
    if read.lines[0][0] not in read.form.codes:
        yield "the document code is of no known kind"
    for name, what in _unusual(result):
        if _least(read.form, leads, name) < LEAST_MARGIN + _UNUSUAL:
            yield what
    if not result.value("primary_identifier"):
        yield "there is no name"


def _unusual(result: MrzResult) -> Iterator[tuple[str, str]]:
    """Fields with a value that genuine documents do not carry: a misreading, unless it was read very surely."""
    for name in ("issuing_state", "nationality"):
        code = result.value(name)
        if code and state(code).status is StateStatus.UNKNOWN:
            yield name, f"{name.replace('_', ' ')} is no known code"
    for name, date in (("birth_date", result.birth_date), ("expiry_date", result.expiry_date)):
        if not date.candidates and not date.partial:
            yield name, f"{name.replace('_', ' ')} is no date"


def _least(form: Format, leads: Sequence[Sequence[float]], name: str) -> float:
    fields: dict[str, FieldSpec] = {field.name: field for field in form.fields}
    span = fields[name].span
    return min(leads[span.line][span.start : span.end], default=np.inf)


def suggest(read: Decoded) -> tuple[Suggestion, ...]:
    """Changes of one or two characters after which every check digit verifies, the likeliest first.

    None when they all verify as read. The odds are those of the changed reading against the one given, by the
    recogniser alone.
    """
    if read.all_verify:
        return ()
    rivals = sorted(_rivals(read), key=lambda rival: rival.cost)
    singles = [(rival,) for rival in rivals]
    pairs = [
        pair
        for pair in combinations(rivals[:_PAIR_PLACES], 2)
        if (pair[0].line, pair[0].column) != (pair[1].line, pair[1].column)
    ]
    found: list[Suggestion] = []
    for changes in sorted([*singles, *pairs], key=lambda changes: sum(rival.cost for rival in changes)):
        cost = sum(rival.cost for rival in changes)
        if cost > _MOST_COST or len(found) == _MOST:
            break
        lines = list(read.lines)
        for rival in changes:
            row = lines[rival.line]
            lines[rival.line] = row[: rival.column] + rival.character + row[rival.column + 1 :]
        if verifying(read.form, lines) == len(read.form.checks):
            changed = tuple((one.line, one.column, read.lines[one.line][one.column], one.character) for one in changes)
            found.append(Suggestion(tuple(lines), changed, round(float(np.exp(-cost)), 4)))
    return tuple(found)


def _rivals(read: Decoded) -> Iterator[_Rival]:
    """The next likeliest allowed characters of the places that check digits depend on."""
    covered = {
        (span.line, column)
        for check in read.form.checks
        for span in check.covers
        for column in range(span.start, span.end)
    } | {(check.line, check.column) for check in read.form.checks}
    for line, column in covered:
        log, own = read.log[line][column], _INDEX[read.lines[line][column]]
        legal = read.form.kinds(line)[column].characters
        for index in np.argsort(-log)[: _REACH + 1]:
            if index != own and ALPHABET[index] in legal and (cost := float(log[own] - log[index])) < _MOST_COST:
                yield _Rival(line, column, ALPHABET[index], max(0.0, cost))
