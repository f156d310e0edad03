"""`verify job check`: a sound job ends with 0, a damaged one names its fault."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from verify.batch.codec import ITEM_RESULT
from verify.cli import main
from verify.errors import ExitCode
from verify.ledger import Event, ItemRecord, ItemState, JobHeader, Ledger
from verify.model.item import Item
from verify.model.result import ItemResult
from verify.vault.keys import create_key_file, load_key_file


@pytest.fixture
def job(tmp_path: Path, header: JobHeader, event: Event) -> Path:
    create_key_file(tmp_path / "key")
    payload = ITEM_RESULT.dump_json(ItemResult(Item("A", header.retention_until, ()), ())).decode()
    with Ledger.create(tmp_path / "job", load_key_file(tmp_path / "key"), header) as ledger:
        ledger.record_item(ItemRecord("A", 0, "f", ItemState.DONE, payload), {"page": b"PAGE"}, event)
    return tmp_path / "job"


def check(job: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> tuple[int, str]:
    monkeypatch.setattr(sys, "argv", ["verify", "job", "check", str(job), "--key-file", str(job.parent / "key")])
    with pytest.raises(SystemExit) as ended:
        main()
    told = capfd.readouterr()
    assert isinstance(ended.value.code, int)
    return ended.value.code, told.out + told.err


def test_says_what_was_read(job: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    code, said = check(job, monkeypatch, capfd)
    assert (code, "1 items, 1 pictures and 0 runs" in said) == (ExitCode.OK, True)


def test_names_what_cannot_be_used(
    job: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with Ledger.open(job, load_key_file(job.parent / "key"))._store as store:
        store.write("UPDATE blob SET bytes = x'00'")
    code, said = check(job, monkeypatch, capfd)
    assert code not in {ExitCode.OK, ExitCode.USAGE}
    assert "picture page of item A" in said
