"""Personal numbers in the optional data of the zone: their check character, and the birth date and sex that many hold.

One entry of `_RULES` a state. What specimens were seen to hold there is told apart from what only the issuers'
descriptions say: findings on the latter are informations. Invented numbers of specimens seldom have a sound check.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from verify.model.mrz import FieldState, MrzResult

__all__ = ["PersonalNumber", "personal_number"]


@dataclass(frozen=True, slots=True)
class PersonalNumber:
    """A personal number, without the number itself: it links everything about a person, so it goes no further.

    Attributes:
        state: whose number it is.
        field: of the zone, in which it stands.
        sound: its check character verifies; None when it has none.
        birth_date: the six digits YYMMDD it holds, or empty.
        sex: "M" or "F" as it tells it, or empty.
        date_seen: specimens were seen to hold their birth date there.
        check_seen: specimens were seen whose check character verifies.
    """

    state: str
    field: str
    sound: bool | None
    birth_date: str
    sex: str
    date_seen: bool
    check_seen: bool


@dataclass(frozen=True, slots=True)
class _Rule:
    form: str  # with the groups y, m, d where it holds a date
    sound: Callable[[str], bool | None]
    sex: Callable[[str], str] = lambda _number: ""
    offsets: tuple[int, ...] = (0,)  # what may have been added to the month
    date_seen: bool = False
    check_seen: bool = False


def personal_number(mrz: MrzResult) -> PersonalNumber | None:
    """The personal number of a document whose issuer's rule is known; None when there is none of its form."""
    if mrz.format not in ("TD1", "TD2", "TD3"):
        return None
    state = mrz.value("issuing_state")
    rule = _RULES.get(state)
    for name in ("optional_data", "optional_data_2") if rule is not None else ():
        field = next((one for one in mrz.fields if one.name == name), None)
        if rule is None or field is None or field.state is FieldState.UNREADABLE:
            continue
        number = field.value.replace("<", "")
        if found := re.fullmatch(rule.form, number):
            born, sex = _date(found, rule), rule.sex(number)
            return PersonalNumber(state, name, rule.sound(number), born, sex, rule.date_seen, rule.check_seen)
    return None


def _date(found: re.Match[str], rule: _Rule) -> str:
    """YYMMDD; empty where the number holds none, or one that is not of the calendar (numbers of foreigners)."""
    parts = found.groupdict()
    if "m" not in parts:
        return ""
    day = int(parts["d"])
    for offset in sorted(rule.offsets, reverse=True):
        month = int(parts["m"]) - offset
        if 1 <= month <= 12 and 1 <= day <= 31:
            return f"{parts['y'][-2:]}{month:02}{day:02}"
    return ""


def _weighted(number: str, weights: Sequence[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False))


def _eleven(number: str) -> bool:
    return _weighted(number, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0


def _egn(number: str) -> bool:
    return _weighted(number[:9], (2, 4, 8, 5, 10, 9, 7, 3, 6)) % 11 % 10 == int(number[9])


def _birth_number(number: str) -> bool | None:
    if len(number) == 9:  # before 1954 without a check digit
        return None
    rest = int(number[:9]) % 11 % 10
    return rest == int(number[9])


def _baltic(number: str) -> bool:
    rest = _weighted(number[:10], (1, 2, 3, 4, 5, 6, 7, 8, 9, 1)) % 11
    if rest == 10:
        rest = _weighted(number[:10], (3, 4, 5, 6, 7, 8, 9, 1, 2, 3)) % 11 % 10
    return rest == int(number[10])


def _emso(number: str) -> bool:
    rest = -_weighted(number[:12], (7, 6, 5, 4, 3, 2) * 2) % 11
    return rest == int(number[12])


def _luhn(number: str) -> bool:
    doubled = [int(digit) * (2 - index % 2) for index, digit in enumerate(number[-10:])]
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def _kennitala(number: str) -> bool:
    return -_weighted(number[:8], (3, 2, 7, 6, 5, 4, 3, 2)) % 11 == int(number[8])


def _finnish(number: str) -> bool:
    return "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(number[:9]) % 31] == number[9]


def _pesel(number: str) -> bool:
    return -_weighted(number[:10], (1, 3, 7, 9) * 3) % 10 == int(number[10])


def _cnp(number: str) -> bool:
    rest = _weighted(number[:12], (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)) % 11
    return (1 if rest == 10 else rest) == int(number[12])


def _belgian(number: str) -> bool:
    return any(97 - int(prefix + number[:9]) % 97 == int(number[9:]) for prefix in ("", "2"))


def _turkish(number: str) -> bool:
    digits = [int(one) for one in number]
    tenth = (sum(digits[0:9:2]) * 7 - sum(digits[1:8:2])) % 10
    return tenth == digits[9] and sum(digits[:10]) % 10 == digits[10]


def _odd_is_male(place: int) -> Callable[[str], str]:
    return lambda number: "M" if int(number[place]) % 2 else "F"


def _by_month(least: int) -> Callable[[str], str]:
    """The month of a woman is told by what was added to it."""
    return lambda number: "F" if int(number[2:4]) > least else "M"


def _from_500(number: str) -> str:
    return "M" if int(number[9:12]) < 500 else "F"


_JMBG = r"(?P<d>\d\d)(?P<m>\d\d)(?P<y>\d{3})\d{6}"
_YMD = r"(?P<y>\d\d)(?P<m>\d\d)(?P<d>\d\d)"
_DMY = r"(?P<d>\d\d)(?P<m>\d\d)(?P<y>\d\d)"
_CZECH = _Rule(_YMD + r"\d{3,4}", _birth_number, _by_month(50), (0, 20, 50, 70), date_seen=True, check_seen=True)
_ESTONIAN = _Rule(r"[1-8]" + _YMD + r"\d{4}", _baltic, _odd_is_male(0), date_seen=True, check_seen=True)
_RULES = {
    "NLD": _Rule(r"\d{9}", _eleven, check_seen=True),
    "BGR": _Rule(_YMD + r"\d{4}", _egn, lambda n: "F" if int(n[8]) % 2 else "M", (0, 20, 40), date_seen=True),
    "CZE": _CZECH,
    "SVK": _CZECH,
    "EST": _ESTONIAN,
    "LTU": _Rule(_ESTONIAN.form, _baltic, _odd_is_male(0)),
    "SVN": _Rule(_JMBG, _emso, _from_500, date_seen=True, check_seen=True),
    "SRB": _Rule(_JMBG, _emso, _from_500, date_seen=True),
    "SWE": _Rule(r"(?:19|20)" + _YMD + r"\d{4}", _luhn, _odd_is_male(10), date_seen=True, check_seen=True),
    "ISL": _Rule(_DMY + r"\d{3}[089]", _kennitala, date_seen=True),
    "FIN": _Rule(_DMY + r"\d{3}[0-9A-Y]", _finnish, lambda n: "M" if int(n[8]) % 2 else "F", date_seen=True),
    "POL": _Rule(_YMD + r"\d{5}", _pesel, _odd_is_male(9), (0, 20, 40, 60, 80)),
    "ROU": _Rule(r"[1-8]" + _YMD + r"\d{6}", _cnp, _odd_is_male(0)),
    "BEL": _Rule(_YMD + r"\d{5}", _belgian, _odd_is_male(8)),
    "TUR": _Rule(r"[1-9]\d{10}", _turkish),
}
