"""Zones of invented holders for property tests: values that a document may carry, and their lines."""

from __future__ import annotations

import datetime as dt
import string

from hypothesis import strategies as st

from verify.document.encode import encode
from verify.document.formats import FORMATS, Format, Kind

LETTERS = string.ascii_uppercase
NUMBERS = string.digits + LETTERS
NAMES = st.lists(st.text(LETTERS, min_size=1, max_size=9), min_size=1, max_size=3).map(" ".join)
DATES = st.dates(dt.date(1930, 1, 1), dt.date(2069, 12, 31))
FORMS = st.sampled_from(sorted(FORMATS)).map(FORMATS.__getitem__)
_VALUES = {
    Kind.CODE: st.just(""),
    Kind.ALPHA: st.text(LETTERS, min_size=1, max_size=3),
    Kind.NAME: NAMES,
    Kind.ALNUM: st.text(NUMBERS, min_size=1, max_size=6),
    Kind.DATE: DATES,
    Kind.SEX: st.sampled_from(["M", "F", ""]),
}


@st.composite
def values(draw: st.DrawFn, form: Format) -> dict[str, str | dt.date]:
    """Values of every field that the format prints; a long document number where it may have one."""
    found: dict[str, str | dt.date] = {}
    for spec in form.fields:
        if spec.name == "name":
            found["primary_identifier"] = draw(NAMES)
            found["secondary_identifier"] = draw(NAMES | st.just(""))
        elif spec.span.end > spec.span.start:
            found[spec.name] = draw(_VALUES[spec.kind])
    beginning = form.begins or form.codes[0]
    found["document_code"] = beginning[:2]
    if form.begins:
        found["issuing_state"] = beginning[2:]
    if form.long_numbers and draw(st.booleans()):
        found["document_number"] = draw(st.text(NUMBERS, min_size=10, max_size=11))
        found["optional_data"] = draw(st.text(NUMBERS, max_size=2))
    return found


@st.composite
def zones(draw: st.DrawFn) -> tuple[Format, tuple[str, ...]]:
    """A format and the lines of an invented document; every check digit verifies."""
    form = draw(FORMS)
    return form, encode(form, draw(values(form)))
