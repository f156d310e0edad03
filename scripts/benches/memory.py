"""Memory of the parent over a long job of small files, items a second, and the time to resume it when it is finished.

    scripts/bench memory [--items 20000] [--jobs 2] [--where]

The workers are those of tests/engines_bad: they answer at once, so that what is measured is everything but the reading
itself. The resident set is read after item 1,000 and after the last one, before the items are compared; its peak over
the whole run is printed as well. With --where it says where the memory of Python's own objects grew.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from verify.batch import Commission, Summary, read_manifest, run
from verify.batch.engines.local import Pool
from verify.runtime import load_card
from verify.settings import Settings
from verify.vault.keys import new_data_key

WORKERS = Path(__file__).parents[2] / "tests" / "engines_bad"
CARD = "dlib-resnet-v1"
EARLY = 1000  # items after which everything that is made once has been made
_HEADER = "schema_version,item_id,role,path,inspection_date\n"


def prepare(folder: Path, items: int) -> Path:
    """A manifest of one small file an item, no two alike."""
    (folder / "files").mkdir()
    for number in range(items):
        (folder / "files" / f"{number}.jpg").write_text(f"good {number}")
    rows = (f"1,I{number:06},document,files/{number}.jpg,2026-06-15\n" for number in range(items))
    manifest = folder / "manifest.csv"
    manifest.write_text(_HEADER + "".join(rows))
    return manifest


@contextmanager
def fake_workers() -> Iterator[None]:
    """Runs start the workers of tests/engines_bad."""
    sha256 = load_card(CARD).sha256
    engines = {"mrz": "fake reader 1", "face": "fake faces 1", "face_sha256": sha256, "face_card": CARD}
    environment = {"PYTHONPATH": str(WORKERS), "FAKE_SHA256": sha256, "FAKE_CARD": CARD}
    with (
        patch.dict(os.environ, environment),
        patch("verify.batch.runner.get_batch_engine", lambda settings: Pool[Any](settings, module="worker")),
        patch("verify.batch.runner.describe_engines", lambda settings: engines),
    ):
        yield


def resident() -> float:
    """MiB of this process that lie in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / (1 << 20)


def peak() -> float:
    """MiB that this process had in memory at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(act: Callable[[], Summary]) -> tuple[Summary, float, float]:
    """What it came to, the seconds it took, and those that this process computed in."""
    begun, computed = time.perf_counter(), time.process_time()
    return act(), time.perf_counter() - begun, time.process_time() - computed


def main() -> None:
    """Runs the job and prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--where", action="store_true")
    asked = parser.parse_args()
    if asked.items <= EARLY:
        parser.error(f"--items: more than {EARLY}")
    seen: dict[int, float] = {}
    snapshots: list[tracemalloc.Snapshot] = []

    def look(done: int, _total: int) -> None:
        if done in (EARLY, asked.items):
            seen[done] = resident()
            if asked.where:
                tracemalloc.start() if done == EARLY else snapshots.append(tracemalloc.take_snapshot())

    with tempfile.TemporaryDirectory() as name, fake_workers():
        folder = Path(name)
        order = Commission(
            read_manifest(prepare(folder, asked.items)), folder / "job", new_data_key(), "bench", "bench", resume=True
        )
        settings = Settings(jobs=asked.jobs)
        summary, seconds, _ = timed(lambda: run(order, settings, (), progress=look))
        highest = peak()
        again, resumed, computed = timed(lambda: run(order, settings, ()))
        size = (folder / "job" / "ledger.db").stat().st_size
    if (summary.items, again.resumed) != (asked.items, asked.items):
        sys.exit("memory: not every item was recorded once")
    growth = 100 * (seen[asked.items] / seen[EARLY] - 1)
    print(f"items                     {asked.items}, {asked.jobs} workers that answer at once")
    print(f"items a second            {asked.items / seconds:.0f}, comparing them and the summary included")
    print(f"resident after {EARLY:<10} {seen[EARLY]:.1f} MiB")
    print(f"resident after the last   {seen[asked.items]:.1f} MiB, {growth:+.1f} %")
    print(f"peak of the whole run     {highest:.1f} MiB, {100 * (highest / seen[EARLY] - 1):+.1f} %")
    print(f"resume of the finished    {resumed:.2f} s, {computed:.2f} s of them computing")
    print(f"ledger                    {size / (1 << 20):.1f} MiB")
    for snapshot in snapshots:
        print(*snapshot.statistics("lineno")[:12], sep="\n")


if __name__ == "__main__":
    main()
