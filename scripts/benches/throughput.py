"""How much faster two workers are than one, on the same crossings in the same run, the start of the models left out.

scripts/bench throughput [--crossings 60] [--jobs 2] [--rounds 2]
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

from naive import draw

from verify.batch import Commission, read_manifest, run
from verify.settings import Limits, Settings
from verify.vault.keys import new_data_key


def rate(folder: Path, name: str, jobs: int) -> float:
    """Items per second from the first item done to the last."""
    commission = Commission(read_manifest(folder / "manifest.csv"), folder / name, new_data_key(), "bench", "benchmark")
    times: list[float] = []
    settings = Settings(profile="specimen", jobs=jobs, limits=Limits(seconds=60))
    run(commission, settings, (), progress=lambda done, total: times.append(time.monotonic()))
    return (len(times) - 1) / (times[-1] - times[0])


def main() -> None:
    """Runs from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--crossings", type=int, default=60)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=2)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        draw(folder, arguments.crossings)
        for number in range(arguments.rounds):
            one, many = rate(folder, f"one{number}", 1), rate(folder, f"many{number}", arguments.jobs)
            row = {"items_per_second_1": round(one, 3), f"items_per_second_{arguments.jobs}": round(many, 3)}
            print(json.dumps({**row, "ratio": round(many / one, 3)}), flush=True)


if __name__ == "__main__":
    main()
