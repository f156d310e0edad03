"""Many runs of one job at once: one works, the others are told to try again later."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Counts, Job, Row, Runs

_AT_ONCE = 8
_ITEMS = [f"I{n}" for n in range(6)]  # long enough for the last one to begin before the first one ends


@pytest.mark.slow
def test_runs_at_once(tmp_path: Path, runs: Runs, counts: Counts, row: Row) -> None:
    row.fault, row.holds = f"{_AT_ONCE} runs of one job at once", "one works, the others exit 75"
    for race in range(counts.races):
        job = Job.of(tmp_path / str(race), dict.fromkeys(_ITEMS, "SLEEP"))
        pids = [runs.begin(job) for _ in range(_AT_ONCE)]
        ended = [runs.end(pid) for pid in pids]
        assert all(one.with_a_clear_message() for one in ended), ended
        worked = [one for one in ended if one.code != 75]
        assert len(worked) == 1, ended
        assert sorted(worked[0].text.split()) == _ITEMS
        assert job.recorded() == _ITEMS
        assert job.all_ended()
    row.injected = counts.races
    row.seen = f"{counts.races} races: {counts.races} runs worked, {counts.races * (_AT_ONCE - 1)} exited 75, 0 double"
