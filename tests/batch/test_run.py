"""A run with fake workers: resumed, interrupted, refused, locked, and nothing personal in the clear."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from verify.audit import verify_chain, verify_results
from verify.batch import Commission, Summary, open_lists, read_manifest, run, runner
from verify.batch.codec import ITEM_RESULT, RUN_RECORD
from verify.errors import ExitCode, LockedError, MissingEngineError, PolicyError
from verify.ledger import ItemState, Ledger
from verify.model.outcome import Outcome
from verify.settings import Settings

from .conftest import ENGINES_BAD, FakePool, told

ROOT = Path(__file__).parents[2]
HEADER = "schema_version,item_id,role,path,inspection_date,declared_primary_identifier\n"
PLANTED = "ZZPLANTEDNAME"
WORDS = {"A": "good", "B": "SEGV", "C": "good", "D": None, "E": "", "F": "good"}


@pytest.fixture(autouse=True)
def fakes(fake_workers: type[FakePool[tuple[int, int]]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "get_batch_engine", fake_workers)


def manifest(folder: Path, words: dict[str, str | None], name: str = "manifest.csv") -> Path:
    """One item of one file each, no two alike; None for a file that is not there."""
    lines = []
    for item_id, word in words.items():
        if word is not None:
            (folder / f"{item_id}.jpg").write_text(word and f"{word} {item_id}")
        lines.append(f"1,{item_id},document,{item_id}.jpg,2026-06-15,{PLANTED}\n")
    path = folder / name
    path.write_text(HEADER + "".join(lines))
    return path


@pytest.fixture
def place(tmp_path: Path) -> Path:
    manifest(tmp_path, WORDS)
    return tmp_path


Go = Callable[..., Summary]


@pytest.fixture
def go(place: Path, kek: bytes, quick: Settings) -> Go:
    def start(
        *, resume: bool = False, retry_failed: bool = False, name: str = "manifest.csv", **changes: object
    ) -> Summary:
        commission = Commission(
            read_manifest(place / name), place / "job", kek, "operator-7", "a purpose", resume, retry_failed
        )
        return run(commission, quick.model_copy(update=changes), ())

    return start


def outcomes(job: Path, kek: bytes) -> dict[str, Outcome]:
    with Ledger.open(job, kek, "read") as ledger:
        results = [ITEM_RESULT.validate_json(one.payload) for one in ledger.items()]
    return {one.item.item_id: one.readings[0].outcome.outcome for one in results}


def actions(job: Path, kek: bytes) -> Counter[str]:
    with Ledger.open(job, kek, "read") as ledger:
        assert verify_chain(ledger).valid
        assert verify_results(ledger) == ()
        return Counter(str(event.fields()["action"]) for event in ledger.events())


def test_each_item_is_recorded_once_and_a_bad_file_stops_nothing(place: Path, kek: bytes, go: Go) -> None:
    seen: list[tuple[int, int]] = []
    commission = Commission(read_manifest(place / "manifest.csv"), place / "job", kek, "operator-7", "a purpose")
    summary = run(commission, Settings(jobs=2), (), progress=lambda done, total: seen.append((done, total)))
    assert summary.exit_code == ExitCode.SOME_UNREADABLE
    assert (summary.items, summary.resumed, summary.unread) == (6, 0, 3)
    assert seen == [(n, 6) for n in range(1, 7)]
    assert outcomes(place / "job", kek) == {
        "A": Outcome.OK,
        "B": Outcome.CRASH,
        "C": Outcome.OK,
        "D": Outcome.REFUSED,
        "E": Outcome.DAMAGED,
        "F": Outcome.OK,
    }
    counted = actions(place / "job", kek)
    assert counted == {"run_started": 1, "item_recorded": 6, "linkage_recorded": 1, "run_ended": 1}
    with Ledger.open(place / "job", kek, "read") as ledger:
        assert ledger.states()["B"] is ItemState.FAILED
        assert ledger.counts()[ItemState.DONE] == 5
        assert ledger.blob("A", "document.page") == b"good"
        (record,) = (RUN_RECORD.validate_json(one) for one in ledger.runs())
    assert record.ended is not None
    assert record.sandbox_layers == ("pretended",)
    assert [one.name for one in record.engines] == ["fake reader 1", "fake faces 1"]


def test_all_good_ends_with_zero(tmp_path: Path, kek: bytes, quick: Settings) -> None:
    path = manifest(tmp_path, {"A": "good", "B": "good"})
    summary = run(Commission(read_manifest(path), tmp_path / "job", kek, "o", "p"), quick, ())
    assert summary.unread == 0
    assert summary.exit_code in {ExitCode.OK, *(code for code in ExitCode if 11 <= code <= 14)}


def test_resuming_does_nothing_twice_but_what_may_succeed_now(place: Path, kek: bytes, go: Go) -> None:
    go()
    before = actions(place / "job", kek)
    again = go(resume=True)
    assert (again.items, again.resumed) == (6, 6)  # B's worker died: tried again only when asked for
    assert actions(place / "job", kek)["item_recorded"] == before["item_recorded"]
    again = go(resume=True, retry_failed=True)
    assert (again.items, again.resumed) == (6, 5)
    assert actions(place / "job", kek)["item_recorded"] == before["item_recorded"] + 1
    with Ledger.open(place / "job", kek, "read") as ledger:
        standing = ledger.standing("B")
        assert standing is not None
        assert (standing.state, standing.attempts, standing.why) == (ItemState.POISON, 2, "tried again after crash")
    assert go(resume=True, retry_failed=True).resumed == 6, "what killed its worker twice is not tried again by itself"
    (place / "B.jpg").write_text("good")
    assert go(resume=True).resumed == 5
    assert outcomes(place / "job", kek)["B"] is Outcome.OK
    done = actions(place / "job", kek)
    assert go(resume=True).resumed == 6
    assert actions(place / "job", kek)["item_recorded"] == done["item_recorded"]


@pytest.mark.parametrize(("item_id", "content"), [("A", "other"), ("D", "here now"), ("E", "no longer empty")])
def test_a_changed_file_is_read_again(place: Path, kek: bytes, go: Go, item_id: str, content: str) -> None:
    (place / "B.jpg").write_text("good")
    go()
    (place / f"{item_id}.jpg").write_text(content)
    summary = go(resume=True)
    assert (summary.items, summary.resumed) == (6, 5)
    assert outcomes(place / "job", kek)[item_id] is Outcome.OK


def test_a_removed_file_is_noticed(place: Path, kek: bytes, go: Go) -> None:
    (place / "B.jpg").write_text("good")
    go()
    (place / "A.jpg").unlink()
    assert go(resume=True).resumed == 5
    assert outcomes(place / "job", kek)["A"] is Outcome.REFUSED


@pytest.mark.parametrize(
    ("changes", "resumed"),
    [({"jobs": 1}, 6), ({"retention_days": 3}, 6), ({"fpir": 0.123}, 0), ({"profile": "specimen"}, 0)],
)
def test_settings_that_change_results_do_every_item_again(
    place: Path, go: Go, changes: dict[str, object], resumed: int
) -> None:
    (place / "B.jpg").write_text("good")
    go()
    assert go(resume=True, **changes).resumed == resumed


def test_another_list_does_every_item_again(place: Path, kek: bytes, quick: Settings) -> None:
    (place / "B.jpg").write_text("good")
    lists = open_lists([ROOT / "samples" / "checkpoint" / "watchlist.csv"], [], kek)
    commission = Commission(read_manifest(place / "manifest.csv"), place / "job", kek, "o", "p")
    run(commission, quick, ())
    again = dataclasses.replace(commission, resume=True)
    assert run(again, quick, lists).resumed == 0
    assert run(again, quick, lists).resumed == 6
    changed = (dataclasses.replace(lists[0], version="00" * 32),)
    assert run(again, quick, changed).resumed == 0


def test_a_chip_dump_that_is_no_zip_is_unsupported_and_done_once(tmp_path: Path, kek: bytes) -> None:
    """With the real stages, which a fake worker does not run."""
    import datetime as dt

    from verify.batch.stages import Engines, read_file
    from verify.model.item import ItemFile, Role

    (tmp_path / "dump.bin").write_bytes(b"\x60\x14")
    descriptor = os.open(tmp_path / "dump.bin", os.O_RDONLY)
    try:
        engines = Engines(mrz=None, face=None)  # type: ignore[arg-type]
        reading, pictures = read_file(
            descriptor, ItemFile(Role.CHIP, "dump.bin"), engines, Settings(), dt.date(2026, 6, 15)
        )
    finally:
        os.close(descriptor)
    assert reading.outcome.outcome is Outcome.UNSUPPORTED
    assert (reading.mrz_reason, reading.face_reason, pictures) == ("", "the file is unsupported", {})
    assert len(reading.outcome.sha256) == 64, "without it every resumed run would do the item again"


def test_without_resume_a_job_is_not_gone_on_with(go: Go) -> None:
    go()
    with pytest.raises(PolicyError, match="--resume") as refused:
        go()
    assert refused.value.exit_code == ExitCode.POLICY


def test_the_job_of_another_manifest_is_refused(place: Path, kek: bytes, go: Go) -> None:
    go()
    before = actions(place / "job", kek)
    manifest(place, {"X": "good"}, "other.csv")
    with pytest.raises(PolicyError, match="another manifest") as refused:
        go(resume=True, name="other.csv")
    assert refused.value.exit_code == ExitCode.POLICY
    assert actions(place / "job", kek) == before


def test_resume_begins_where_there_is_no_job(go: Go) -> None:
    assert go(resume=True).items == 6


def test_another_key_does_not_open_the_job(place: Path, go: Go, quick: Settings) -> None:
    go()
    commission = Commission(read_manifest(place / "manifest.csv"), place / "job", bytes(32), "o", "p", resume=True)
    with pytest.raises(PolicyError, match="key"):
        run(commission, quick, ())


def test_a_second_run_at_once_is_locked_out(place: Path, kek: bytes, quick: Settings, go: Go) -> None:
    seen: list[ExitCode] = []

    def meanwhile(done: int, _total: int) -> None:
        if done == 1:
            with pytest.raises(LockedError) as refused:
                go(resume=True)
            seen.append(refused.value.exit_code)

    commission = Commission(read_manifest(place / "manifest.csv"), place / "job", kek, "o", "p")
    assert run(commission, quick, (), progress=meanwhile).items == 6
    assert seen == [ExitCode.LOCKED]


def test_a_missing_engine_leaves_a_job_that_can_be_resumed(go: Go, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAD_START", "failed")
    with pytest.raises(MissingEngineError):
        go()
    monkeypatch.delenv("BAD_START")
    assert go(resume=True).items == 6


@pytest.mark.parametrize(
    ("name", "value"), [("FAKE_SHA256", "ab" * 32), ("FAKE_CARD", "nowhere")], ids=["another network", "no card"]
)
def test_without_a_measured_model_there_is_no_threshold_and_the_run_goes_on(
    place: Path, kek: bytes, go: Go, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert go().items == 6
    with Ledger.open(place / "job", kek, "read") as ledger:
        (record,) = (RUN_RECORD.validate_json(one) for one in ledger.runs())
    assert record.thresholds == ()


def test_nothing_personal_lies_about_in_the_clear(
    place: Path, go: Go, kek: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    go()
    said = capfd.readouterr()
    assert PLANTED not in said.out + said.err
    files = [path for path in (place / "job").rglob("*") if path.is_file()]
    assert files
    assert [path for path in files if PLANTED.encode() in path.read_bytes()] == []
    assert [path for path in files if path.stat().st_mode & 0o077] == []
    with Ledger.open(place / "job", kek, "read") as ledger:
        assert PLANTED in next(iter(ledger.items())).payload, "or this test would see nothing"
        assert [event for event in ledger.events() if PLANTED.encode() in event.body] == []


# --- interrupted -----------------------------------------------------------------------------------------------------

_CHILD = """
import json, sys
from pathlib import Path
from typing import TypeVar
from verify.batch import Commission, read_manifest, run, runner
from verify.batch.engines.local import Pool
from verify.settings import Limits, Settings
K = TypeVar("K")
class FakePool(Pool[K]):
    def __init__(self, settings):
        super().__init__(settings, module="worker")
