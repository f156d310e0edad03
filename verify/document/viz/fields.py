"""The printed fields of a page held against an MRZ: what agrees, what differs for certain, and what cannot be told.

What the MRZ says is looked for everywhere on the page, since agreement found anywhere is agreement. Only where it is
nowhere is the value taken that stands at the field's label, or a number that is almost the expected one.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from verify.document.viz.certainty import confusable, is_clear, is_sure
from verify.document.viz.dates import dates_in
from verify.document.viz.layout import Sheet
from verify.document.viz.names import printed_name
from verify.document.viz.numbers import printed_number, printed_personal_number
from verify.document.viz.states import printed_state
from verify.document.viz.words import printed_sex
from verify.model.mrz import FieldState, MrzResult
from verify.model.viz import VizField, VizLine, VizState

__all__ = ["compare", "doubtful_lines"]

_DATES = ("birth_date", "expiry_date")
_ONLY_PRINTED = ("issue_date", "valid_from")
_HALF_A_YEAR = re.compile(r"(?<!\d)(?:19|20)$")
_FIRST_MRZ = 1980  # no document with a zone was issued before, so a year of two figures is no earlier one
_TEXTS = ("place_of_birth", "duration_of_stay", "entries")


def compare(lines: Sequence[VizLine], mrz: MrzResult | None) -> tuple[VizField, ...]:
    """The printed fields of one document.

    Args:
        lines: of all its sides.
        mrz: that belongs to it; None tells what is at the labels, and compares nothing.

    Returns:
        One for each field that is printed somewhere or that the MRZ names.
    """
    sheet = Sheet(lines)
    fields = [_judged(field, mrz) for field in (_compared(sheet, mrz) if mrz is not None else _at_labels(sheet))]
    taken = {line for field in fields if field.state is VizState.AGREES for line in field.lines}
    expected = {day for field in fields if field.state is VizState.AGREES for day in field.days}
    fields += [_date(sheet, name, taken, expected) for name in _ONLY_PRINTED]
    fields += [_text(sheet, name) for name in _TEXTS]
    return tuple(fields)


def doubtful_lines(lines: Sequence[VizLine], mrz: MrzResult | None) -> set[int]:
    """Indices of the lines that something depends on and that do not simply say what the MRZ says."""
    fields = compare(lines, mrz)
    doubtful = {line for field in fields if field.state is not VizState.AGREES for line in field.lines}
    return doubtful | {line for field in fields for line in (*field.repeats, *field.unsure)}


def _compared(sheet: Sheet, mrz: MrzResult) -> Iterable[VizField]:
    yield printed_name(sheet, mrz, "primary_identifier")
    yield printed_name(sheet, mrz, "secondary_identifier")
    yield printed_number(sheet, mrz)
    for name in _DATES:
        yield _expected_date(sheet, mrz, name)
    yield printed_sex(sheet, mrz)
    yield printed_state(sheet, mrz, "nationality")
    yield printed_state(sheet, mrz, "issuing_state")
    yield printed_personal_number(sheet, mrz)


def _at_labels(sheet: Sheet) -> Iterable[VizField]:
    """Whatever stands at a label, and every date and number: its MRZ may be on another side."""
    names = ("primary_identifier", "secondary_identifier", "document_number", "sex", "nationality", "issuing_state")
    for name in (*names, *_DATES, "personal_number"):
        found = sheet.labelled(name)[:2]
        if found:
            yield VizField(name, VizState.UNCERTAIN, found[0].text, lines=tuple(value.line for value in found))
    figures = [at for at in sheet.values if sum(one.isdigit() for one in sheet.lines[at].text) >= 4]
    if figures:
        yield VizField("figures", VizState.UNCERTAIN, lines=tuple(figures))


def _judged(field: VizField, mrz: MrzResult | None) -> VizField:
    """A difference is none where the MRZ itself was not surely read there."""
    if field.state is not VizState.DIFFERS or mrz is None:
        return field
    zone = next((one for one in mrz.fields if one.name == field.name), None)
    if zone is None:
        return field
    doubted = any(line == zone.line and zone.start <= column < zone.end for line, column in mrz.doubtful)
    return _in_state(field, VizState.UNCERTAIN) if doubted or zone.state is not FieldState.READ else field


def _in_state(field: VizField, state: VizState) -> VizField:
    return replace(field, state=state, clear=False)


def _expected_date(sheet: Sheet, mrz: MrzResult, name: str) -> VizField:
    zone = mrz.birth_date if name == "birth_date" else mrz.expiry_date
    other = mrz.expiry_date if name == "birth_date" else mrz.birth_date
    wanted = set(zone.candidates)
    if not wanted:
        return VizField(name, VizState.NOT_FOUND)
    expected = zone.candidates[0].isoformat()
    found: list[tuple[int, str, tuple[dt.date, ...]]] = []
    for index, line in enumerate(sheet.lines):
        for date in dates_in(line.text):
            if days := tuple(sorted(wanted & set(date.days))):
                found.append((index, date.text, days))
    others = _other_dates(sheet, name, wanted | set(other.candidates))
    if found:
        index, text, days = found[0]
        again = [at for at, shown in others if _almost(shown, wanted)]
        repeats = tuple(at for at in again if _sure_date(sheet.lines[at]))
        unsure = tuple(at for at in again if at not in repeats)
        at_all = tuple(dict.fromkeys(at for at, *_ in found))
        return VizField(name, VizState.AGREES, text, expected, days, at_all, repeats=repeats, unsure=unsure)
    if not others:
        return VizField(name, VizState.NOT_FOUND, expected=expected)
    index, days = others[0]
    line = sheet.lines[index]
    clear = is_clear([line], of=str.isdigit)
    slip = any(confusable(f"{day:%Y%m%d}", f"{one:%Y%m%d}") for day in days for one in wanted)
    sure = _sure_date(line) and (clear or not slip)
    state = VizState.DIFFERS if sure else VizState.UNCERTAIN
    return VizField(name, state, dates_in(line.text)[0].text, expected, days, (index,), clear)


def _other_dates(sheet: Sheet, name: str, known: set[dt.date]) -> list[tuple[int, tuple[dt.date, ...]]]:
    """Lines with one date at a label of the field that the MRZ does not tell, the nearest first."""
    others = []
    for value in sheet.labelled(name):
        dates = dates_in(value.text)
        nearest = value.gap == 0.0 or sheet.nearest_label(value.line) == name
        if len(dates) == 1 and not known & set(dates[0].days) and nearest:
            others.append((value.line, dates[0].days))
    return others


def _almost(days: Iterable[dt.date], wanted: set[dt.date]) -> bool:
    """Two of year, month and day are those of a wanted day."""
    return any(
        (day.year == one.year) + (day.month == one.month) + (day.day == one.day) == 2 for day in days for one in wanted
    )


def _sure_date(line: VizLine) -> bool:
    """A year of 19 or 20 at the end may be the half of a longer one."""
    return not _HALF_A_YEAR.search(line.text) and is_sure([line], _days_of, of=str.isdigit)


def _days_of(text: str) -> tuple[dt.date, ...] | None:
    return next((date.days for date in dates_in(text)), None)


def _date(sheet: Sheet, name: str, taken: set[int], known: set[dt.date]) -> VizField:
    """A date that only the print tells: at its label, or for the day of issue the one date that is left."""
    for value in sheet.labelled(name):
        dates = [date for date in dates_in(value.text) if not known & set(date.days)]
        if len(dates) == 1 and value.line not in taken and (not value.gap or sheet.nearest_label(value.line) == name):
            line = sheet.lines[value.line]
            state = VizState.READ if _sure_date(line) else VizState.UNCERTAIN
            clear = is_clear([line], of=str.isdigit)
            days = tuple(day for day in dates[0].days if day.year >= _FIRST_MRZ) or dates[0].days
            return VizField(name, state, dates[0].text, "", days, (value.line,), clear)
    return VizField(name, VizState.NOT_FOUND)


def _text(sheet: Sheet, name: str) -> VizField:
    found = next(iter(sheet.labelled(name)), None)
    if found is None:
        return VizField(name, VizState.NOT_FOUND)
    read = is_sure([sheet.lines[found.line]], _folded, of=str.isalnum)
    return VizField(name, VizState.READ if read else VizState.UNCERTAIN, found.text, lines=(found.line,))


def _folded(text: str) -> str | None:
    return "".join(text.upper().split()) or None
