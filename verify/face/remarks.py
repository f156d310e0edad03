"""What has to be said beside a face comparison: whose miss rate nobody measured (docs/faces.md).

Age is what was declared or read, never an estimate.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

__all__ = ["CHILD_AGE", "UNMEASURED", "is_child", "of_person"]

CHILD_AGE = 13
"""Years below which a person is marked as a child."""

UNMEASURED = "how often such a person is missed is unmeasured"
"""Ends every such remark."""


def is_child(year: int, month: int, day: int, on: dt.date) -> bool:
    """Whether the thirteenth birthday still lies ahead; a birth after that year is no age at all."""
    return (year, month, day) <= (on.year, 12, 31) and (year + CHILD_AGE, month, day) > (on.year, on.month, on.day)


def of_person(birth_dates: Iterable[dt.date], on: dt.date) -> tuple[str, ...]:
    """The remark on a person who is a child by any of these dates on that day; none on others."""
    child = any(is_child(born.year, born.month, born.day, on) for born in birth_dates)
    return (f"the person is under {CHILD_AGE} by the date of birth given: {UNMEASURED}",) if child else ()
