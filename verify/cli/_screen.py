"""What commands show on a terminal. Counts and codes only: no name and no document number."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.table import Column, Table
from rich.text import Text

from verify.batch import Plan, ReferenceList, Summary
from verify.checks import discover
from verify.evaluate import HostileReport
from verify.model.finding import CheckState, Severity
from verify.model.outcome import Outcome

__all__ = ["progress_bar", "show_hostile", "show_plan", "show_quarantined", "show_summary"]


class _Rate(ProgressColumn):
    """Items a second, once there are any."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.1f}/s" if task.speed else "")


@contextmanager
def progress_bar(*, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr, or nothing where nobody watches."""
    if quiet:
        yield lambda done, total: None
        return
    columns = (TextColumn("items"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("items", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def show_quarantined(lists: Iterable[ReferenceList]) -> None:
    """Lines of lists that were not taken in: the number and the reason, never their content."""
    for one in lists:
        for line, reason in one.quarantined:
            click.echo(f"verify: {one.name}: line {line} was not taken in: {reason}", err=True)


def show_hostile(report: HostileReport) -> None:
    """Outcomes counted, and what it cost, on stdout."""
    click.echo(f"{report.outcomes.total()} files: {_counted(report.outcomes)}")
    if report.slowest is not None:
        click.echo(f"longest: {report.slowest.seconds:.1f} s ({report.slowest.outcome}) for {report.slowest.file!r}")
    click.echo(f"memory of this process at its highest: {report.peak_memory / 1e6:.0f} MB")
    click.echo(f"workers confined by: {', '.join(report.layers) or 'nothing'}")


def _counted(outcomes: Counter[Outcome]) -> str:
    return ", ".join(f"{outcomes[outcome]} {outcome}" for outcome in Outcome if outcomes[outcome])


def show_plan(plan: Plan) -> None:
    """What a run would do, on stdout."""
    click.echo(f"{plan.items} items with {plan.files} files in the manifest")
    click.echo(f"{plan.to_compute} to compute, {plan.standing} stand as they are")
    for reason, count in plan.reasons.most_common():
        click.echo(f"  {count:6} {reason}")
    for outcome, count in plan.refused.items():
        click.echo(f"  {count:6} files would be {outcome}")


def show_summary(summary: Summary) -> None:
    """What the job holds, on stdout."""
    console = Console() if sys.stdout.isatty() else Console(width=120)
    console.print(f"{summary.items} items, {sum(summary.outcomes.values())} files", highlight=False)
    if summary.resumed:
        console.print(f"{summary.resumed} items had been done before", highlight=False)
    console.print(f"files: {_counted(summary.outcomes)}", highlight=False)
    found = [f"{summary.severities[severity]} {severity.name.lower()}" for severity in sorted(Severity, reverse=True)]
    console.print("findings to review: " + ", ".join(found), highlight=False)
    names = (state.value for state in _SHOWN)
    table = Table("check", Column("", no_wrap=True), *names, box=None, pad_edge=False)
    for check in discover():
        counts = [summary.checks[check.meta.code, state.value] for state in _SHOWN]
        if check.run and any(counts):
            table.add_row(check.meta.code, check.meta.name, *(str(count or "") for count in counts))
    others = {code for code, _state in summary.checks} - {check.meta.code for check in discover()}
    for code in sorted(others):
        counts = [summary.checks[code, state.value] for state in _SHOWN]
        table.add_row(code, "a check of this site", *(str(count or "") for count in counts))
    console.print(table)
    console.print("A check that passes never proves a document genuine. A person decides.", highlight=False)


_SHOWN = (CheckState.FINDING, CheckState.PASS, CheckState.NOT_COMPUTABLE, CheckState.NOT_APPLICABLE)
