from __future__ import annotations

import datetime as dt

from verify.gallery import in_force

from .builders import entry


def test_expired_entries_are_left_out_and_counted() -> None:
    day = dt.date(2026, 11, 22)
    old = entry("old", expires=dt.date(2026, 11, 21))
    last_day = entry("last", expires=day)
    later = entry("later", expires=dt.date(2027, 1, 1))
    assert in_force([old, last_day, later], day) == ([last_day, later], 1)
    assert in_force([], day) == ([], 0)
