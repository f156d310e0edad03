"""How many faults of each kind, how a batch is run under them, and the table of what was seen."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import secrets
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from verify.audit import verify_chain, verify_results
from verify.batch.codec import ITEM_RESULT
from verify.ledger import Ledger
from verify.model.outcome import Outcome
from verify.runtime import load_card
from verify.vault.keys import create_key_file, load_key_file

TESTS = Path(__file__).parents[1]
FULL = os.environ.get("VERIFY_FAULTS") == "full"
JOBS = 2
CARD = "dlib-resnet-v1"
DOCUMENTED = {0, 1, 2, 3, 4, 5, 11, 12, 13, 14, 75, 130}  # docs/exit-codes.md
_HEADER = "schema_version,item_id,role,path,inspection_date\n"
_PATIENCE = 120.0


# --- how many ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Counts:
    """How many faults of each kind; `writes` 0 stands for every write there is."""

    kills: int = 200
    disks: int = 40
    writes: int = 0
    workers: int = 50
    races: int = 50
    flips: int = 1000
    turns: int = 6


_FAST = Counts(kills=5, disks=2, writes=4, workers=3, races=1, flips=60, turns=2)


@pytest.fixture(scope="session")
def counts() -> Counts:
    return Counts() if FULL else _FAST


def spread(low: float, high: float, count: int) -> list[float]:
    """`count` numbers from low to high, both included."""
    return [low + (high - low) * n / max(1, count - 1) for n in range(count)]


# --- the table --------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Row:
    """One line of docs/faults.md."""

    fault: str
    holds: str
    injected: int = 0
    seen: str = ""
    outcome: str = "FAILED"


_rows = pytest.StashKey[list[Row]]()


@pytest.fixture
def row(request: pytest.FixtureRequest) -> Iterator[Row]:
    """The line of the table that this test fills in; `held` only when the test came to its end."""
    entry = Row("", "")
    request.config.stash.setdefault(_rows, []).append(entry)
    yield entry
    report = getattr(request.node, "report_of_call", None)
    if report is None or report.skipped:
        entry.outcome = "not run"
        entry.fault = entry.fault or request.node.name
    elif report.passed:
        entry.outcome = "held"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.when == "call":
        item.report_of_call = report
    return report


_TITLE = """# Faults

Written by `scripts/test-faults` from runs of `tests/faults`, the last one on {machine}. A row is of its day; a run of
some of the tests (`scripts/test-faults -k killed`) renews their rows only. No figure is typed in.

| fault | must hold | injected | seen | outcome | day |
|---|---|---|---|---|---|
"""


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Writes the table when `scripts/test-faults` asks for it."""
    place = os.environ.get("VERIFY_FAULTS_TABLE")
    if not place or not (rows := session.config.stash.get(_rows, [])):
        return
    path, day = Path(place), dt.datetime.now(dt.UTC).date()
    earlier = path.read_text(encoding="utf-8").splitlines()[7:] if path.exists() else []
    table = {line.split(" | ")[0].removeprefix("| "): line for line in earlier}
    for one in rows:
        cells = (one.fault, one.holds, str(one.injected), one.seen, one.outcome, str(day))
        table[one.fault] = f"| {' | '.join(cells)} |"
    system = f"{platform.system()} {platform.release()} ({platform.machine()}"
    machine = f"{system}, {os.cpu_count()} processors), Python {platform.python_version()}"
    path.write_text(_TITLE.format(machine=machine) + "\n".join(table.values()) + "\n", encoding="utf-8")


