"""The MRZ reader against its peers on labelled pages: exact rate, wrong ones that were vouched for, time and memory.

    scripts/bench mrz LABELS [--conditions DIR] [--limit N] [--tessdata DIR]

LABELS is JSON lines with kind, path and lines. Each reader runs in a process of its own, on one thread, after a page to
warm up; processor time and peak memory include the programs that it starts. PassportEye reads with tesseract's English
data, and with data named `mrz` where --tessdata names a folder that holds it; fastmrz (AGPL) is measured if it is
installed. A reader that is not installed is named and left out.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import importlib.util
import json
import os
import resource
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

Said = tuple[tuple[str, ...], bool]
Reader = Callable[[Path], Said]
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OMP_THREAD_LIMIT", "MKL_NUM_THREADS")
_PEERS = ("own", "passporteye-locator", "passporteye", "passporteye-mrz", "fastmrz")


def _engine(name: str) -> Reader:
    """One of our engines."""
    import cv2
    import numpy as np

    from verify.document.engines import get_engine
    from verify.document.reader import read_mrz

    cv2.setNumThreads(1)
    engine, day = get_engine(name), dt.datetime.now(dt.UTC).date()

    def read(path: Path) -> Said:
        picture = cv2.imread(str(path), cv2.IMREAD_COLOR_RGB)
        if picture is None:
            return (), False
        found = read_mrz(np.asarray(picture, np.uint8), engine, reference_date=day, seconds=60).result
        return (found.lines, found.accepted) if found else ((), False)

    return read


def _passporteye(options: str) -> Reader:
    """PassportEye as its users call it; it vouches for what has a valid score of 100."""
    from passporteye import read_mrz

    def read(path: Path) -> Said:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                found = read_mrz(str(path), extra_cmdline_params=options)
            except (ValueError, TypeError, IndexError, SystemError, OSError):
                return (), False  # it raises on some pages
        if found is None:
            return (), False
        text = found.aux.get("raw_text", "") or ""
        lines = tuple(line.strip().replace(" ", "") for line in text.splitlines() if line.strip())
        return lines, bool(found.valid_score == 100)

    return read


def _fastmrz() -> Reader:
    from fastmrz import FastMRZ

    reader: Any = FastMRZ()

    def read(path: Path) -> Said:
        found = reader.get_details(str(path), include_checkdigit=False)
        lines = tuple(str(found.get("mrz_text", "")).split())
        return lines, found.get("status") == "SUCCESS"

    return read


def _reader(name: str, tessdata: Path | None) -> Reader | str:
    """A reader, or why there is none."""
    if name == "own":
        return _engine("own")
    if name == "fastmrz":
        return _fastmrz() if importlib.util.find_spec("fastmrz") else "is not installed"
    if importlib.util.find_spec("passporteye") is None:
        return "is not installed"
    if name == "passporteye-locator":
        return _engine("passporteye")
    if name == "passporteye":
        return _passporteye("")
    if tessdata is None or not (tessdata / "mrz.traineddata").is_file():
        return "has no data named mrz; give their folder with --tessdata"
    return _passporteye(f"-l mrz --tessdata-dir {tessdata}")


def _files(labels: Path, conditions: Path | None, limit: int) -> list[tuple[Path, tuple[str, ...]]]:
    rows = [json.loads(line) for line in labels.read_text(encoding="utf-8").splitlines()]
    pages = [(str(row["path"]), tuple(row["lines"])) for row in rows if row["kind"] == "page"]
    if conditions is None:
        found = [(labels.parent / path, lines) for path, lines in pages]
    else:
        folders = sorted(one for one in conditions.iterdir() if one.is_dir())
        found = [(one / Path(path).with_suffix(".png"), lines) for one in folders for path, lines in pages]
    return found[:: max(1, len(found) // limit)] if limit else found


def _measure(name: str, files: Sequence[tuple[Path, tuple[str, ...]]], tessdata: Path | None) -> dict[str, object]:
    reader = _reader(name, tessdata)
    if isinstance(reader, str):
        return {"reader": name, "left_out": reader}
    with contextlib.redirect_stdout(sys.stderr):
        reader(files[0][0])
        before, started = _used(), time.monotonic()
        said = [reader(path) for path, _truth in files]
    spent, wall = _used() - before, time.monotonic() - started
    pages = [(lines, sure, truth) for (lines, sure), (_path, truth) in zip(said, files, strict=True)]
    with_zone = [(lines, sure, truth) for lines, sure, truth in pages if truth]
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {
        "reader": name,
        "pages": len(pages),
        "exact": round(sum(lines == truth for lines, _sure, truth in with_zone) / max(1, len(with_zone)), 4),
        "vouched": sum(sure for _lines, sure, _truth in pages),
        "vouched_but_wrong": sum(sure and lines != truth for lines, sure, truth in pages),
        "cpu_ms_a_page": round(spent / len(pages) * 1000, 1),
        "wall_ms_a_page": round(wall / len(pages) * 1000, 1),
        "peak_mb": round(peak / 1024),
    }


def _used() -> float:
    """Processor seconds of this process and of the programs it has started and waited for."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in both)


def main() -> int:
    """Runs from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labels", type=Path)
    parser.add_argument("--conditions", type=Path)
    parser.add_argument("--limit", type=int, default=0, help="about so many pages, evenly spread; default all")
    parser.add_argument("--tessdata", type=Path)
    parser.add_argument("--one", choices=_PEERS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        files = _files(arguments.labels, arguments.conditions, arguments.limit)
        print(json.dumps(_measure(arguments.one, files, arguments.tessdata)))
        return 0
    environment = os.environ | dict.fromkeys(_THREADS, "1")
    cost: dict[str, float] = {}
    for name in _PEERS:
        done = subprocess.run(
            [sys.executable, *sys.argv, "--one", name], env=environment, capture_output=True, text=True
        )
        if done.returncode:
            print(f"{name}: failed\n{done.stderr[-2000:]}", file=sys.stderr)
            continue
        print(done.stdout.strip().splitlines()[-1], flush=True)
        cost[name] = json.loads(done.stdout.strip().splitlines()[-1]).get("cpu_ms_a_page", 0.0)
    if cost.get("own") and cost.get("passporteye"):
        print(f"PassportEye takes {cost['passporteye'] / cost['own']:.1f} times the processor time of own")
    return 0


if __name__ == "__main__":
    sys.exit(main())
