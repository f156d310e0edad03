"""The PDF417 of North American licences and identity cards (AAMVA DL/ID Card Design Standard, annex D).

Subfiles of elements: three characters of identifier, then the value, each on a line. What is malformed is told and the
rest still read: nothing signs it, so it is only ever compared.
"""

from __future__ import annotations

import datetime as dt
import re

from verify.model.seal import LicenceReading

__all__ = ["read_licence"]

_HEADER = re.compile(rb"@\n[\x1c\x1e]\r(?:ANSI |AAMVA)(?P<issuer>\d{6})(?P<version>\d{2})(?P<rest>\d{2,4})", re.S)
_START = (b"ANSI ", b"AAMVA")
_ELEMENT = re.compile(r"^(?:DL|ID)?(D[A-D][A-Z])(.*)$")
_MAX_BYTES = 4096
_DATES = {"DBB": "birth date", "DBD": "issue date", "DBA": "expiry date"}
_SEX = {"1": "M", "2": "F", "9": "X", "M": "M", "F": "F", "X": "X"}
_STATES = {"USA": "USA", "CAN": "CAN"}


def read_licence(data: bytes) -> LicenceReading | None:
    """Reads a licence's barcode; None when the content is none. It never raises on what is malformed."""
    if len(data) > _MAX_BYTES or not any(start in data[:32] for start in _START):
        return None
    irregular = []
    header = _HEADER.match(data)
    if header is None:
        irregular.append("its header is not as the standard says")
    text = data.decode("latin-1")
    values = _elements(text[header.end() :] if header else text)
    version = int(header["version"]) if header else 0
    state = _STATES.get(values.get("DCG", "").upper(), "")
    days = {}
    for identifier, name in _DATES.items():
        given = values.get(identifier, "")
        days[identifier] = _day(given, year_first=state == "CAN" or version == 1)
        if given and days[identifier] is None:
            irregular.append(f"its {name} is no day")
    primary, secondary = _names(values)
    if not values.get("DAQ") or not primary:
        irregular.append("it has no number or no name")
    return LicenceReading(
        version=version,
        issuer=header["issuer"].decode() if header else "",
        primary_identifier=primary,
        secondary_identifier=secondary,
        birth_date=days["DBB"],
        issue_date=days["DBD"],
        expiry_date=days["DBA"],
        sex=_SEX.get(values.get("DBC", "").upper(), ""),
        document_number=values.get("DAQ", ""),
        issuing_state=state,
        region=values.get("DAJ", "").upper(),
        irregularities=tuple(irregular),
    )


def _elements(text: str) -> dict[str, str]:
    """Elements by identifier; the first of two counts. The table of subfiles is skipped: offsets are often wrong."""
    found: dict[str, str] = {}
    for line in re.split(r"[\n\r\x1e\x1c]", _without_table(text)):
        element = _ELEMENT.match(line.strip())
        if element:
            value = "".join(letter for letter in element[2] if letter.isprintable()).strip()
            found.setdefault(element[1], "" if value.upper() in ("NONE", "UNAVL", "UNAVAIL") else value)
    return found


def _without_table(text: str) -> str:
    """Each entry of the table is a type, an offset and a length; the first subfile follows it on the same line."""
    return re.sub(r"^(?:[A-Z]{2}\d{8})+", "", text)


def _names(values: dict[str, str]) -> tuple[str, str]:
    primary = values.get("DCS") or values.get("DAB", "")
    given = values.get("DAC") or values.get("DCT", "")
    more = values.get("DAD", "")
    if not primary and values.get("DAA"):  # version 1: "LAST,FIRST,MIDDLE"
        primary, _comma, given = values["DAA"].partition(",")
    secondary = " ".join(part for part in (given, more) if part)
    return primary.replace(",", " ").strip(), " ".join(secondary.replace(",", " ").split())


def _day(text: str, *, year_first: bool) -> dt.date | None:
    if len(text) != 8 or not (text.isascii() and text.isdecimal()):
        return None
    year, month, day = (text[:4], text[4:6], text[6:]) if year_first else (text[4:], text[:2], text[2:4])
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None