# --- a batch under faults ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def preload(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """The library that meddles with writes and the clock; None without a C compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return None
    library = tmp_path_factory.mktemp("meddle") / "meddle.so"
    source = Path(__file__).with_name("meddle.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    return library


@dataclass(slots=True)
class Job:
    """A manifest, a key and a place for the ledger. `alter` and the rest of an order: see `runs.py`."""

    folder: Path
    directory: Path
    mark: str = field(default_factory=lambda: secrets.token_hex(8))

    @classmethod
    def of(cls, folder: Path, words: dict[str, str], directory: Path | None = None) -> Job:
        """One item of one file each; no two files alike."""
        folder.mkdir(parents=True, exist_ok=True)
        for item_id, word in words.items():
            (folder / f"{item_id}.jpg").write_text(f"{word} {item_id}")
        rows = "".join(f"1,{item_id},document,{item_id}.jpg,2026-06-15\n" for item_id in words)
        (folder / "manifest.csv").write_text(_HEADER + rows)
        create_key_file(folder / "key")
        return cls(folder, directory or folder / "job")

    @property
    def kek(self) -> bytes:
        return load_key_file(self.folder / "key")

    @property
    def tally(self) -> list[str]:
        """Items that a worker computed, in their order, again and again."""
        path = self.folder / "tally"
        return path.read_text().split() if path.exists() else []

    def order(self, out: Path, **meddle: object) -> dict[str, object]:
        arguments = ["run", self.folder / "manifest.csv", "--job", self.directory, "--purpose", "p", "--operator", "o"]
        arguments += ["--key-file", self.folder / "key", "--jobs", JOBS, "--settings", self.folder / "verify.toml"]
        (self.folder / "verify.toml").write_text("[limits]\nseconds = 0.5\n")
        arguments += ["--resume", "--quiet"]
        words = [str(word) for word in arguments]
        order = {"out": str(out), "mark": self.mark, "job": str(self.directory), "tally": str(self.folder / "tally")}
        return {**order, "arguments": words, **meddle}

    def processes(self) -> list[int]:
        """Ids of the running processes that belong to this job."""
        found = []
        for path in Path("/proc").glob("[0-9]*/environ"):
            try:
                mine = f"FAULT_MARK={self.mark}".encode() in path.read_bytes()
            except OSError:  # ended meanwhile, or not ours
                continue
            found += [int(path.parent.name)] if mine else []
        return found

    def all_ended(self, seconds: float = 5.0) -> bool:
        """Whether they are all gone within so long."""
        until = time.monotonic() + seconds
        while self.processes():
            if time.monotonic() > until:
                return False
            time.sleep(0.02)
        return True

    def recorded(self) -> list[str]:
        """Items of the ledger, which is sound, each once; empty before there is one."""
        if not (self.directory / "ledger.db").exists():
            return []
        with Ledger.open(self.directory, self.kek, "read") as ledger:
            assert verify_chain(ledger).valid
            assert verify_results(ledger) == ()
            recorded = [one.item_id for one in ledger.items()]  # read once: a run may be writing meanwhile
        assert len(recorded) == len({*recorded})
        return recorded

    def outcomes(self) -> dict[str, Outcome]:
        with Ledger.open(self.directory, self.kek, "read") as ledger:
            results = [ITEM_RESULT.validate_json(one.payload) for one in ledger.items()]
        return {one.item.item_id: one.readings[0].outcome.outcome for one in results}


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended, and what it printed: ids of recorded items, then perhaps a message."""

    code: int
    text: str

    def with_a_clear_message(self) -> bool:
        """Documented code, and when it failed one line that says what to do."""
        last = self.text.splitlines()[-1:] or [""]
        said = self.code in (0, 4, 11, 12, 13, 14) or last[0].startswith(("verify: ", "Error: "))
        return self.code in DOCUMENTED and "Traceback" not in self.text and said


class Runs:
    """Begins runs in the process of `runs.py`."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        self._process, self._folder, self._number = process, folder, 0
        self._out: dict[int, Path] = {}

    def _ask(self, question: dict[str, object]) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question).encode() + b"\n")
        self._process.stdin.flush()
        ready, _, _ = select.select([self._process.stdout], [], [], _PATIENCE)
        assert ready, f"no answer to {question}"
        return int(self._process.stdout.readline())

    def begin(self, job: Job, **meddle: object) -> int:
        """Starts a run, which resumes where there is a ledger; returns its process id."""
        self._number += 1
        out = self._folder / f"{self._number}.out"
        pid = self._ask(job.order(out, **meddle))
        self._out[pid] = out
        return pid

    def end(self, pid: int) -> Ended:
        """Waits for it."""
        code = self._ask({"wait": pid})
        out = self._out.pop(pid)
        return Ended(code, out.read_text() if out.exists() else "")

    def go(self, job: Job, **meddle: object) -> Ended:
        """A whole run."""
        return self.end(self.begin(job, **meddle))


@pytest.fixture(scope="module")
def runs(preload: Path | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    folder = tmp_path_factory.mktemp("out")
    folder.chmod(0o777)
    card = load_card(CARD)  # so that a run has thresholds, as with the real engine
    engines = {"mrz": "fake reader 1", "face": "fake faces 1", "face_sha256": card.sha256, "face_card": CARD}
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(TESTS.parent), str(TESTS / "engines_bad")]),
        "OPENBLAS_NUM_THREADS": "1",
        "FAKE_ENGINES": json.dumps(engines),
        "FAKE_SHA256": card.sha256,
        "FAKE_CARD": CARD,
        **({"LD_PRELOAD": str(preload)} if preload else {}),
    }
    process = subprocess.Popen(
        [sys.executable, Path(__file__).with_name("runs.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
        env=environment,
    )
    with process:
        yield Runs(process, folder)
        assert process.stdin is not None
        process.stdin.close()


@pytest.fixture(scope="session")
def library(preload: Path | None) -> Path:
    """For the tests that can do nothing without."""
    return preload or pytest.skip("no C compiler: writes and the clock cannot be meddled with")


@contextmanager
def tmpfs(place: Path, options: str) -> Iterator[None]:
    """A small file system of its own; needs root."""
    place.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", place], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"no tmpfs can be mounted here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", place], check=True)


def remount(place: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", place], check=True)
