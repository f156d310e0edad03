"""Documents: the machine readable zone, located, read, fitted to a format of ICAO Doc 9303 and parsed.

page (cards, turns) -> engines (strips and their text) -> fit (to a format) -> mrz (parse); reader is the whole way of a
page. What Doc 9303 says is in formats, check_digit, states, names, letters and dates, as data where it can be data.
"""

from verify.document.mrz import parse
from verify.document.name_field import may_print
from verify.document.names import alternatives, fold, readings
from verify.document.reader import MrzReading, read_mrz
from verify.document.states import State, StateStatus, state

__all__ = [
    "MrzReading",
    "State",
    "StateStatus",
    "alternatives",
    "fold",
    "may_print",
    "parse",
    "read_mrz",
    "readings",
    "state",
]
