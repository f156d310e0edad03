"""Writing an MRZ: from the values of its fields to the lines of a format, with their check digits.

The other direction of `mrz.parse`, for specimens, for tests and for the training of recognisers. Sources: ICAO Doc
9303-3, 4 (characters, names, dates, check digits), 9303-5 and 9303-6 (long document numbers).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from string import ascii_uppercase, digits

from verify.document.check_digit import FILLER, compute
from verify.document.formats import FieldSpec, Format, Kind
from verify.document.name_field import name_field

__all__ = ["encode"]

_IDENTIFIERS = ("primary_identifier", "secondary_identifier")
_LEGAL = frozenset(ascii_uppercase + digits)
_NUMBER_WIDTH = 9  # of TD1 and TD2, where a longer document number goes on in the optional data


def encode(form: Format, values: Mapping[str, str | dt.date], *, wrong: Collection[str] = ()) -> tuple[str, ...]:
    """Writes the lines of an MRZ.

    Args:
        form: one of `formats.FORMATS`.
        values: by the name of the field; a field that is not named is filled with fillers. Names as printed: they are
            transliterated and truncated. Dates as days, or as six characters where a part is unknown ("7408<<"). In
            all others what cannot stand in an MRZ becomes a filler. A document number that is too long goes on in the
            optional data, where the format has that.
        wrong: names of check digits to print wrong, for specimens; a composite is computed over the line as printed.

    Returns:
        as many lines as the format has, each exactly as long as it says.

    Raises:
        ValueError: a value is too long for its field, or the format has no such field.
    """
    known = {spec.name for spec in form.fields} | (
        {*_IDENTIFIERS} if "name" in {f.name for f in form.fields} else set()
    )
    if unknown := sorted({*values} - known):
        raise ValueError(f"{form.name} has no field {', '.join(unknown)}; it has {', '.join(sorted(known))}")
    texts = {spec.name: _text(spec, values) for spec in form.fields}
    goes_on = _continue_number(form, texts, wrong)
    lines = [FILLER * form.length] * form.count
    for spec in form.fields:
        text, span = texts[spec.name], spec.span
        if len(text) > span.end - span.start:
            raise ValueError(
                f"{text!r} is too long for the {spec.name} of {form.name}: {span.end - span.start} characters"
            )
        _write(lines, span.line, span.start, text.ljust(span.end - span.start, FILLER))
    for check in form.checks:
        covered = "".join(span.of(lines) for span in check.covers)
        elsewhere = goes_on and check.name == "document_number_check_digit"
        if not elsewhere and not (check.when_filled and not covered.strip(FILLER)):
            _write(lines, check.line, check.column, _digit(covered, check.name in wrong))
    return tuple(lines)


def _text(spec: FieldSpec, values: Mapping[str, str | dt.date]) -> str:
    width = spec.span.end - spec.span.start
    if spec.name == "name":
        primary, secondary = (str(values.get(part, "")) for part in _IDENTIFIERS)
        return name_field(primary, secondary, width)
    value = values.get(spec.name, "")
    if isinstance(value, dt.date):
        return f"{value:%y%m%d}"
    if spec.kind is Kind.NAME:
        return name_field(value, "", width)
    return "".join(letter if letter in _LEGAL else FILLER for letter in value.upper())


def _continue_number(form: Format, texts: dict[str, str], wrong: Collection[str]) -> bool:
    """Moves what a document number has too much, with its check digit, to the beginning of the optional data."""
    number = texts["document_number"]
    if not form.long_numbers or len(number) <= _NUMBER_WIDTH:
        return False
    digit = _digit(number, "document_number_check_digit" in wrong)
    rest = f"{number[_NUMBER_WIDTH:]}{digit}{FILLER}{texts['optional_data']}".rstrip(FILLER)
    texts["document_number"], texts["optional_data"] = number[:_NUMBER_WIDTH], rest
    return True


def _digit(covered: str, wrong: bool) -> str:
    return str((int(compute(covered)) + 3 * wrong) % 10)


def _write(lines: list[str], line: int, column: int, text: str) -> None:
    lines[line] = lines[line][:column] + text + lines[line][column + len(text) :]
