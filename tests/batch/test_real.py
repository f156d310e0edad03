"""The whole way with the real worker, through the command line: bad files beside good ones, and what is left behind."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from verify.audit import verify_chain, verify_results
from verify.batch.codec import ITEM_RESULT, RUN_RECORD
from verify.errors import ExitCode
from verify.ledger import ItemState, Ledger
from verify.model.outcome import Outcome
from verify.model.result import ItemResult
from verify.vault.keys import load_key_file

pytest.importorskip("face_recognition_models", reason="the face engine is not installed")
pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"
LISTED, DECLARED = "ZZLISTEDNAME", "ZZDECLAREDNAME"
ENCRYPTED = (
    b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
    b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>\nendobj\n"
    b"trailer\n<< /Size 4 /Root 1 0 R /ID [<00> <00>] /Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -4 "
    b"/O <" + b"5a" * 32 + b"> /U <" + b"a5" * 32 + b"> >> >>\n%%EOF\n"
)
EXPECTED = {
    "good": (Outcome.OK, Outcome.OK),
    "face": (Outcome.OK,),
    "blank": (Outcome.OK,),
    "truncated": (Outcome.DAMAGED,),
    "zero": (Outcome.DAMAGED,),
    "missing": (Outcome.REFUSED,),
    "folder": (Outcome.REFUSED,),
    "url": (Outcome.REFUSED,),
    "text": (Outcome.UNSUPPORTED,),
    "encrypted": (Outcome.ENCRYPTED,),
    "wide": (Outcome.TOO_LARGE,),
    "mixed": (Outcome.OK, Outcome.DAMAGED),
}


@dataclass
class Done:
    folder: Path
    code: int
    out: str
    err: str


def verify(folder: Path, *arguments: str) -> Done:
    script = "from verify.cli import main; import sys; sys.argv[0] = 'verify'; main()"
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "VERIFY_KEY_FILE": str(folder / "key"),
        "VERIFY_LIMITS_MAX_SIDE": "5000",
        "VERIFY_JOBS": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True, text=True, cwd=folder, env=environment, timeout=150, check=False,
    )  # fmt: skip
    return Done(folder, done.returncode, done.stdout, done.stderr)


def prepare(folder: Path) -> None:
    shutil.copy(SAMPLES / "checkpoint" / "files" / "C001_document.jpg", folder / "document.jpg")
    shutil.copy(SAMPLES / "faces" / "id000_cap.jpg", folder / "capture.jpg")
    data = (folder / "capture.jpg").read_bytes()
    (folder / "truncated.jpg").write_bytes(data[: len(data) // 2])
    (folder / "zero.jpg").touch()
    (folder / "folder").mkdir()
    (folder / "text.jpg").write_text("only text")
    (folder / "encrypted.pdf").write_bytes(ENCRYPTED)
    Image.new("RGB", (300, 200), "white").save(folder / "blank.png")
    Image.new("1", (5001, 10)).save(folder / "wide.png")
    rows = [
        ("good", "document", "document.jpg"), ("good", "capture", "capture.jpg"), ("face", "capture", "capture.jpg"),
        ("blank", "capture", "blank.png"), ("truncated", "capture", "truncated.jpg"),
        ("zero", "document", "zero.jpg"), ("missing", "document", "missing.jpg"), ("folder", "document", "folder"),
        ("url", "document", "https://example.org/a.jpg"), ("text", "document", "text.jpg"),
        ("encrypted", "document", "encrypted.pdf"), ("wide", "document", "wide.png"),
        ("mixed", "capture", "capture.jpg"), ("mixed", "document", "zero.jpg"),
    ]  # fmt: skip
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["schema_version", "item_id", "role", "path", "inspection_date", "declared_primary_identifier"])
    writer.writerows([1, item_id, role, path, "2026-06-15", DECLARED] for item_id, role, path in rows)
    (folder / "manifest.csv").write_text(table.getvalue())
    watchlist = (SAMPLES / "checkpoint" / "watchlist.csv").read_text().replace("BERESFORD", LISTED)
    assert LISTED in watchlist
    (folder / "watchlist.csv").write_text(watchlist)


RUN = ("run", "manifest.csv", "--job", "job", "--watchlist", "watchlist.csv", "--purpose", "a test",
       "--operator", "operator-7", "--profile", "specimen")  # fmt: skip


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Done:
    folder = tmp_path_factory.mktemp("real")
    prepare(folder)
    assert verify(folder, "key", "create", "key").code == 0
    return verify(folder, *RUN, "--export", "out")


@pytest.fixture(scope="module")
def results(done: Done) -> dict[str, ItemResult]:
    with Ledger.open(done.folder / "job", load_key_file(done.folder / "key"), "read") as ledger:
        return {one.item_id: ITEM_RESULT.validate_json(one.payload) for one in ledger.items()}


def test_each_file_has_its_outcome_and_the_run_goes_on(done: Done, results: dict[str, ItemResult]) -> None:
    assert "Traceback" not in done.err
    found = {
        item_id: tuple(reading.outcome.outcome for reading in result.readings) for item_id, result in results.items()
    }
    assert found == EXPECTED
    details = [reading.outcome.detail for result in results.values() for reading in result.readings]
    assert all(details[number] for number, outcome in enumerate(sum(found.values(), ())) if outcome is not Outcome.OK)
    assert "limits.max_side = 5000" in results["wide"].readings[0].outcome.detail


def test_the_exit_code_is_that_of_the_highest_severity(done: Done, results: dict[str, ItemResult]) -> None:
    severities = [finding.severity for result in results.values() for finding in result.findings]
    assert 11 <= done.code <= 14
    assert done.code >= 10 + max(severities)


def test_a_page_and_a_face_were_read(results: dict[str, ItemResult]) -> None:
    document, capture = results["good"].readings
    assert document.outcome.kind == capture.outcome.kind == "JPEG"
    assert document.mrz is not None or document.mrz_reason
    assert len(capture.faces) == 1
    assert capture.faces[0].vector == results["face"].readings[0].faces[0].vector
    assert results["blank"].readings[0].faces == ()
    assert results["blank"].readings[0].face_reason


def test_what_could_not_be_read_says_so_in_each_check(results: dict[str, ItemResult]) -> None:
    for item_id in ("truncated", "zero", "missing", "encrypted"):
        assert len(results[item_id].checks) == len(results["good"].checks)
        for reading in results[item_id].readings:
            assert reading.pictures == reading.faces == ()
            assert reading.mrz is None


def test_summary_on_stdout_and_no_name_anywhere_in_the_clear(done: Done, results: dict[str, ItemResult]) -> None:
    assert "12 items, 14 files" in done.out
    mrz = results["good"].readings[0].mrz
    names = [LISTED, DECLARED, "VALKENHORST"] + ([mrz.value("document_number")] if mrz else [])
    for name in filter(None, names):
        assert name not in done.out + done.err
        for path in (done.folder / "job").rglob("*"):
            assert name.encode() not in path.read_bytes(), path
    exported = (done.folder / "out" / "results.jsonl").read_text()
    assert DECLARED in exported, "or this test would see nothing"


def test_the_export_is_private_and_whole(done: Done) -> None:
    for name in ("results.jsonl", "findings.csv", "report.html"):
        assert stat.S_IMODE((done.folder / "out" / name).stat().st_mode) == 0o600
        assert name in done.out
    lines = (done.folder / "out" / "results.jsonl").read_text().splitlines()
    assert len(lines) == 1 + len(EXPECTED)
    assert [json.loads(line)["result"]["item"]["item_id"] for line in lines[1:]] == list(EXPECTED)


def test_the_job_is_sound_and_says_what_confined_its_workers(done: Done) -> None:
    with Ledger.open(done.folder / "job", load_key_file(done.folder / "key"), "read") as ledger:
        assert verify_chain(ledger).valid
        assert verify_results(ledger) == ()
        assert ledger.counts()[ItemState.DONE] == len(EXPECTED)
        (record,) = (RUN_RECORD.validate_json(one) for one in ledger.runs())
    assert record.ended is not None
    assert {"memory", "no files written", "no core dump", "processor time"} <= set(record.sandbox_layers)
    assert record.thresholds


def test_the_commands_that_look_at_a_job(done: Done) -> None:
    status = verify(done.folder, "job", "status", "job")
    assert (status.code, status.err) == (0, "")
    assert f"done       {len(EXPECTED)}" in status.out
    check = verify(done.folder, "audit", "check", "job")
    assert check.code == 0
    assert "sound" in check.out


def test_again_it_is_refused_and_resumed_it_does_nothing_twice(done: Done) -> None:
    again = verify(done.folder, *RUN)
    assert again.code == ExitCode.POLICY
    assert "--resume" in again.err
    resumed = verify(done.folder, *RUN, "--resume")
    assert resumed.code == done.code
    assert f"{len(EXPECTED)} items had been done before" in resumed.out


def test_comparing_two_files(done: Done) -> None:
    same = verify(done.folder, "compare", "capture.jpg", "capture.jpg")
    assert same.code == 0
    assert "comparison score  1.0000" in same.out
    assert "measured on" in same.out
