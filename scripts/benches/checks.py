"""What the checks cost beside the reading: CPU time of items of samples/, stage by stage, and the checks one by one.

    scripts/bench checks [--every 3] [--engine dlib] [--viz]

The reading is decoding, MRZ, faces and previews. To the checks belong the rules themselves, and what is read for them
alone: chips, seals and barcodes, traces of making, and with --viz the printed page. Everything is taken in one run, so
that the ratios hold on a machine of any load.
"""

from __future__ import annotations

import argparse
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from verify.batch import read_manifest, stages
from verify.batch.readings import open_file
from verify.batch.screen import Screening
from verify.capture import FileRefusedError
from verify.checks import Case, discover
from verify.document.trust import TrustStore
from verify.model.item import Item
from verify.model.result import FileReading
from verify.settings import Limits, Settings

DAY = Path(__file__).parents[2] / "samples" / "checkpoint"
PARTS = {
    "chips": ("read_dump", "read_chip"),
    "seals and barcodes": ("read_codes", "read_seal", "read_licence"),
    "traces": ("with_page",),
    "printed page": ("_take_viz",),
}
RULES = "rules"


class Clock:
    """CPU seconds by name."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self.spent: dict[str, float] = defaultdict(float)

    @contextmanager
    def runs(self, name: str) -> Iterator[None]:
        """Add the time that passes to a name."""
        start = time.process_time()
        try:
            yield
        finally:
            self.spent[name] += time.process_time() - start

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, its time added to a name."""

        def call(*given: Any, **named: Any) -> Any:
            with self.runs(name):
                return function(*given, **named)

        return call


def read(item: Item, engines: stages.Engines, settings: Settings) -> tuple[FileReading, ...]:
    """The readings of an item's files, those left out that cannot be opened."""
    found = []
    for file in item.files:
        try:
            descriptor = open_file(DAY, file, settings.limits)
        except FileRefusedError:
            continue
        try:
            found.append(stages.read_file(descriptor, file, engines, settings, item.inspection_date)[0])
        finally:
            os.close(descriptor)
    return tuple(found)


def rule_by_rule(clock: Clock, case: Case) -> None:
    """Each check of one item, by its code."""
    for check in discover():
        if check.run is not None:
            with clock.runs(check.meta.code):
                check.run(case)


def main() -> None:
    """Runs from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=3, help="of so many items one is taken")
    parser.add_argument("--engine", default="dlib")
    parser.add_argument("--viz", action="store_true", help="read the printed page, too")
    arguments = parser.parse_args()
    settings = Settings(profile="specimen", face_engine=arguments.engine, limits=Limits(seconds=60))
    trust = TrustStore()
    engines = stages.Engines.load(settings)
    engines = stages.Engines(engines.mrz, engines.face, trust, engines.viz if arguments.viz else None)
    screening = Screening(settings, engines.face, ())
    clock, single = Clock(), Clock()
    with ExitStack() as stack:
        for part, names in PARTS.items():
            for name in names:
                stack.enter_context(patch.object(stages, name, clock.timed(part, getattr(stages, name))))
        for item in read_manifest(DAY / "manifest.csv").items[:: arguments.every]:
            with clock.runs("all reading"):
                readings = read(item, engines, settings)
            with clock.runs(RULES):
                screening.screen(item, readings)
            rule_by_rule(single, Case(item, readings, (), frozenset({"UTO"}), screening.comparison_threshold()))
    spent = clock.spent
    extra = {part: spent[part] for part in (*PARTS, RULES)}
    reading = spent["all reading"] - sum(spent[part] for part in PARTS)
    print(f"reading {reading:.2f} CPU s")
    for part, seconds in extra.items():
        print(f"{part:20} {seconds:7.2f} CPU s  {seconds / reading:6.3f} of the reading")
    print(f"reading and all checks: {1 + sum(extra.values()) / reading:.3f} times the reading")
    dearest = sorted(single.spent.items(), key=lambda one: -one[1])[:8]
    print("dearest rules:", ", ".join(f"{code} {1000 * seconds:.0f} ms" for code, seconds in dearest))


if __name__ == "__main__":
    main()
