"""From the noisy text of a strip to lines that have a format's exact measures.

What is changed is listed, character by character, and only two things are ever changed: a character that may not stand
where it was read, into the well-known look-alike that may (ICAO Doc 9303-3, 4.3 gives the classes); and what was read
for fillers: at the end of a name or of optional data, and in the length of a run. Nothing else is touched, whatever the
check digits say: a wrong check digit that is truly printed must stay visible.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product

from verify.document.check_digit import FILLER
from verify.document.digits import verifying
from verify.document.formats import FORMATS, FieldSpec, Format, Kind, detect

__all__ = ["Change", "Fitted", "fit"]

Change = tuple[int, int, str, str]  # line, column, read, written

_TO_DIGIT = dict(zip("OQDILZSGB", "000112568", strict=True))
_TO_LETTER = dict(zip("012568", "OIZSGB", strict=True))
_TO_FILLER = dict.fromkeys("KC", FILLER)
_LIKE_FILLER = "KCSELXZ"
_SIGNS = str.maketrans(dict.fromkeys("«‹({[", FILLER))
_MAX_OFF = 6  # characters that a line may be too long or too short
_COST_FORCED, _COST_FILLER, _COST_LENGTH, _COST_ILLEGAL, _COST_GRAMMAR = 1.0, 0.2, 0.5, 3.0, 2.0


@dataclass(frozen=True, slots=True)
class Fitted:
    """One way to understand the text of a strip.

    Attributes:
        form: the format.
        lines: exactly as long as it says.
        raw_lines: the text lines it was made of, as the engine read them.
        forced: what was changed; `read` or `written` is empty where a filler was put in or taken out.
        cost: how far the text is from the format's grammar; 0 fits as read.
        verifying: number of check digits that verify or are not demanded.
    """

    form: Format
    lines: tuple[str, ...]
    raw_lines: tuple[str, ...]
    forced: tuple[Change, ...]
    cost: float
    verifying: int


def fit(text_lines: Sequence[str]) -> list[Fitted]:
    """All ways to understand these text lines as one MRZ, the best first: least cost, then most verifying digits."""
    rows = [line for line in text_lines if len(line.strip()) >= min(f.length for f in FORMATS.values()) - _MAX_OFF]
    found = [
        one
        for count, length in sorted({(form.count, form.length) for form in FORMATS.values()})
        for start in range(len(rows) - count + 1)
        for one in _fit_rows(rows[start : start + count], length)
    ]
    return sorted(found, key=lambda one: (one.cost, -one.verifying))


def _fit_rows(rows: Sequence[str], length: int) -> Iterator[Fitted]:
    sized = [list(islice(_sized(row, length, number), 6)) for number, row in enumerate(rows)]
    for choice in product(*sized):
        lines = [line for line, _changes in choice]
        form = detect(lines)
        if form is not None:
            yield _repaired(form, lines, tuple(rows), [change for _line, changes in choice for change in changes])


def _sized(row: str, length: int, number: int) -> Iterator[tuple[str, tuple[Change, ...]]]:
    """The row at the wanted length: as it is, or with one run of fillers made longer or shorter."""
    for text in dict.fromkeys(("".join(row.split()), row.strip().replace(" ", FILLER))):
        line = text.upper().translate(_SIGNS)
        missing = length - len(line)
        if missing == 0:
            yield line, tuple((number, at, a, b) for at, (a, b) in enumerate(zip(text, line, strict=True)) if a != b)
        elif abs(missing) <= _MAX_OFF:
            for run in sorted(re.finditer("<{2,}", line), key=lambda run: run.start() - run.end()):
                if run.end() - run.start() + missing >= 1:
                    yield _resized(line, run.end(), missing, number)


def _resized(line: str, end: int, missing: int, number: int) -> tuple[str, tuple[Change, ...]]:
    if missing > 0:
        changes = tuple((number, end + offset, "", FILLER) for offset in range(missing))
        return line[:end] + FILLER * missing + line[end:], changes
    return line[: end + missing] + line[end:], tuple((number, end + missing - 1, FILLER, "") for _ in range(-missing))


def _repaired(form: Format, lines: list[str], rows: tuple[str, ...], changes: list[Change]) -> Fitted:
    cost = _COST_LENGTH * len(changes) + (_COST_GRAMMAR if lines[0][0] not in form.codes else 0)
    for field in form.fields:
        span = field.span
        text = span.of(lines)
        written = _tail_restored(text) if field.kind is Kind.NAME or field.name.startswith("optional") else text
        forced = "".join(_legal(character, field.kind) for character in written)
        if all(character in field.kind.characters for character in forced):
            written = forced
        elif field.kind is not Kind.NAME:
            written = text  # one character beyond repair makes the whole field unreadable: none is then replaced
        cost += _field_cost(field, text, written)
        changes += _changes(span.line, span.start, text, written)
        lines[span.line] = lines[span.line][: span.start] + written + lines[span.line][span.end :]
    for line in range(form.count):
        for column, kind in enumerate(form.kinds(line)):
            if kind in (Kind.CHECK, Kind.CHECK_OR_FILLER):
                read = lines[line][column]
                written = _legal(read, kind)
                cost += 0 if written in kind.characters else _COST_ILLEGAL
                cost += _COST_FORCED * (written != read)
                changes += _changes(line, column, read, written)
                lines[line] = lines[line][:column] + written + lines[line][column + 1 :]
    return Fitted(form, tuple(lines), rows, tuple(sorted(changes)), cost, verifying(form, lines))


def _legal(character: str, kind: Kind) -> str:
    """The character, or its look-alike that is legal for this class; unchanged when there is none."""
    if character in kind.characters:
        return character
    table = {
        Kind.DATE: _TO_DIGIT,
        Kind.CHECK: _TO_DIGIT,
        Kind.CHECK_OR_FILLER: _TO_DIGIT | _TO_FILLER,
        Kind.SEX: _TO_FILLER,
    }.get(kind, _TO_LETTER)
    return table.get(character, character)


def _tail_restored(text: str) -> str:
    """Fillers put back where look-alikes were read for them, at the end of a name or of optional data.

    Nothing but fillers may follow the double filler after the second part; without one, a tail of look-alikes that
    repeats itself at least three times is one (no name ends so).
    """
    parts = [match.start() for match in re.finditer("<{2,}[^<]", text)]
    second_end = text.find(FILLER * 2, parts[0] + 3) if parts else text.find(FILLER * 2)
    if second_end >= 0 and re.fullmatch(f"[<{_LIKE_FILLER}]*", text[second_end:]):
        return text[:second_end] + FILLER * (len(text) - second_end)
    tail = re.search(rf"([{_LIKE_FILLER}])\1\1[<{_LIKE_FILLER}]*$", text)
    return text if tail is None else text[: tail.start()] + FILLER * (len(text) - tail.start())


def _field_cost(field: FieldSpec, text: str, written: str) -> float:
    illegal = sum(character not in field.kind.characters for character in written)
    filled = sum(a != b == FILLER for a, b in zip(text, written, strict=True))
    forced = sum(a != b != FILLER for a, b in zip(text, written, strict=True))
    broken = field.kind is Kind.NAME and re.search("<{3,}[^<]|^<*$", written) is not None
    return illegal * _COST_ILLEGAL + filled * _COST_FILLER + forced * _COST_FORCED + broken * _COST_GRAMMAR


def _changes(line: int, column: int, read: str, written: str) -> list[Change]:
    return [(line, column + at, a, b) for at, (a, b) in enumerate(zip(read, written, strict=True)) if a != b]