runner.get_batch_engine = FakePool
runner.describe_engines = lambda settings: json.loads(sys.argv[3])
folder, kek = Path(sys.argv[1]), bytes.fromhex(sys.argv[2])
commission = Commission(read_manifest(folder / "manifest.csv"), folder / "job", kek, "o", "p", True)
settings = Settings(jobs=1, limits=Limits(seconds=30))
summary = run(commission, settings, (), progress=lambda done, total: print(done, flush=True))
print(json.dumps({"items": summary.items, "resumed": summary.resumed}), flush=True)
sys.exit(int(summary.exit_code))
"""


def started(folder: Path, kek: bytes) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ENGINES_BAD)])}
    return subprocess.Popen(
        [sys.executable, "-c", _CHILD, str(folder), kek.hex(), json.dumps(told())],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_run_after_the_items_in_flight(tmp_path: Path, kek: bytes, number: signal.Signals) -> None:
    words = {f"I{n:02}": "SLEEP" for n in range(40)}
    manifest(tmp_path, words)
    with started(tmp_path, kek) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "1\n"
        child.send_signal(number)
        rest = child.stdout.read().splitlines()
    assert child.returncode == ExitCode.INTERRUPTED
    done = json.loads(rest[-1])["items"]
    assert 1 <= done <= 5
    with Ledger.open(tmp_path / "job", kek, "read") as ledger:
        assert len(ledger.states()) == done
        assert verify_chain(ledger).valid
        (record,) = (RUN_RECORD.validate_json(one) for one in ledger.runs())
        assert record.ended is None
    manifest(tmp_path, dict.fromkeys(words, "SLEEP"))
    with started(tmp_path, kek) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == f"{done + 1}\n"
        child.kill()
        child.communicate()
    with Ledger.open(tmp_path / "job", kek, "read") as ledger:
        assert verify_chain(ledger).valid, "killed outright: the chain holds all the same"
        assert len(ledger.states()) > done


@pytest.mark.slow
def test_a_second_signal_ends_the_run_at_once(tmp_path: Path, kek: bytes) -> None:
    manifest(tmp_path, {"A": "good", "B": "LOOP"})
    begun = time.monotonic()
    with started(tmp_path, kek) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "1\n"
        child.send_signal(signal.SIGINT)
        time.sleep(0.2)
        child.send_signal(signal.SIGINT)
        child.communicate(timeout=20)
    assert time.monotonic() - begun < 20, "did not wait the 30 seconds that the file may take"
    assert child.returncode in (ExitCode.INTERRUPTED, -signal.SIGINT)
    with Ledger.open(tmp_path / "job", kek, "read") as ledger:
        assert set(ledger.states()) == {"A"}
        assert verify_chain(ledger).valid
