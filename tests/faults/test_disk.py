"""A disk that is full, that reports errors, or that may not be written."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from .conftest import Counts, Ended, Job, Row, Runs, remount, spread, tmpfs

_MEGABYTE = 1 << 20
_GOOD = {0, 11, 12, 13, 14}


def finished_at_last(runs: Runs, job: Job, items: list[str]) -> None:
    """With the fault mended, a resumed run does what is left."""
    ended = runs.go(job)
    assert ended.code in _GOOD, ended.text
    assert job.recorded() == items
    assert job.all_ended()


def told(codes: Counter[int]) -> str:
    return ", ".join(f"{times} times exit code {code}" for code, times in sorted(codes.items()))


@pytest.mark.slow
def test_disk_full(tmp_path: Path, runs: Runs, counts: Counts, row: Row) -> None:
    row.fault, row.holds = "disk full", "a documented exit code with a message, all resumable, chain valid"
    words = {f"I{n:02}": "TALLY" for n in range(80)}
    codes: Counter[int] = Counter()
    for number, size in enumerate(spread(0.3, 8, counts.disks)):
        place = tmp_path / "disk"
        job = Job.of(tmp_path / f"inputs{number}", words, place / "job")
        with tmpfs(place, f"size={int(size * _MEGABYTE)}"):
            ended = runs.go(job)
            codes[ended.code] += 1
            assert ended.with_a_clear_message(), ended.text
            assert ended.code in _GOOD or "full" in ended.text
            kept = job.recorded()
            assert {*ended.text.splitlines()} & {*words} <= {*kept}, "printed as recorded, and lost"
            remount(place, "size=64m")
            finished_at_last(runs, job, [*words])
    row.injected = counts.disks
    row.seen = f"{told(codes)}; all resumed to the end, 0 lost"


@pytest.mark.slow
def test_error_at_each_write(tmp_path: Path, runs: Runs, counts: Counts, library: Path, row: Row) -> None:
    row.fault, row.holds = "EIO at the N-th write, truncation or flush", "as for the full disk"
    assert library
    words = {f"I{n}": "TALLY" for n in range(6)}
    whole = Job.of(tmp_path / "whole", words)
    runs.go(whole, seen=str(tmp_path / "seen"), meddle={})
    writes = int((tmp_path / "seen").read_text())
    assert writes > 50, "or the writes of the database are not seen"
    codes: Counter[int] = Counter()
    steps = [int(step) for step in spread(1, writes, counts.writes or writes)]
    for step in steps:
        job = Job.of(tmp_path / f"{step}", words)
        ended = runs.go(job, seen=str(job.folder / "seen"), meddle={"fail_at": step})
        codes[ended.code] += 1
        assert ended.with_a_clear_message(), (step, ended.text)
        assert {*ended.text.splitlines()} & {*words} <= {*job.recorded()}, "printed as recorded, and lost"
        finished_at_last(runs, job, [*words])
    row.injected = len(steps)
    row.seen = f"{told(codes)}, N = {steps[0]} to {steps[-1]} of {writes} writes; all resumed to the end, 0 lost"


# --- a place that may not be written ----------------------------------------------------------------------------------


def refused(ended: Ended) -> bool:
    return ended.code == 2 and ended.with_a_clear_message() and "choose another directory" in ended.text


def test_read_only_file_system(tmp_path: Path, runs: Runs, row: Row) -> None:
    row.fault, row.holds = "read-only file system", "exit code 2 with a message; what is there stays"
    place = tmp_path / "disk"
    job, new = (Job.of(tmp_path / name, {"A": "TALLY"}, place / name) for name in ("job", "new"))
    with tmpfs(place, "size=16m"):
        assert runs.go(job).code in _GOOD
        before = (job.directory / "ledger.db").read_bytes()
        remount(place, "ro")
        for one in (job, new):
            ended = runs.go(one)
            assert refused(ended), ended.text
        assert not new.directory.exists()
        assert (job.directory / "ledger.db").read_bytes() == before
        assert job.recorded() == ["A"], "a finished job can be read where nothing can be written"
        remount(place, "rw")
        finished_at_last(runs, job, ["A"])
    row.injected, row.seen = 2, "a new job and one to resume: exit code 2, bytes unchanged, then resumed"


def test_without_permission(tmp_path: Path, runs: Runs, row: Row) -> None:
    row.fault, row.holds = "directory or ledger without permission", "exit code 2 with a message; what is there stays"
    job = Job.of(tmp_path, {"A": "TALLY"})
    assert runs.go(job).code in _GOOD
    for directory, ledger in ((0o500, 0o600), (0o700, 0o400), (0o700, 0o000), (0o000, 0o600)):
        (job.directory / "ledger.db").chmod(ledger)
        job.directory.chmod(directory)
        ended = runs.go(job, ordinary=True)
        job.directory.chmod(0o700)
        assert ended.code == 2, (oct(directory), oct(ledger), ended.text)
        assert ended.with_a_clear_message(), (oct(directory), oct(ledger), ended.text)
    (job.directory / "ledger.db").chmod(0o600)
    finished_at_last(runs, job, ["A"])
    row.injected, row.seen = 4, "exit code 2 each time, then resumed"
