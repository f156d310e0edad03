"""What a zone says of the day of issue: nothing by Doc 9303, the month on the French identity card of 1988 to 2021."""

from __future__ import annotations

import datetime as dt

from verify.model.mrz import FieldState, MrzResult

__all__ = ["issue_month"]

_FIRST_YEAR = 1988


def issue_month(mrz: MrzResult, day: dt.date) -> dt.date | None:
    """The first day of the month of issue; None where the format does not print it or it is no month.

    Args:
        mrz: of any format.
        day: of inspection; of the years with these two digits, the last that is not more than a year after it.
    """
    if mrz.format != "FRA-ID" or mrz.field("document_number").state is FieldState.UNREADABLE:
        return None
    text = mrz.value("document_number")[:4]
    if not (text.isdecimal() and 1 <= int(text[2:]) <= 12):
        return None
    year = next(one for one in range(day.year + 1, day.year - 99, -1) if one % 100 == int(text[:2]))
    return dt.date(year, int(text[2:]), 1) if year >= _FIRST_YEAR else None
