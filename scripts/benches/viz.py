"""The printed page (VIZ) against its zone on labelled pages: agreement, findings, cost beside rapidocr's whole page.

    scripts/bench viz LABELS [--limit N] [--start N] [--peer] [--show]

LABELS is JSON lines with kind, path and lines: unaltered pages, so that every difference between print and zone is a
misreading or the specimen's own. Zones are read by our own engine and must be read as labelled; others are counted and
left out. With --peer each page is read by rapidocr as well, whole, on one thread in the same process (its own detector
and the recogniser that we use): the ratio of processor times, page by page, is the figure that counts.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import resource
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from verify.document import read_mrz
from verify.document.engines import get_engine
from verify.document.viz import VizReader, compare
from verify.model.viz import VizState

COMPARED = (VizState.AGREES, VizState.DIFFERS)
DAY = dt.date(2026, 6, 15)


def peer() -> Callable[[NDArray[np.uint8]], Any]:
    """The whole page by rapidocr, as its users call it, but on one thread."""
    import logging

    from rapidocr import RapidOCR

    logging.disable(logging.CRITICAL)
    threads = {f"EngineConfig.onnxruntime.{name}_op_num_threads": 1 for name in ("intra", "inter")}
    engine = RapidOCR(params=threads)
    return lambda page: engine(cv2.cvtColor(page, cv2.COLOR_RGB2BGR))


def timed(work: Callable[..., Any], *given: Any, **more: Any) -> tuple[Any, float]:
    """The result, and the processor seconds it took."""
    start = time.process_time()
    return work(*given, **more), time.process_time() - start


def main() -> int:
    """Reads every page and prints one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labels", type=Path)
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--peer", action="store_true")
    parser.add_argument("--show", action="store_true", help="print every field that differs or is not certain")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    rows = [json.loads(line) for line in args.labels.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row["kind"] == "page" and row["lines"]][args.start :][: args.limit]
    zones, reader = get_engine("own"), VizReader()
    whole = peer() if args.peer else None
    states: dict[str, Counter[str]] = {}
    misread, ours, theirs = 0, [], []
    for row in rows:
        page = cv2.imread(str(args.labels.parent / row["path"]), cv2.IMREAD_COLOR_RGB)
        if page is None:
            print(f"{row['path']}: cannot be read", file=sys.stderr)
            continue
        picture = np.asarray(page, np.uint8)
        found, zone_seconds = timed(read_mrz, picture, zones, reference_date=DAY, seconds=60)
        if found.result is None or found.result.lines != tuple(row["lines"]):
            misread += 1
            continue
        read, seconds = timed(reader.read, found.page, found.result, found.quad, seconds=60)
        fields, compared = timed(compare, read.lines, found.result)
        ours.append(zone_seconds + seconds + compared)
        if whole is not None:
            theirs.append(timed(whole, picture)[1])
        for field in fields:
            states.setdefault(field.name, Counter())[field.state] += 1
            if args.show and field.state in (VizState.DIFFERS, VizState.UNCERTAIN):
                print(
                    f"{row['path']}: {field.name} {field.state}: {field.printed} for {field.expected}", file=sys.stderr
                )
    print(json.dumps(_told(states, misread, ours, theirs), indent=1))
    return 0


def _told(states: dict[str, Counter[str]], misread: int, ours: list[float], theirs: list[float]) -> dict[str, Any]:
    total = sum(states.values(), Counter[str]())
    compared = sum(total[state] for state in COMPARED)
    return {
        "pages": len(ours),
        "zones not read as labelled": misread,
        "fields compared": compared,
        "agreement": round(total[VizState.AGREES] / max(1, compared), 4),
        "differences": total[VizState.DIFFERS],
        "fields": {name: dict(found) for name, found in states.items()},
        "seconds, zone and print": {
            "median": round(statistics.median(ours), 2),
            "mean": round(statistics.fmean(ours), 2),
        },
        "seconds of rapidocr": {"median": round(statistics.median(theirs), 2)} if theirs else None,
        "ratio, mean of pages": round(statistics.fmean(a / b for a, b in zip(ours, theirs, strict=True)), 3)
        if theirs
        else None,
        "ratio of the sums": round(sum(ours) / sum(theirs), 3) if theirs else None,
        "peak MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


if __name__ == "__main__":
    sys.exit(main())
