"""The wall clock is set in the middle of a run: order is by number, never by time."""

from __future__ import annotations

import datetime as dt
import itertools
from pathlib import Path

import pytest

from verify.ledger import Ledger

from .conftest import Counts, Job, Row, Runs

_DAY = 86_400
_TURNS = {
    "a day back": -_DAY,
    "ten years on": 3653 * _DAY,
    "a second back": -1,
    "an hour back": -3600,
    "ten years back": -3653 * _DAY,
    "a day on": _DAY,
}
_IN_THE_MIDDLE = 100  # writes: the ledger is made, some items are recorded


@pytest.mark.slow
def test_clock_is_set_during_the_run(tmp_path: Path, runs: Runs, counts: Counts, library: Path, row: Row) -> None:
    row.fault, row.holds = "clock set back or on during the run", "the run ends, order by number, chain valid"
    assert library
    words = {f"I{n:02}": "TALLY" for n in range(12)}
    for name, seconds in list(_TURNS.items())[: counts.turns]:
        job = Job.of(tmp_path / name, words)
        meddle = {"turn_at": _IN_THE_MIDDLE, "seconds": seconds}
        ended = runs.go(job, seen=str(job.folder / "seen"), meddle=meddle)
        assert ended.code in (0, 11, 12, 13, 14), ended.text
        assert job.recorded() == [*words], "the chain is sound, each item is there once"
        times = said(job)
        steps = [after - before for before, after in itertools.pairwise(times)]
        assert min(steps) < 0 if seconds < 0 else max(steps) >= seconds, "or the clock was not set"
        assert runs.go(job).code == ended.code, "with the clock as before: nothing to do"
        assert job.recorded() == [*words]
    row.injected = counts.turns
    row.seen = f"{', '.join(list(_TURNS)[: counts.turns])}: all ended and resumed, chain valid"


def said(job: Job) -> list[float]:
    """Times that the events give, in the order of their numbers."""
    with Ledger.open(job.directory, job.kek, "read") as ledger:
        events = list(ledger.events())
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    return [dt.datetime.fromisoformat(str(event.fields()["utc"])).timestamp() for event in events]
