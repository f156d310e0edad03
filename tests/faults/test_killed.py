"""The run is killed outright at a random moment, over and over, and gone on with until it is done."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from verify.vault.keys import create_key_file

from .conftest import JOBS, Counts, Job, Row, Runs

MANIFEST = Path(__file__).parents[2] / "samples" / "checkpoint" / "manifest.csv"
_ITEMS = 60
_A_JOB = 4  # kills before a job may finish


def new_job(folder: Path) -> Job:
    return Job.of(folder, {f"I{n:02}": "TALLY" for n in range(_ITEMS)})


@pytest.mark.slow
def test_killed_at_a_random_moment(tmp_path: Path, runs: Runs, counts: Counts, row: Row) -> None:
    row.fault, row.holds = "kill -9 of the run", "0 lost, 0 double, chain valid, at most one item a worker redone"
    chance = random.Random(2026)
    within = redone = most = 0
    job = new_job(tmp_path / "0")
    for kill in range(counts.kills):
        before, seen = len(job.recorded()), len(job.tally)
        pid = runs.begin(job)
        computed_by_now(job, chance.randint(seen, seen + _ITEMS - before))
        time.sleep(chance.choice((0.01, 0.3)) * chance.random())  # or while it begins, or after the last item
        os.kill(pid, signal.SIGKILL)
        ended = runs.end(pid)
        assert job.all_ended(), "a worker outlived its run"
        recorded = job.recorded()
        assert {*ended.text.split()} <= {*recorded} | {""}, "printed as recorded, and lost"
        computed = len(job.tally) - seen
        again = computed - (len(recorded) - before)
        assert 0 <= again <= JOBS
        within += before < len(recorded) < _ITEMS
        redone, most = redone + again, max(most, again)
        if kill % _A_JOB == _A_JOB - 1 or kill == counts.kills - 1:
            finish(runs, job)
            job = new_job(tmp_path / str(kill + 1))
    row.injected = counts.kills
    row.seen = (
        f"0 lost, 0 double, chain valid each time; {within} fell between the first and the last item;"
        f" {redone} items redone, at most {most} a kill with {JOBS} workers"
    )


def computed_by_now(job: Job, count: int) -> None:
    """Waits until the workers of all runs have computed so many items."""
    until = time.monotonic() + 20
    while len(job.tally) < count:
        assert time.monotonic() < until
        time.sleep(0.001)


def finish(runs: Runs, job: Job) -> None:
    """Resumed, every item is there once, and none was computed oftener than it had to be."""
    ended = runs.go(job)
    assert ended.with_a_clear_message(), ended.text
    assert ended.code in (0, 11, 12, 13, 14)
    assert job.recorded() == [f"I{n:02}" for n in range(_ITEMS)]
    assert set(Counter(job.tally)) == {f"I{n:02}" for n in range(_ITEMS)}
    assert job.all_ended()


@pytest.mark.slow
def test_real_workers_do_not_outlive_the_run(tmp_path: Path, row: Row) -> None:
    row.fault, row.holds = "kill -9 of a run with the real workers", "no process left, 0 lost, chain valid"
    create_key_file(tmp_path / "key")
    job = Job(tmp_path, tmp_path / "job")
    options = ["--job", job.directory, "--key-file", tmp_path / "key", "--jobs", str(JOBS), "--purpose", "p", "--quiet"]
    command = [sys.executable, "-c", "from verify.cli import main; main()", "run", MANIFEST, *options]
    with subprocess.Popen(command, env={**os.environ, "FAULT_MARK": job.mark}) as run:
        try:
            while run.poll() is None and not job.recorded():
                time.sleep(0.1)
            running = len(job.processes())
        finally:
            run.kill()
    assert run.returncode == -signal.SIGKILL
    assert running == 1 + JOBS, "or there was no worker to outlive it"
    assert job.all_ended(), "a worker outlived its run"
    recorded = job.recorded()
    assert recorded
    row.injected, row.seen = 1, f"{running} processes, none left; {len(recorded)} items recorded, chain valid"
