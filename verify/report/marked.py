"""The MRZ as text with the characters at fault marked, cut into runs so that a page can style each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from verify.model.finding import Finding
from verify.model.mrz import MrzResult

__all__ = ["Run", "marked_lines"]


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring characters in the same state.

    Attributes:
        text: the characters.
        fault: named by a finding, or a check digit that does not verify.
        forced: changed to fit the format's grammar.
    """

    text: str
    fault: bool
    forced: bool


def marked_lines(mrz: MrzResult, source: str, findings: Iterable[Finding]) -> list[list[Run]]:
    """Each line of the MRZ as runs.

    Args:
        mrz: what was read.
        source: the file role that the marks of findings name.
        findings: of the item.
    """
    faults = {(digit.line, digit.column) for digit in mrz.check_digits if digit.verifies is False}
    for finding in findings:
        for mark in finding.marks:
            if mark.source == source:
                faults |= {(mark.line, column) for column in range(mark.start, mark.end)}
    forced = {(line, column) for line, column, _, _ in mrz.forced}
    return [_runs(text, row, faults, forced) for row, text in enumerate(mrz.lines)]


def _runs(text: str, row: int, faults: set[tuple[int, int]], forced: set[tuple[int, int]]) -> list[Run]:
    states = [((row, column) in faults, (row, column) in forced, char) for column, char in enumerate(text)]
    groups = groupby(states, key=lambda state: state[:2])
    return [Run("".join(state[2] for state in group), *key) for key, group in groups]
