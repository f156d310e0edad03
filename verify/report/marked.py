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
        doubtful: read with little margin over another character.
    """

    text: str
    fault: bool
    forced: bool
    doubtful: bool = False


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
    doubtful = set(mrz.doubtful)
    return [
        _runs(
            text, [tuple((row, column) in marks for marks in (faults, forced, doubtful)) for column in range(len(text))]
        )
        for row, text in enumerate(mrz.lines)
    ]


def _runs(text: str, states: list[tuple[bool, ...]]) -> list[Run]:
    groups = groupby(zip(states, text, strict=True), key=lambda one: one[0])
    return [Run("".join(character for _state, character in group), *state) for state, group in groups]
