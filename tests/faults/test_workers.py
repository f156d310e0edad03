"""Workers that crash, hang or never have enough: each file is blamed for itself, its neighbours are served."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from verify.model.outcome import Outcome

from .conftest import JOBS, Counts, Job, Row, Runs

_BAD = {
    "SEGV": {Outcome.CRASH},
    "KILL": {Outcome.CRASH},
    "MEMORY": {Outcome.CRASH, Outcome.RESOURCE},  # whichever comes first, the end of its memory or of its time
    "LOOP": {Outcome.RESOURCE},
}
_SERVED = {Outcome.OK}


@pytest.mark.slow
def test_bad_ones_among_good_neighbours(tmp_path: Path, runs: Runs, counts: Counts, row: Row) -> None:
    row.fault = "worker: SIGSEGV, SIGKILL, out of memory, endless loop"
    row.holds = "the file's own outcome is crash or resource, 0 neighbours harmed, no process left"
    words = [word for word in _BAD for _ in range(counts.workers)]
    words += ["good"] * len(words)
    random.Random(7).shuffle(words)
    job = Job.of(tmp_path, {f"I{n:03}": word for n, word in enumerate(words)})
    ended = runs.go(job)
    assert ended.with_a_clear_message(), ended.text
    assert ended.code not in (0, 1)
    outcomes = job.outcomes()
    assert job.recorded() == [f"I{n:03}" for n in range(len(words))]
    wrong = [item for item, word in zip(outcomes, words, strict=True) if outcomes[item] not in _BAD.get(word, _SERVED)]
    assert wrong == []
    assert job.all_ended()
    came = Counter(outcomes.values())
    row.injected = 4 * counts.workers
    row.seen = (
        f"{counts.workers} of each among {came[Outcome.OK]} good files, {JOBS} workers: {came[Outcome.CRASH]} crash,"
        f" {came[Outcome.RESOURCE]} resource, {came[Outcome.OK]} ok, 0 neighbours harmed"
    )
