from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from verify.gallery.search import Filter, attributes_of, blas_kernel, selected
from verify.model.gallery import PartialDate

from ..builders import entry

DAY = dt.date(2026, 11, 22)
PEOPLE = [
    entry("a", sex="M", nationalities=("UTO", "D"), birth_date=PartialDate(1984, 5, 6)),
    entry("b", sex="F", nationalities=("XXA",), birth_date=PartialDate(1984, 2)),
    entry("c", birth_date=PartialDate(1984)),
    entry("d", sex="X"),
    entry("e", sex="F", expires=dt.date(2026, 11, 21)),
]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Filter(DAY), "abcd"),
        (Filter(dt.date(2026, 11, 21)), "abcde"),
        (Filter(DAY, sex="F"), "bcd"),
        (Filter(DAY, sex="M"), "acd"),
        (Filter(DAY, sex="X"), "abcd"),
        (Filter(DAY, nationalities=frozenset({"D", "FRA"})), "acd"),
        (Filter(DAY, born=(dt.date(1984, 5, 6), dt.date(1984, 5, 6))), "acd"),
        (Filter(DAY, born=(dt.date(1984, 2, 29), dt.date(1984, 3, 9))), "bcd"),
        (Filter(DAY, born=(dt.date(1990, 1, 1), dt.date(1999, 1, 1))), "d"),
    ],
)
def test_only_what_is_known_to_be_otherwise_is_left_out(wanted: Filter, expected: str) -> None:
    kept, suppressed = selected(attributes_of(PEOPLE), wanted)
    assert "".join(one.reference_id for one, keep in zip(PEOPLE, kept, strict=True) if keep) == expected
    assert suppressed == (wanted.on == DAY)


def test_withdrawn_entries_are_left_out_from_their_day_on() -> None:
    attributes = attributes_of(PEOPLE, {"a": DAY})
    assert selected(attributes, Filter(DAY - dt.timedelta(days=1)))[0].tolist() == [True] * 5
    assert selected(attributes, Filter(DAY))[0].tolist() == [False, True, True, True, False]


def test_nobody_is_no_trouble() -> None:
    kept, suppressed = selected(attributes_of([]), Filter(DAY, sex="F", nationalities=frozenset({"D"})))
    assert kept.shape == (0,) and suppressed == 0 and kept.dtype == np.bool_


def test_the_kernel_is_named() -> None:
    assert "unknown" not in blas_kernel()
