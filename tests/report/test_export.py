"""What leaves the ledger: private files, whole or not there, each logged with the digest of what was written."""

from __future__ import annotations

import dataclasses
import datetime as dt
import gc
import hashlib
import json
import os
import stat
from pathlib import Path

import pypdfium2
import pytest

from verify.audit import checkpoint, kinds, verify_chain, verify_results
from verify.audit.checkpoint import is_signed
from verify.batch.codec import ITEM_RESULT, LINKAGE, REVIEW_ENTRY, RUN_RECORD
from verify.errors import ExitCode, LockedError, PolicyError, UsageError, VerifyError
from verify.ledger import ItemRecord, ItemState, JobHeader, Ledger
from verify.model.face import FaceRole
from verify.model.finding import CheckResult, CheckState, Confidence, Finding, Severity
from verify.model.item import Declared, Item, ItemFile, Role
from verify.model.judgement import Closing, Conclusion, Judgement, ReviewRole
from verify.model.outcome import FileOutcome, Outcome
from verify.model.result import FileReading, ItemResult
from verify.model.run import EngineUse, RunRecord
from verify.model.score import Threshold
from verify.report import export_job, read_checkpoint

NAMES = ["results.jsonl", "findings.csv", "report.html"]
THRESHOLD = Threshold(0.9, "faces 1", "ab" * 32, "FPIR 0.01 at 3 references", "a data set", "2026-06-01")
RUN = RunRecord(
    "3f9a", dt.datetime(2026, 6, 15, 8, tzinfo=dt.UTC), dt.datetime(2026, 6, 15, 9, tzinfo=dt.UTC), "operator-7",
    "a purpose", "operational", "0.1.0", "ab" * 32, (EngineUse(FaceRole.LIVE, "faces 1", "ab" * 32),), (THRESHOLD,),
)  # fmt: skip


def finding(code: str) -> Finding:
    return Finding(code, "a title", Severity.REVIEW, Confidence.HIGH, "what was seen", ("innocent",), "a source")


def result(item_id: str) -> ItemResult:
    item = Item(
        item_id, dt.date(2026, 6, 15), (ItemFile(Role.DOCUMENT, f"{item_id}.jpg"),), Declared("ZZPLANTED", "HANNA")
    )
    outcome = FileOutcome("document", f"{item_id}.jpg", Outcome.DAMAGED, "is empty")
    check = CheckResult("X01", "x", CheckState.FINDING, findings=(finding("X01"),))
    return ItemResult(item, (FileReading(outcome, mrz_reason="the file is damaged"),), (), (check,))


@pytest.fixture
def ended(tmp_path: Path, kek: bytes, header: JobHeader) -> Path:
    """A job of three items with a finding between two of them."""
    path = tmp_path / "ended"
    with Ledger.create(path, kek, header) as ledger:
        for number, item_id in enumerate("ABC"):
            record = ItemRecord(item_id, number, "f", ItemState.DONE, ITEM_RESULT.dump_json(result(item_id)).decode())
            event = kinds.item_recorded(
                "o", "p", item_id=item_id, source_sha256="0" * 64, fingerprint="f", state=ItemState.DONE
            )
            ledger.record_item(record, {}, event)
        links = (("A", finding("L01")), ("C", finding("L01")))
        ledger.record_linkage(LINKAGE.dump_json(links).decode(), kinds.linkage_recorded("o", "p", items=3, findings=2))
        event = kinds.run_ended("o", "p", run_id="r", exit_code=12, done=3, failed=0, poison=0, skipped=0)
        ledger.record_run("r", RUN_RECORD.dump_json(RUN).decode(), event)
    return path


def exports(job: Path, kek: bytes) -> list[dict[str, object]]:
    with Ledger.open(job, kek, "read") as ledger:
        assert verify_chain(ledger).valid
        assert verify_results(ledger) == ()
        events = [event.fields() for event in ledger.events()]
    return [event for event in events if event["action"] == "personal_data_exported"]


