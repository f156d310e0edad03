"""Single bits of a job's files flip: it is said which file is damaged, or every value is what it was."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from verify.audit import checkpoint, verify_chain, verify_results
from verify.audit.checkpoint import Checkpoint
from verify.errors import PolicyError
from verify.ledger import Ledger, LedgerReader

from .conftest import Counts, Job, Row, Runs


def everything(ledger: LedgerReader) -> list[object]:
    """All values that a ledger returns."""
    items = list(ledger.items())
    blobs = [ledger.blob(item.item_id, name) for item in items for name in ledger.blob_names(item.item_id)]
    rest = (ledger.linkage(), list(ledger.runs()), ledger.counts(), ledger.states(), list(ledger.events()))
    return [ledger.header, items, blobs, *rest, list(ledger.commitments())]


def consequence(job: Path, kek: bytes, sound: list[object], kept: Checkpoint) -> str:
    """What a reader of a damaged job gets; a wrong value is "DIFFERENT"."""
    try:
        with Ledger.open(job, kek, "read") as ledger:
            found = everything(ledger)
            if found == sound:
                return "same"
            if not verify_chain(ledger).valid or verify_results(ledger):
                return "told by the chain"
            return "DIFFERENT" if verify_chain(ledger, [kept]).valid else "told by the checkpoint"
    except PolicyError as error:  # DamagedStoreError, or a key that has become another one
        assert str(job) in str(error) or "job:" in str(error)
        return "refused"


def flipped(job: Path, name: str, chance: random.Random) -> None:
    path = job / name
    content = bytearray(path.read_bytes())
    bit = chance.randrange(len(content) * 8)
    content[bit // 8] ^= 1 << bit % 8
    path.write_bytes(content)


def told(seen: Counter[str]) -> str:
    return ", ".join(f"{count} {what}" for what, count in sorted(seen.items()))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "share"), [("ledger.db", 0.8), ("ledger.db-wal", 0.1), ("key.json", 0.1)], ids=["database", "log", "key"]
)
def test_a_flipped_bit(tmp_path: Path, runs: Runs, counts: Counts, row: Row, name: str, share: float) -> None:
    row.fault, row.holds = f"bit flip in {name}", "refused or told, or no returned value changes"
    if name == "ledger.db-wal":
        row.fault += " after a kill"
        row.holds = "as above; a log cut short is told by a checkpoint kept elsewhere"
    job = Job.of(tmp_path / "job", {f"I{n:02}": "TALLY" for n in range(40)})
    if name == "ledger.db-wal":
        cut_short(runs, job)
    else:
        runs.go(job)
    with Ledger.open(job.directory, job.kek, "read") as ledger:
        sound, kept = everything(ledger), checkpoint(ledger)
        copy, chance = tmp_path / "copy", random.Random(f"{name} 11")
        shutil.copytree(job.directory, tmp_path / "whole")  # while open: a reader that closes last takes the log away
    seen: Counter[str] = Counter()
    flips = int(counts.flips * share)
    for _ in range(flips):
        shutil.copytree(tmp_path / "whole", copy)
        flipped(copy, name, chance)
        seen[consequence(copy, job.kek, sound, kept)] += 1
        shutil.rmtree(copy)
    assert seen["DIFFERENT"] == 0, seen
    assert seen.total() == flips
    row.injected, row.seen = flips, told(+seen)


def cut_short(runs: Runs, job: Job) -> None:
    """A run that was killed leaves its log, with transactions in it."""
    pid = runs.begin(job)
    while len(job.tally) < 30:
        time.sleep(0.01)
    os.kill(pid, signal.SIGKILL)
    runs.end(pid)
    assert (job.directory / "ledger.db-wal").stat().st_size > 1 << 16
