"""The check digits of lines under a format: which ones verify, and which places each of them protects."""

from __future__ import annotations

from collections.abc import Sequence

from verify.document.check_digit import FILLER, compute
from verify.document.formats import CheckSpec, Format, long_number

__all__ = ["guards", "verifies", "verifying"]


def verifies(form: Format, lines: Sequence[str], check: CheckSpec) -> bool:
    """Whether a check digit is the one its characters give, or is not demanded (Doc 9303-3, 4.9; 9303-5, note j)."""
    covered, printed = "".join(span.of(lines) for span in check.covers), lines[check.line][check.column]
    long = long_number(lines, form) if check.name == "document_number_check_digit" else None
    if long is not None:
        covered, printed = long[0], lines[check.line][long[2]]
    if check.when_filled and not covered.strip(FILLER) and printed == FILLER:
        return True
    try:
        return printed == compute(covered)
    except ValueError:
        return False


def verifying(form: Format, lines: Sequence[str]) -> int:
    """The number of check digits that verify or are not demanded."""
    return sum(verifies(form, lines, check) for check in form.checks)


def guards(form: Format, lines: Sequence[str]) -> list[list[int]]:
    """Of each place of each line, how many verifying check digits depend on it."""
    counts = [[0] * form.length for _ in range(form.count)]
    for check in form.checks:
        if not verifies(form, lines, check):
            continue
        long = long_number(lines, form) if check.name == "document_number_check_digit" else None
        spans = [*check.covers, *([long[1]] if long else [])]
        places = {(span.line, column) for span in spans for column in range(span.start, span.end)}
        for line, column in places | {(check.line, check.column if long is None else long[2])}:
            counts[line][column] += 1
    return counts
