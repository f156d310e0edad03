"""What importers share: names, dates and codes as other formats write them, brought to the way of the table format."""

from __future__ import annotations

import json
import re
from typing import Any

from verify.document.alpha2 import ALPHA_2
from verify.gallery.imports.row import RowError

__all__ = ["JsonObject", "date_of", "day_of", "json_object", "split_name", "state_of", "strings"]

JsonObject = dict[str, Any]
_DATE = re.compile(r"([0-9]{4})(?:([-/]?)([0-9]{2})(?:\2([0-9]{2}))?)?(?:T[0-9:.]+(?:Z|[+-][0-9:]+)?)?")
_MAX_VALUES = 1_000


def json_object(text: str) -> JsonObject:
    """One JSON object.

    Raises:
        RowError: it is none, or nested too deeply.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RowError("not a JSON object") from error
    if not isinstance(value, dict):
        raise RowError("not a JSON object")
    return value


def strings(value: object) -> list[str]:
    """The texts and numbers of a value that is one, a list of them, or nothing; anything else is left out."""
    values = value if isinstance(value, list) else [value]
    kept = [str(one).strip() for one in values[:_MAX_VALUES] if isinstance(one, str | int | float)]
    return [one for one in kept if one]


def date_of(text: str) -> str:
    """YYYY, YYYY/MM, YYYY-MM-DD or YYYYMMDD, also with a time, as YYYY[-MM[-DD]]; another text as it is.

    A month or day of zeros is not known.
    """
    found = _DATE.fullmatch(text.strip())
    if found is None:
        return text
    year, month, day = found[1], found[3], found[4]
    known = [year] + ([month] if month and month != "00" else [])
    return "-".join(known + ([day] if len(known) == 2 and day and day != "00" else []))


def day_of(text: str) -> str:
    """The day of a date; empty when the text has none, so that it does not stand in the way of what was given."""
    date = date_of(text)
    return date if len(date) == 10 else ""


def state_of(code: str) -> str:
    """A code as passports have it: two letters of ISO 3166-1 become three, others stay."""
    return ALPHA_2.get(code.strip().upper(), code.strip().upper())


def split_name(name: str) -> tuple[str, str]:
    """Primary and secondary identifier of a name in one piece: "FAMILY, GIVEN", or the last word is the family name."""
    family, comma, given = name.partition(",")
    if not comma:
        given, _, family = name.rpartition(" ")
    return " ".join(family.split()), " ".join(given.split())
