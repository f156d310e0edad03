"""A small MRZ builder, independent of the reader it helps to test (ICAO Doc 9303 parts 3 to 7)."""

from __future__ import annotations

import datetime as dt
import unicodedata

__all__ = ["build", "check_digit", "transliterate"]

# Doc 9303-3, section 6: the letters whose transliteration is not their base letter.
_SPECIAL = {
    "Ä": "AE", "Å": "AA", "Æ": "AE", "Ö": "OE", "Ø": "OE", "Ü": "UE", "ß": "SS", "ẞ": "SS",
    "Þ": "TH", "Ð": "D", "Ł": "L", "Đ": "D", "Œ": "OE", "Ĳ": "IJ",
}  # fmt: skip


def check_digit(text: str) -> str:
    """Give the check digit of a field, weights 7 3 1 (Doc 9303-3, 4.9)."""
    values = [0 if c == "<" else int(c, 36) for c in text]
    return str(sum(v * (7, 3, 1)[i % 3] for i, v in enumerate(values)) % 10)


def transliterate(text: str) -> str:
    """Turn a VIZ name into MRZ letters by Doc 9303-3: no apostrophe, filler for space and hyphen."""
    out = []
    for char in unicodedata.normalize("NFC", text.upper()):
        base = _SPECIAL.get(char) or unicodedata.normalize("NFD", char)[0]
        out.append({" ": "<", "-": "<", "'": "", "\u2019": "", ",": ""}.get(base, base))
    return "".join(out)


def _names(primary: str, secondary: str, width: int) -> str:
    first, second = transliterate(primary), transliterate(secondary)
    whole = f"{first}<<{second}" if second else first
    if len(whole) > width:
        # Doc 9303-4, 4.2.3: a letter in the last place tells that the name is cut.
        whole = whole[:width]
    return whole.ljust(width, "<")[:width]


def _date(value: dt.date) -> str:
    return value.strftime("%y%m%d")


def _digit(text: str, wrong: bool) -> str:
    digit = check_digit(text)
    return str((int(digit) + 3) % 10) if wrong else digit


def build(  # one MRZ has this many fields
    layout: str,
    *,
    code: str,
    issuing: str,
    primary: str,
    secondary: str,
    number: str,
    nationality: str,
    birth: dt.date,
    sex: str,
    expiry: dt.date,
    optional: str = "",
    wrong: str = "",
) -> list[str]:
    """Give the lines of an MRZ.

    `layout` is TD1, TD2, TD3, MRV-A or MRV-B. `wrong` names the field whose check digit is printed wrong:
    number, birth, expiry, optional or composite. The composite is computed over the line as printed, so
    that only the named digit fails.

    Returns:
        three lines of 30, two of 36 or two of 44 characters.
    """
    code, issuing, nationality = code.ljust(2, "<"), issuing.ljust(3, "<"), nationality.ljust(3, "<")
    number = number.ljust(9, "<")
    num = number + _digit(number, wrong == "number")
    born = _date(birth) + _digit(_date(birth), wrong == "birth")
    until = _date(expiry) + _digit(_date(expiry), wrong == "expiry")
    middle = f"{nationality}{born}{sex}{until}"
    if layout == "TD1":
        line1 = f"{code}{issuing}{num}{optional.ljust(15, '<')}"
        total = _digit(line1[5:] + born + until + "<" * 11, wrong == "composite")
        return [line1, f"{born}{sex}{until}{nationality}{'<' * 11}{total}", _names(primary, secondary, 30)]
    width = 44 if layout in ("TD3", "MRV-A") else 36
    line1 = f"{code}{issuing}{_names(primary, secondary, width - 5)}"
    if layout in ("MRV-A", "MRV-B"):
        return [line1, f"{num}{middle}{optional}".ljust(width, "<")]
    if layout == "TD3":
        personal = optional.ljust(14, "<")
        personal += _digit(personal, wrong == "optional") if optional else "<"
    else:
        personal = optional.ljust(7, "<")
    total = _digit(num + born + until + personal, wrong == "composite")
    return [line1, f"{num}{middle}{personal}{total}"]
