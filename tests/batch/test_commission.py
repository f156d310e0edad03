"""What a run came to, as an exit code: the table of docs and architecture, row by row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import pytest

from verify.batch.commission import Summary
from verify.errors import ExitCode
from verify.model.finding import CheckResult, CheckState, Confidence, Finding, Severity
from verify.model.item import Item, ItemFile, Role
from verify.model.outcome import FileOutcome, Outcome
from verify.model.result import FileReading, ItemResult


def finding(severity: Severity) -> Finding:
    return Finding("X01", "a title", severity, Confidence.HIGH, "seen", ("innocent",), "a source")


def result(outcomes: Iterable[Outcome] = (Outcome.OK,), severities: Iterable[Severity] = ()) -> ItemResult:
    outcomes = tuple(outcomes)
    item = Item("A", dt.date(2026, 6, 15), tuple(ItemFile(Role.DOCUMENT, "a.jpg") for _ in outcomes))
    found = tuple(finding(severity) for severity in severities)
    check = CheckResult("X01", "x", CheckState.FINDING if found else CheckState.PASS, findings=found)
    readings = tuple(FileReading(FileOutcome("document", "a.jpg", outcome)) for outcome in outcomes)
    return ItemResult(item, readings, (), (check,))


BAD = [outcome for outcome in Outcome if outcome is not Outcome.OK]


@pytest.mark.parametrize(
    ("outcomes", "severities", "linked", "interrupted", "code"),
    [
        ([], [], [], False, 0),
        ([Outcome.OK] * 3, [], [], False, 0),
        *(([Outcome.OK, outcome], [], [], False, 4) for outcome in BAD),
        *(([Outcome.OK], [severity], [], False, 10 + severity) for severity in Severity),
        *(([Outcome.OK], [], [severity], False, 10 + severity) for severity in Severity),
        ([Outcome.OK], [Severity.INFO, Severity.CRITICAL, Severity.REVIEW], [], False, 14),
        ([Outcome.OK], [Severity.INFO], [Severity.STRONG], False, 13),
        ([Outcome.DAMAGED], [Severity.INFO], [], False, 11),
        ([Outcome.CRASH], [], [Severity.REVIEW], False, 12),
        ([], [], [], True, 130),
        ([Outcome.DAMAGED], [Severity.CRITICAL], [Severity.CRITICAL], True, 130),
    ],
)
def test_the_exit_code(
    outcomes: list[Outcome], severities: list[Severity], linked: list[Severity], interrupted: bool, code: int
) -> None:
    summary = Summary(interrupted=interrupted)
    summary.add(result(outcomes, severities))
    summary.add_links(tuple(("A", finding(severity)) for severity in linked))
    assert summary.exit_code == code
    assert isinstance(summary.exit_code, ExitCode)


def test_items_files_and_checks_are_counted() -> None:
    summary = Summary()
    summary.add(result([Outcome.OK, Outcome.DAMAGED, Outcome.REFUSED]))
    summary.add(result([Outcome.OK], [Severity.REVIEW, Severity.REVIEW]))
    assert (summary.items, summary.unread) == (2, 2)
    assert summary.outcomes == {Outcome.OK: 2, Outcome.DAMAGED: 1, Outcome.REFUSED: 1}
    assert summary.severities == {Severity.REVIEW: 2}
    assert summary.checks == {("X01", "pass"): 1, ("X01", "finding"): 1}
