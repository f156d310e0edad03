"""A watched folder: finished files become jobs, each once, whatever is half there, killed or torn."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from verify.batch import runner
from verify.batch.codec import ITEM_RESULT
from verify.batch.finished import Finished, role_of
from verify.batch.journal import Journal
from verify.batch.watch import WatchOrder, watch
from verify.errors import DamagedStoreError, ExitCode, LockedError, UsageError
from verify.ledger import Ledger
from verify.model.item import Role
from verify.settings import Settings
from verify.vault.lock import WriterLock

from .conftest import ENGINES_BAD, FakePool, told

ROOT = Path(__file__).parents[2]
HEADER = "schema_version,item_id,role,path,inspection_date\n"
NAME = "ZZPLANTED_HANNA"
Once = Callable[[], ExitCode]


@pytest.fixture(autouse=True)
def fakes(fake_workers: type[FakePool[tuple[int, int]]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "get_batch_engine", fake_workers)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def once(tmp_path: Path, inbox: Path, kek: bytes, quick: Settings) -> Once:
    order = WatchOrder(inbox, tmp_path / "jobs", kek, "operator-7", "a purpose", settle=0.05, once=True)
    return lambda: watch(order, quick, lambda: ())


def jobs(folder: Path, kek: bytes) -> list[dict[str, list[tuple[str, str]]]]:
    """Of each job, by name: its items, each with (role, path) of its files."""
    found = []
    for path in sorted(one for one in (folder / "jobs").iterdir() if one.is_dir()):
        with Ledger.open(path, kek, "read") as ledger:
            items = [ITEM_RESULT.validate_json(one.payload).item for one in ledger.items()]
        found.append({item.item_id: [(str(file.role), file.path) for file in item.files] for item in items})
    return found


# --- what is finished ---


@pytest.mark.parametrize(
    ("stem", "name", "role"),
    [
        ("ABC_capture", "ABC", Role.CAPTURE),
        ("ABC_FRONT", "ABC", Role.DOCUMENT_FRONT),
        ("A_B_back", "A_B", Role.DOCUMENT_BACK),
        ("ABC_visa", "ABC", Role.VISA),
        ("ABC_document", "ABC", Role.DOCUMENT),
        ("ABC", "ABC", Role.DOCUMENT),
        ("_front", "_front", Role.DOCUMENT),
    ],
)
def test_the_end_of_a_name_tells_the_role(stem: str, name: str, role: Role) -> None:
    assert role_of(stem) == (name, role)


def test_a_file_is_finished_when_it_stays_the_same(inbox: Path) -> None:
    (inbox / "a.jpg").write_text("one")
    finished = Finished(inbox, 0.1)
    assert finished.look().groups == []
    assert finished.look().groups == [], "not long enough"
    time.sleep(0.15)
    (inbox / "a.jpg").write_text("one and more")
    assert finished.look().groups == [], "it grew"
    time.sleep(0.15)
    assert finished.look().groups == [[inbox / "a.jpg"]]


@pytest.mark.parametrize("name", ["a.jpg.part", "a.TMP", "a.jpg.crdownload", ".a.jpg", "a.json"])
def test_what_is_partial_by_its_name_or_a_record_is_no_scan(inbox: Path, name: str) -> None:
    (inbox / name).write_text("one")
    finished = Finished(inbox, 0.0)
    finished.look()
    assert finished.look().groups == []


def test_a_group_waits_for_all_of_its_files_and_links_and_folders_are_left(inbox: Path) -> None:
    (inbox / "A_front.jpg").write_text("f")
    (inbox / "B.jpg").write_text("b")
    (inbox / "link.jpg").symlink_to("B.jpg")
    (inbox / "folder").mkdir()
    finished = Finished(inbox, 0.05)
    finished.look()
    time.sleep(0.1)
    (inbox / "A_capture.jpg").write_text("c")
    assert finished.look().groups == [[inbox / "B.jpg"]]
    time.sleep(0.1)
    assert finished.look().groups == [[inbox / "A_capture.jpg", inbox / "A_front.jpg"], [inbox / "B.jpg"]]


def test_a_manifest_waits_for_the_files_it_names_and_they_are_no_loose_scans(inbox: Path) -> None:
    (inbox / "files").mkdir()
    (inbox / "m.csv").write_text(
        HEADER + "1,A,document,a.jpg,2026-06-15\n1,B,document,files/b.jpg,2026-06-15\n"
        "1,C,document,../../outside.jpg,2026-06-15\n1,D,document,never.jpg,2026-06-15\n"
    )
    (inbox / "a.jpg").write_text("a")
    finished = Finished(inbox, 0.05)
    finished.look()
    time.sleep(0.1)
    (inbox / "files" / "b.jpg").write_text("b")
    assert finished.look().manifests == []
    time.sleep(0.1)
    found = finished.look()
    assert found.manifests == [(inbox / "m.csv", [inbox / "a.jpg"])]
    assert found.groups == []


# --- jobs ---


def test_scans_and_manifests_become_jobs_once(tmp_path: Path, inbox: Path, kek: bytes, once: Once) -> None:
    (inbox / "m.csv").write_text(HEADER + "1,M1,document,m.jpg,2026-06-15\n")
    for name in ("m.jpg", "A_front.jpg", "A_back.jpg", "A_capture.jpg", "B.jpg"):
        (inbox / name).write_text(f"good {name}")
    assert once() in {ExitCode.OK, *(code for code in ExitCode if 11 <= code <= 14)}
    first, second = jobs(tmp_path, kek)
    assert first == {"M1": [("document", "m.jpg")]}
    assert second == {
        "scan-0001": [
            ("document_back", "A_back.jpg"), ("capture", "A_capture.jpg"), ("document_front", "A_front.jpg"),
        ],
        "scan-0002": [("document", "B.jpg")],
    }  # fmt: skip
    assert once() == ExitCode.OK
    assert len(jobs(tmp_path, kek)) == 2
    (inbox / "B.jpg").write_text("good but another")
    (inbox / "copy.jpg").write_text("good A_front.jpg")
    once()
    assert jobs(tmp_path, kek)[2:] == [
        {"scan-0001": [("document", "B.jpg")], "scan-0002": [("document", "copy.jpg")]}
    ], "by path and content"


def test_what_cannot_be_read_is_run_too_and_once(tmp_path: Path, inbox: Path, kek: bytes, once: Once) -> None:
    (inbox / "empty.jpg").touch()
    Path(os.fsdecode(os.fsencode(inbox) + b"/n\xff.jpg")).write_text("good")
    assert once() == ExitCode.SOME_UNREADABLE
    assert sorted(path for files in jobs(tmp_path, kek)[0].values() for _role, path in files) == ["empty.jpg", "n?.jpg"]
    assert once() == ExitCode.OK
    assert len(jobs(tmp_path, kek)) == 1


def test_a_manifest_that_is_wrong_is_told_once_and_stops_nothing(
    tmp_path: Path, inbox: Path, kek: bytes, once: Once, caplog: pytest.LogCaptureFixture
) -> None:
    (inbox / f"{NAME}.csv").write_text("no,columns\n")
    (inbox / "z.csv").write_text(HEADER + "1,Z,document,z.jpg,2026-06-15\n")
    (inbox / "z.jpg").write_text("good")
    assert once() == ExitCode.USAGE
    assert jobs(tmp_path, kek) == [{"Z": [("document", "z.jpg")]}]
    assert "manifest refused" in caplog.text
    assert NAME not in caplog.text
    assert once() == ExitCode.OK, "told once"


def test_a_job_that_was_cut_short_is_gone_on_with(tmp_path: Path, inbox: Path, kek: bytes, once: Once) -> None:
    (inbox / "m.csv").write_text(HEADER + "1,M1,document,m.jpg,2026-06-15\n")
    (inbox / "m.jpg").write_text("good")
    (inbox / "B.jpg").write_text("good B")
    once()
    journal = tmp_path / "jobs" / "watch.jsonl"
    lines = journal.read_text().splitlines(keepends=True)
    assert [("begun" in line, "ended" in line) for line in lines] == [(True, False), (False, True)] * 2
    journal.write_text(lines[0] + lines[2] + lines[3][:10])  # two begun, one torn line
    assert once() in {ExitCode.OK, *(code for code in ExitCode if 11 <= code <= 14)}
    assert len(jobs(tmp_path, kek)) == 2, "no job twice"
    ended = [json.loads(line) for line in journal.read_text().splitlines()]
    assert [("ended" in line) for line in ended] == [False, False, True, True]
    assert once() == ExitCode.OK


def test_a_job_in_use_is_tried_again(tmp_path: Path, inbox: Path, kek: bytes, once: Once) -> None:
    (inbox / "B.jpg").write_text("good B")
    once()
    (job,) = (one for one in (tmp_path / "jobs").iterdir() if one.is_dir())
    journal = tmp_path / "jobs" / "watch.jsonl"
    journal.write_text(journal.read_text().splitlines(keepends=True)[0])
    with WriterLock(job / "lock"):
        assert once() == ExitCode.LOCKED
    assert once() != ExitCode.LOCKED
    assert Journal(journal).begun == {}


def test_nothing_that_names_anybody_is_kept_or_logged(
    tmp_path: Path, inbox: Path, once: Once, caplog: pytest.LogCaptureFixture
) -> None:
    (inbox / f"{NAME}_capture.jpg").write_text("SEGV")
    (inbox / f"{NAME}.csv").write_text(HEADER + f"1,M1,document,{NAME}.jpg,2026-06-15\n")
    caplog.set_level("DEBUG", "verify")
    once()
    assert "item recorded" in caplog.text
    said = caplog.text + "".join(str(vars(record)) for record in caplog.records)
    assert NAME not in said
    kept = [path for path in (tmp_path / "jobs").rglob("*") if path.is_file()]
    assert len(kept) >= 4
    assert [path for path in kept if NAME.encode() in path.read_bytes()] == []
    (ours,) = (inbox / ".verify").iterdir()
    assert NAME in ours.read_text(), "or this test would see nothing"
    assert ours.stat().st_mode & 0o077 == 0


def test_two_watchers_and_a_folder_that_is_none_are_refused(tmp_path: Path, inbox: Path, once: Once) -> None:
    (tmp_path / "jobs").mkdir()
    with WriterLock(tmp_path / "jobs" / "watch.lock"), pytest.raises(LockedError):
        once()
    inbox.rmdir()
    with pytest.raises(UsageError, match="cannot be listed"):
        once()


def test_a_journal_that_is_not_ours_is_not_built_upon(tmp_path: Path) -> None:
    for content in ("{}\n", "what\n", '{"begun": "a", "files": 3}\n'):
        (tmp_path / "j").write_text(content)
        with pytest.raises(DamagedStoreError, match="j:1"):
            Journal(tmp_path / "j")


_CHILD = """
import json, sys
from pathlib import Path
from verify.batch import runner
from verify.batch.engines.local import Pool
from verify.batch.watch import WatchOrder, watch
from verify.settings import Settings
runner.get_batch_engine = lambda settings: Pool(settings, module="worker")
runner.describe_engines = lambda settings: json.loads(sys.argv[3])
folder, kek = Path(sys.argv[1]), bytes.fromhex(sys.argv[2])
order = WatchOrder(folder / "inbox", folder / "jobs", kek, "o", "p", settle=0.2)
sys.exit(int(watch(order, Settings(jobs=1), lambda: ())))
"""


def started(folder: Path, kek: bytes) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ENGINES_BAD)])}
    command = [sys.executable, "-c", _CHILD, str(folder), kek.hex(), json.dumps(told())]
    return subprocess.Popen(command, text=True, env=environment)


def wait_for(folder: Path, what: str) -> None:
    journal = folder / "jobs" / "watch.jsonl"
    for _ in range(300):
        if journal.exists() and what in journal.read_text():
            return
        time.sleep(0.05)
    pytest.fail(f"no {what} in the journal")


@pytest.mark.slow
def test_sigterm_lets_the_job_in_flight_end(tmp_path: Path, inbox: Path, kek: bytes) -> None:
    for number in range(6):
        (inbox / f"{number}.jpg").write_text(f"SLEEP {number}")
    with started(tmp_path, kek) as child:
        wait_for(tmp_path, "begun")
        child.send_signal(signal.SIGTERM)
        child.wait(timeout=60)
    assert child.returncode == ExitCode.OK
    assert [len(job) for job in jobs(tmp_path, kek)] == [6]
    wait_for(tmp_path, "ended")


@pytest.mark.slow
def test_a_watcher_that_is_killed_loses_nothing_and_runs_nothing_twice(tmp_path: Path, inbox: Path, kek: bytes) -> None:
    for number in range(6):
        (inbox / f"{number}.jpg").write_text(f"SLEEP {number}")
    with started(tmp_path, kek) as child:
        wait_for(tmp_path, "begun")
        time.sleep(0.5)
        child.kill()
    with started(tmp_path, kek) as child:
        wait_for(tmp_path, "ended")
        (inbox / "late.jpg").write_text("good")
        for _ in range(200):
            if (tmp_path / "jobs" / "watch.jsonl").read_text().count("ended") == 2:
                break
            time.sleep(0.05)
        child.send_signal(signal.SIGTERM)
        child.wait(timeout=60)
    assert child.returncode == ExitCode.OK
    assert [len(job) for job in jobs(tmp_path, kek)] == [6, 1]
