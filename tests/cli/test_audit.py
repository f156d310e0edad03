"""`verify audit check`: a log that was changed, cut off or written anew is found, with and without a report."""

from __future__ import annotations

import dataclasses
import datetime as dt
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from verify.audit import kinds
from verify.batch.codec import RUN_RECORD
from verify.cli import main
from verify.errors import ExitCode
from verify.ledger import Event, JobHeader, Ledger
from verify.model.run import EngineUse, RunRecord
from verify.report import export_job
from verify.vault.keys import create_key_file, load_key_file
from verify.vault.store import EncryptedStore

START = dt.datetime(2026, 6, 15, 8, tzinfo=dt.UTC)
RUN = RunRecord(
    "3f9a", START, START, "o", "p", "operational", "0.1.0", "ab" * 32, (EngineUse("MRZ reading", "m 1"),), ()
)
Check = Callable[..., tuple[int, str]]


@pytest.fixture
def job(tmp_path: Path, header: JobHeader) -> Path:
    create_key_file(tmp_path / "key")
    with Ledger.create(tmp_path / "job", load_key_file(tmp_path / "key"), header) as ledger:
        event = kinds.run_ended("o", "p", run_id="r", exit_code=0, done=0, failed=0, poison=0, skipped=0)
        ledger.record_run("r", RUN_RECORD.dump_json(RUN).decode(), event)
    return tmp_path / "job"


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Check:
    def check_(job: Path, *against: Path) -> tuple[int, str]:
        options = [word for path in against for word in ("--against", str(path))]
        monkeypatch.setattr(
            sys, "argv", ["verify", "audit", "check", str(job), *options, "--key-file", str(tmp_path / "key")]
        )
        with pytest.raises(SystemExit) as ended:
            main()
        told = capfd.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, told.out + told.err

    return check_


def exported(job: Path, name: str) -> list[Path]:
    return export_job(job, load_key_file(job.parent / "key"), job.parent / name, actor="o")


def store_of(job: Path) -> EncryptedStore:
    return Ledger.open(job, load_key_file(job.parent / "key"))._store


def test_a_sound_log_holds_what_its_reports_say(job: Path, check: Check) -> None:
    jsonl, _table, html = exported(job, "one")
    (later, _, _) = exported(job, "two")
    code, said = check(job, jsonl, html, later)
    assert (code, said.count("still holds the 1 events")) == (0, 2)
    assert "still holds the 4 events" in said
    assert check(job)[0] == 0


def test_an_end_that_was_cut_off_is_found_only_against_a_report(job: Path, check: Check) -> None:
    exported(job, "one")
    jsonl, _table, html = exported(job, "two")
    with store_of(job) as store:
        assert store.write("DELETE FROM event WHERE seq > 3") == 4
    assert check(job)[0] == 0, "a chain alone cannot show it"
    for report in (jsonl, html):
        code, said = check(job, report)
        assert code == ExitCode.POLICY
        assert "the end was cut off" in said


def test_a_log_written_anew_by_the_holder_of_the_key_is_found(job: Path, check: Check) -> None:
    jsonl, *_ = exported(job, "one")
    with Ledger.open(job, load_key_file(job.parent / "key")) as ledger:
        ledger._store.write("DELETE FROM event WHERE seq > 1")
        (first,) = ledger.events()
        ledger._store.write("DELETE FROM event")
        fields = first.fields()
        assert isinstance(fields["detail"], dict)
        ledger.append(Event("run_ended", "somebody else", "p", fields["detail"]))
    assert check(job)[0] == 0, "the new chain is sound in itself"
    code, said = check(job, jsonl)
    assert code == ExitCode.POLICY
    assert "not the one of the checkpoint" in said


def test_a_report_of_another_job_is_no_witness(job: Path, tmp_path: Path, check: Check, header: JobHeader) -> None:
    other = tmp_path / "other"
    with Ledger.create(other, load_key_file(tmp_path / "key"), dataclasses.replace(header, job_id="77")) as ledger:
        event = kinds.run_ended("o", "p", run_id="r", exit_code=0, done=0, failed=0, poison=0, skipped=0)
        ledger.record_run("r", RUN_RECORD.dump_json(RUN).decode(), event)
    jsonl, *_ = exported(other, "of-other")
    code, said = check(job, jsonl)
    assert (code, "not signed by this job" in said) == (ExitCode.POLICY, True)


def test_an_altered_event_is_found_without_a_report(job: Path, check: Check) -> None:
    copy = Path(shutil.copytree(job, job.parent / "copy"))
    with store_of(copy) as store:
        store.write("UPDATE event SET body = CAST(replace(CAST(body AS TEXT), '\"o\"', '\"x\"') AS BLOB)")
    code, said = check(copy)
    assert (code, "was altered" in said) == (ExitCode.POLICY, True)
    assert check(job)[0] == 0
