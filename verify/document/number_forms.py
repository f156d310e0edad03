"""How states number their passports, and numbers that are known from specimens; both are tables beside this module.

`number_forms.csv` gives the forms of ordinary passports. They are no standard, change with every series, and a number
of another form means little. `specimens.csv` gives what stands on published specimens: a value without a state is one
that no other document can be expected to carry.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files

__all__ = ["number_form", "specimen_values"]


def number_form(state: str) -> re.Pattern[str] | None:
    """The form of the numbers of a state's passports; None for a state that is not in the table.

    Args:
        state: of three letters.
    """
    return _forms().get(state)


def specimen_values(state: str, field: str) -> frozenset[str]:
    """What published specimens carry in a field, for this state or whatever the state.

    Args:
        state: of three letters.
        field: "document_number", "primary_identifier" or "secondary_identifier".
    """
    table = _specimens()
    return table.get((state, field), frozenset()) | table.get(("", field), frozenset())


@cache
def _forms() -> dict[str, re.Pattern[str]]:
    return {row["state"]: re.compile(row["form"]) for row in _rows("number_forms.csv")}


@cache
def _specimens() -> dict[tuple[str, str], frozenset[str]]:
    found: dict[tuple[str, str], frozenset[str]] = {}
    for row in _rows("specimens.csv"):
        key = row["state"], row["field"]
        found[key] = found.get(key, frozenset()) | {row["value"]}
    return found


def _rows(name: str) -> list[dict[str, str]]:
    text = files("verify.document").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
