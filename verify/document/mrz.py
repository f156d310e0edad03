"""Parsing of lines that have a format's exact measures: fields, check digits, dates (ICAO Doc 9303-3 to -7)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from verify.document import dates
from verify.document.check_digit import FILLER, compute
from verify.document.fit import Change, Fitted, fit
from verify.document.formats import CheckSpec, FieldSpec, Format, Kind, Span, detect, long_number
from verify.document.name_field import parse_name_field
from verify.model.mrz import CheckDigit, FieldState, MrzField, MrzResult

__all__ = ["Fitted", "fit", "parse"]


def parse(
    lines: Sequence[str],
    *,
    reference_date: dt.date,
    engine: str,
    raw_lines: Sequence[str] | None = None,
    forced: Sequence[Change] = (),
) -> MrzResult:
    """Parses the lines of an MRZ. Nothing is repaired here (see `fit`): what is illegal makes its field unreadable.

    Args:
        lines: two or three lines, exactly as long as their format says.
        reference_date: the day of inspection, to resolve centuries.
        engine: name and version of the engine that read them.
        raw_lines: as the engine read them; the lines themselves when None.
        forced: (line, column, read, written) of each character that was changed before.

    Raises:
        ValueError: no format has these measures.
    """
    form = detect(lines)
    if form is None:
        raise ValueError(f"no MRZ format has {len(lines)} lines of {[len(line) for line in lines]} characters")
    zone = _Zone(form, tuple(lines), tuple(forced))
    return MrzResult(
        format=form.name,
        lines=zone.lines,
        raw_lines=tuple(lines if raw_lines is None else raw_lines),
        fields=tuple(field for spec in form.fields for field in zone.fields(spec)),
        check_digits=tuple(zone.check_digit(spec) for spec in form.checks),
        birth_date=dates.birth_date(zone.text("birth_date"), reference_date),
        expiry_date=dates.expiry_date(zone.text("expiry_date"), reference_date),
        engine=engine,
        forced=zone.forced,
    )


class _Zone:
    """The lines of one MRZ under one format."""

    def __init__(self, form: Format, lines: tuple[str, ...], forced: tuple[Change, ...]) -> None:
        self.form, self.lines, self.forced = form, lines, forced
        self._specs = {spec.name: spec for spec in form.fields}
        self._long = long_number(lines, form)

    def text(self, name: str) -> str:
        """The characters of a field."""
        return self._specs[name].span.of(self.lines)

    def fields(self, spec: FieldSpec) -> tuple[MrzField, ...]:
        """The field of this specification; two of the name."""
        text = spec.span.of(self.lines)
        if spec.name == "name":
            return self._names(spec, text)
        if self._long is not None:
            number, rest, digit = self._long
            if spec.name == "document_number":
                return (self._field(spec, spec.span, number, rest),)
            if spec.name == "optional_data":
                left = Span(rest.line, min(digit + 2, spec.span.end), spec.span.end)  # a filler ends the number
                return (self._field(spec, left, left.of(self.lines)),)
        return (self._field(spec, spec.span, text),)

    def _names(self, spec: FieldSpec, text: str) -> tuple[MrzField, ...]:
        name, span = parse_name_field(text), spec.span
        middle = span.start + name.split
        return tuple(
            self._made(field, part, value, spec.kind)
            for field, part, value in (
                ("primary_identifier", Span(span.line, span.start, middle), name.primary),
                ("secondary_identifier", Span(span.line, middle, span.end), name.secondary),
            )
        )

    def _field(self, spec: FieldSpec, span: Span, text: str, *more: Span) -> MrzField:
        if spec.kind is Kind.NAME:  # of one identifier
            return self._made(spec.name, span, " ".join(text.replace(FILLER, " ").split()), spec.kind)
        # a filler inside a number or of a partly unknown date says something; the padding does not
        value = text if spec.kind is Kind.DATE and text.strip(FILLER) else text.rstrip(FILLER)
        return self._made(spec.name, span, value, spec.kind, *more)

    def _made(self, name: str, span: Span, value: str, kind: Kind, *more: Span) -> MrzField:
        spans = (span, *more)
        legal = all(character in kind.characters for part in spans for character in part.of(self.lines))
        changed = any(
            line == part.line and part.start <= column < part.end for part in spans for line, column, *_ in self.forced
        )
        state = FieldState.UNREADABLE if not legal else FieldState.FORCED if changed else FieldState.READ
        raw = "".join(self._raw(part) for part in spans)
        return MrzField(name, raw, value if legal else "", state, span.line, span.start, span.end)

    def _raw(self, span: Span) -> str:
        """The characters as read: what was changed is put back."""
        read = {column: was for line, column, was, _now in self.forced if line == span.line and _now}
        return "".join(read.get(column, self.lines[span.line][column]) for column in range(span.start, span.end))

    def check_digit(self, spec: CheckSpec) -> CheckDigit:
        """The check digit of this specification, recomputed (Doc 9303-3, 4.9)."""
        covered, column = "".join(span.of(self.lines) for span in spec.covers), spec.column
        if self._long is not None and spec.name == "document_number_check_digit":
            covered, column = self._long[0], self._long[2]
        printed = self.lines[spec.line][column]
        if not self._computable(spec):
            return CheckDigit(spec.name, printed, "", None, spec.line, column)
        computed = compute(covered)
        empty = spec.when_filled and not covered.strip(FILLER)
        verifies = None if empty and printed == FILLER else printed == computed
        return CheckDigit(spec.name, printed, computed, verifies, spec.line, column)

    def _computable(self, spec: CheckSpec) -> bool:
        """False when a character under the digit, or the digit, is not legal in its place."""
        places = [(span.line, column) for span in spec.covers for column in range(span.start, span.end)]
        return all(
            self.lines[line][column] in self.form.kinds(line)[column].characters
            for line, column in [*places, (spec.line, spec.column)]
        )