def test_the_files_are_private_and_logged_with_their_digest(ended: Path, kek: bytes, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        written = export_job(ended, kek, tmp_path / "out", actor="operator-9")
    finally:
        os.umask(before)
    assert [path.name for path in written] == NAMES
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(NAMES)
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700
    logged = exports(ended, kek)
    assert len(logged) == 3
    for path, event in zip(written, logged, strict=True):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert event["actor"] == "operator-9"
        assert event["purpose"] == "missing persons, case order 12"
        detail = event["detail"]
        assert isinstance(detail, dict)
        assert detail["output_sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        assert (detail["export_format"], detail["items"]) == (path.name, 3)


def test_the_files_hold_the_job(ended: Path, kek: bytes, tmp_path: Path) -> None:
    with Ledger.open(ended, kek, "read") as ledger:
        seq, head = ledger.head()
    jsonl, table, html = export_job(ended, kek, tmp_path / "out", actor="o")
    lines = [json.loads(line) for line in jsonl.read_text().splitlines()]
    assert [line["record"] for line in lines] == ["run", "item", "item", "item"]
    assert (lines[0]["run"]["audit_length"], lines[0]["run"]["audit_head"]) == (seq, head.hex())
    assert [line["result"]["item"]["item_id"] for line in lines[1:]] == ["A", "B", "C"]
    assert [len(line["linkage"]) for line in lines[1:]] == [1, 0, 1]
    assert table.read_text().count('"X01"') == 3
    assert table.read_text().count('"L01"') == 2
    assert "ZZPLANTED" in html.read_text()


def test_an_earlier_export_is_replaced_and_a_link_is_not_followed(ended: Path, kek: bytes, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (tmp_path / "elsewhere").write_text("not ours")
    (out / "results.jsonl").symlink_to(tmp_path / "elsewhere")
    (out / "results.jsonl.new").write_text("left over")
    (out / "findings.csv").write_text("old")
    (out / "findings.csv").chmod(0o644)
    for path in export_job(ended, kek, out, actor="o"):
        assert not path.is_symlink()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (tmp_path / "elsewhere").read_text() == "not ours"
    assert sorted(path.name for path in out.iterdir()) == sorted(NAMES)


def test_a_file_that_cannot_be_written_is_told_and_leaves_nothing_in_the_clear(
    ended: Path, kek: bytes, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    (out / "findings.csv").mkdir(parents=True)
    with pytest.raises(UsageError, match=r"findings\.csv: cannot be written"):
        export_job(ended, kek, out, actor="o")
    assert sorted(path.name for path in out.iterdir()) == ["findings.csv", "results.jsonl"]
    logged = [event["detail"]["export_format"] for event in exports(ended, kek)]  # type: ignore[index]
    assert logged == ["results.jsonl", "findings.csv"], "logged first: rather one event too many than one too few"


def test_a_report_that_cannot_be_made_leaves_nothing_in_the_clear(ended: Path, kek: bytes, tmp_path: Path) -> None:
    with Ledger.open(ended, kek) as ledger:
        links = (("Z", finding("L01")),)
        event = kinds.linkage_recorded("o", "p", items=3, findings=1)
        ledger.record_linkage(LINKAGE.dump_json(links).decode(), event)
    with pytest.raises(VerifyError, match="not in the run: Z"):
        export_job(ended, kek, tmp_path / "out", actor="o")
    gc.collect()
    assert list((tmp_path / "out").iterdir()) == []
    assert exports(ended, kek) == []


def test_a_folder_that_cannot_be_made_is_told(ended: Path, kek: bytes, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="choose another directory"):
        export_job(ended, kek, tmp_path / "file" / "out", actor="o")
    assert exports(ended, kek) == []


def test_a_job_without_an_ended_run_is_not_exported(tmp_path: Path, kek: bytes, header: JobHeader) -> None:
    Ledger.create(tmp_path / "begun", kek, header).close()
    with pytest.raises(UsageError, match="--resume") as refused:
        export_job(tmp_path / "begun", kek, tmp_path / "out", actor="o")
    assert refused.value.exit_code == ExitCode.USAGE
    assert list((tmp_path / "out").iterdir()) == []


def test_another_key_or_a_running_job_is_refused(ended: Path, kek: bytes, tmp_path: Path) -> None:
    with pytest.raises(PolicyError):
        export_job(ended, bytes(32), tmp_path / "out", actor="o")
    with Ledger.open(ended, kek), pytest.raises(LockedError):
        export_job(ended, kek, tmp_path / "out", actor="o")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_second_export_tells_of_the_first(ended: Path, kek: bytes, tmp_path: Path) -> None:
    export_job(ended, kek, tmp_path / "one", actor="o")
    export_job(ended, kek, tmp_path / "two", actor="o")
    lengths = [
        json.loads((tmp_path / name / "results.jsonl").read_text().splitlines()[0])["run"]["audit_length"]
        for name in ("one", "two")
    ]
    assert lengths[1] == lengths[0] + 3


def test_nothing_is_in_the_clear_under_its_name_before_it_is_logged(
    ended: Path, kek: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_ledger: Ledger, _event: object) -> None:
        raise VerifyError("the disk is full")

    monkeypatch.setattr(Ledger, "append", full)
    with pytest.raises(VerifyError, match="full"):
        export_job(ended, kek, tmp_path / "out", actor="o")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_run_without_thresholds_is_exported_and_says_so(tmp_path: Path, kek: bytes, header: JobHeader) -> None:
    path = tmp_path / "unmeasured"
    with Ledger.create(path, kek, header) as ledger:
        event = kinds.run_ended("o", "p", run_id="r", exit_code=0, done=0, failed=0, poison=0, skipped=0)
        record = dataclasses.replace(RUN, thresholds=())
        ledger.record_run("r", RUN_RECORD.dump_json(record).decode(), event)
    jsonl, _table, html = export_job(path, kek, tmp_path / "out", actor="o")
    assert json.loads(jsonl.read_text().splitlines()[0])["run"]["thresholds"] == []
    assert "no threshold was measured" in html.read_text()


@pytest.mark.parametrize("name", ["results.jsonl", "report.html"])
def test_an_export_carries_the_whole_signed_checkpoint(ended: Path, kek: bytes, tmp_path: Path, name: str) -> None:
    with Ledger.open(ended, kek, "read") as ledger:
        expected = checkpoint(ledger)
    export_job(ended, kek, tmp_path / "out", actor="o")
    kept = read_checkpoint(tmp_path / "out" / name)
    assert kept == expected
    assert is_signed(kept)
    with Ledger.open(ended, kek, "read") as ledger:
        assert verify_chain(ledger, [kept]).valid
        assert not verify_chain(ledger, [dataclasses.replace(kept, digest="00" * 32)]).valid


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.jsonl", "", "no checkpoint"),
        ("a.jsonl", "[1]", "no checkpoint"),
        ("a.jsonl", '{"run": 3}', "no checkpoint"),
        ("a.jsonl", '{"run": {"job_id": "a", "audit_length": "x"}}', "no checkpoint"),
        ("a.html", "<p id='audit-head'>00</p>", "no checkpoint"),
        ("a.html", "\x00<<<", "no checkpoint"),
        (
            "a.jsonl",
            json.dumps({"run": {"job_id": "a", "audit_length": 1, "audit_head": "0", "audit_public_key": "",
                                "audit_signature": ""}}),
            "not signed",
        ),
    ],
)  # fmt: skip
def test_a_file_without_a_checkpoint_is_told(tmp_path: Path, name: str, content: str, says: str) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(UsageError, match=says):
        read_checkpoint(tmp_path / name)
    with pytest.raises(UsageError, match="cannot be read"):
        read_checkpoint(tmp_path / "missing.html")


def test_one_case_can_be_written_alone(ended: Path, kek: bytes, tmp_path: Path) -> None:
    jsonl, table, html = export_job(ended, kek, tmp_path / "out", actor="o", cases=["C"])
    lines = [json.loads(line) for line in jsonl.read_text().splitlines()]
    assert [line["result"]["item"]["item_id"] for line in lines[1:]] == ["C"]
    assert table.read_text().count('"L01"') == 1
    assert "A.jpg" not in html.read_text()
    assert [event["detail"]["items"] for event in exports(ended, kek)] == [1, 1, 1]  # type: ignore[index]
    with pytest.raises(UsageError, match="no item 'Z'"):
        export_job(ended, kek, tmp_path / "other", actor="o", cases=["Z"])


def test_what_people_decided_stands_in_the_report(ended: Path, kek: bytes, tmp_path: Path) -> None:
    given = dt.datetime(2026, 6, 15, 8, tzinfo=dt.UTC)
    no = Conclusion.NO_CANDIDATE
    entries = (
        Judgement(1, "A", "finding X01", "ann", ReviewRole.REVIEWER, given, no, ("print",), "worn <b>", True),
        Judgement(2, "A", "finding X01", "ann", ReviewRole.REVIEWER, given, None, undoes=1),
        Closing(3, "A", "sue", given, False, "asked the source"),
    )
    with Ledger.open(ended, kek) as ledger:
        for entry in entries:
            event = kinds.judgement_given(
                "ann", "p", item_id="A", question_sha256="0" * 64, judgement_sha256="0" * 64, position=1
            )
            ledger.record_review(entry.number, REVIEW_ENTRY.dump_json(entry).decode(), event)
    jsonl, _table, html = export_job(ended, kek, tmp_path / "out", actor="o")
    item = json.loads(jsonl.read_text().splitlines()[1])
    assert [entry["number"] for entry in item["review"]] == [1, 2, 3]
    page = html.read_text()
    for said in ("No candidate", "wear, damage or light", "worn &lt;b&gt;", "took back entry 1", "not confirmed"):
        assert said in page
    assert page.count('class="examiners"') == 2, "the cases without a judgement keep their room for one"


def test_a_report_can_be_a_pdf(ended: Path, kek: bytes, tmp_path: Path) -> None:
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError) as error:
        pytest.skip(f"no WeasyPrint: {error}")
    *_, pdf = export_job(ended, kek, tmp_path / "out", actor="o", cases=["A"], pdf=True)
    assert pdf.name == "report.pdf"
    document = pypdfium2.PdfDocument(pdf)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    assert "Verification report" in text
    assert "ZZPLANTED" in text
