"""Codes of issuing states, organizations and nationalities (ICAO Doc 9303-3, section 5; ISO 3166-1 and 3166-3).

The table is `states.csv` beside this module: one code a line. It says how a code is used,
nothing about a state.
"""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from verify.document.check_digit import FILLER

__all__ = ["State", "StateStatus", "codes", "state"]


class StateStatus(StrEnum):
    """How a code is used."""

    CURRENT = "current"
    PERSON = "person"  # no state: a stateless person, a refugee, an unspecified nationality
    WITHDRAWN = "withdrawn"
    SPECIMEN = "specimen"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class State:
    """One code.

    Attributes:
        code: one or three letters.
        name: short English name; empty for an unknown code.
        status: how it is used.
        source: the list it is from.
        until: when ISO 3166-3 withdrew the code; documents issued before may carry it until they expire.
    """

    code: str
    name: str
    status: StateStatus
    source: str = ""
    until: dt.date | None = None


def state(code: str) -> State:
    """Looks a code up, as printed in the MRZ or without its fillers; status UNKNOWN when it is in no list."""
    bare = code.rstrip(FILLER)
    return _table().get(bare) or State(bare, "", StateStatus.UNKNOWN)


def codes() -> tuple[str, ...]:
    """All codes of the table."""
    return tuple(_table())


@cache
def _table() -> dict[str, State]:
    text = files("verify.document").joinpath("states.csv").read_text(encoding="utf-8")
    return {
        row["code"]: State(
            row["code"],
            row["name"],
            StateStatus(row["status"]),
            row["source"],
            dt.date.fromisoformat(row["until"]) if row["until"] else None,
        )
        for row in csv.DictReader(text.splitlines())
    }
