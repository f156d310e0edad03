"""A case of 50 candidates in Chromium: opening it and stepping through it, against an empty page of the same server.

.venv-browser/bin/python scripts/benches/review.py [--candidates 50] [--rounds 15]

scripts/test-browser makes that environment. The three times are taken in turns in one browser, so that load on the
machine meets them alike; what counts are the medians of their ratios. A page counts as loaded when its pictures are
decoded, a step when the next candidate's are. The faces are the invented ones of samples/faces.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from verify.audit import kinds
from verify.batch.codec import ITEM_RESULT
from verify.ledger import ItemRecord, ItemState, JobHeader, Ledger
from verify.model.candidate import Candidate, CandidateList
from verify.model.face import Box, FaceQuality, FaceRole, FaceTemplate
from verify.model.gallery import Entry, EntryKind, Name, Provenance
from verify.model.item import Declared, Item
from verify.model.outcome import FileOutcome, Outcome
from verify.model.result import FileReading, ItemResult, Picture
from verify.model.score import ComparisonScore
from verify.vault.keys import new_data_key

FACES = Path(__file__).parents[2] / "samples" / "faces"
DAY = dt.date(2026, 6, 15)
SERVE = """
import sys
from pathlib import Path
import uvicorn
from verify.model.judgement import ReviewRole
from verify.review import Accounts, Desk, Policy, Sessions
from verify.review.app import create_app
folder, port = Path(sys.argv[1]), int(sys.argv[2])
sessions = Sessions()
with Desk(folder / "job", (folder / "key").read_bytes(), Policy()) as desk:
    desk.begin("bench", 1)
    app = create_app(desk, Accounts(folder / "reviewers.json"), sessions, hosts=(f"127.0.0.1:{port}",))
    print(sessions.link("ann", ReviewRole.REVIEWER), flush=True)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")
"""
LOADED = """async () => {
  await Promise.all([...document.images].filter((one) => one.loading !== "lazy").map((one) => one.decode()));
  return performance.now();
}"""
STEP = """async (index) => {
  const start = performance.now();
  document.querySelectorAll(".questions a")[index].click();
  while (!document.getElementById("asked").textContent.includes(`${index + 1} of`)) {
    await new Promise((done) => setTimeout(done, 1));
  }
  await Promise.all([...document.querySelectorAll("[data-viewer] img")].map((one) => one.decode()));
  return performance.now() - start;
}"""


def make_job(folder: Path, count: int) -> None:
    """One case with this many candidates, each with a picture."""
    key = new_data_key()
    (folder / "key").write_bytes(key)
    moment = dt.datetime(2026, 6, 15, tzinfo=dt.UTC)
    header = JobHeader("bench", moment, "00" * 32, "benchmark", "bench", dt.date(2099, 1, 1), "{}", "0")
    faces = sorted(FACES.glob("*.jpg"))
    pictures = {f"face{at}": faces[at % len(faces)].read_bytes() for at in range(count + 1)}
    origin = Provenance("bench", "", "bench", "none: invented", "benchmark", DAY, DAY, dt.date(2099, 1, 1))
    candidates = tuple(
        Candidate(
            at,
            f"N-{at:03}",
            Entry(f"N-{at:03}", EntryKind.NOMINAL, origin, (Name("SPECIMEN", f"NUMBER {at}"),)),
            ComparisonScore(1 - at / 100, "cosine similarity", "bench", "ab" * 32),
            picture=f"face{at}",
        )
        for at in range(1, count + 1)
    )
    quality = FaceQuality(60, 1, 1)
    probe = FaceTemplate((0.5,), "bench", "ab" * 32, FaceRole.LIVE, Box(0, 0, 9, 9), quality, "capture", "face0")
    shown = (Picture("face0", 360, 450, "face"),)
    outcome = FileOutcome("capture", "bench.jpg", Outcome.OK, "", "", 9, "jpeg", 1)
    reading = FileReading(outcome, faces=(probe,), pictures=shown)
    found = CandidateList("nominals", "cd" * 32, "live capture", count, 0, candidates)
    result = ItemResult(Item("A", DAY, (), Declared("SPECIMEN")), (reading,), (found,))
    event = kinds.item_recorded(
        "bench", "p", item_id="A", source_sha256="0" * 64, fingerprint="f", state=ItemState.DONE
    )
    record = ItemRecord("A", 0, "f", ItemState.DONE, ITEM_RESULT.dump_json(result).decode())
    with Ledger.create(folder / "job", key, header) as ledger:
        ledger.record_item(record, pictures, event)


def timed(page: Any, address: str) -> float:
    """Milliseconds from asking for a page until its pictures are decoded."""
    page.goto(address, wait_until="load")
    return float(page.evaluate(LOADED))


def measure(page: Any, place: str, rounds: int, count: int) -> list[dict[str, float]]:
    """The three times of each round, in turns."""
    found = []
    for at in range(rounds + 2):
        once = {"empty": timed(page, f"{place}/nowhere"), "open": timed(page, f"{place}/case/1/0")}
        steps = [float(page.evaluate(STEP, (at * 3 + more) % (count - 1) + 1)) for more in range(3)]
        found.append({**once, "next": statistics.median(steps)})
    return found[2:]  # the first two warm the browser and the server


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--candidates", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=15)
    chosen = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        sys.exit("review: Playwright is missing; scripts/test-browser makes .venv-browser, which has it")
    with socket.socket() as free, tempfile.TemporaryDirectory() as name:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        make_job(Path(name), chosen.candidates)
        server = subprocess.Popen([sys.executable, "-c", SERVE, name, str(port)], stdout=subprocess.PIPE, text=True)
        assert server.stdout is not None
        try:
            token, place = server.stdout.readline().strip(), f"http://127.0.0.1:{port}"
            with sync_playwright() as playwright:
                arguments = ["--no-sandbox", "--disable-gpu", "--disable-quic"]
                page = playwright.chromium.launch(executable_path=chromium, args=arguments).new_page()
                for _ in range(100):
                    try:
                        page.goto(f"{place}/sign-in?token={token}")
                        break
                    except Error as error:  # the server is still starting
                        if "ERR_CONNECTION_REFUSED" not in str(error):
                            raise
                        time.sleep(0.1)
                found = measure(page, place, chosen.rounds, chosen.candidates)
        finally:
            server.terminate()
            server.wait()
            server.stdout.close()
    for what in ("empty", "open", "next"):
        print(f"{what:6} {statistics.median(one[what] for one in found):8.1f} ms, median of {len(found)}")
    ratios = {what: statistics.median(one[what] / one["empty"] for one in found) for what in ("open", "next")}
    print(json.dumps({"candidates": chosen.candidates, **{name: round(value, 2) for name, value in ratios.items()}}))


if __name__ == "__main__":
    main()
