"""Which items stand, and why the others are computed: what `--dry-run` and `verify job why` tell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from verify.batch import Commission, plan, read_manifest, run
from verify.batch.record import difference
from verify.errors import PolicyError
from verify.ledger import Ledger
from verify.model.outcome import Outcome
from verify.settings import Settings
from verify.vault.keys import new_data_key

from .conftest import told

pytestmark = pytest.mark.usefixtures("fake_workers")


@pytest.fixture
def kek() -> bytes:
    return new_data_key()


@pytest.fixture
def commission(tmp_path: Path, kek: bytes, monkeypatch: pytest.MonkeyPatch, fake_workers: type) -> Commission:
    monkeypatch.setattr("verify.batch.runner.get_batch_engine", fake_workers)
    monkeypatch.setattr("verify.batch.standing.describe_engines", lambda settings: told())
    rows = ["schema_version,item_id,role,path,inspection_date"]
    for name in "ABC":
        (tmp_path / f"{name}.jpg").write_text(f"good {name}")
        rows.append(f"1,{name},capture,{name}.jpg,2026-06-15")
    rows.append("1,D,capture,missing.jpg,2026-06-15")
    (tmp_path / "manifest.csv").write_text("\n".join(rows))
    return Commission(read_manifest(tmp_path / "manifest.csv"), tmp_path / "job", kek, "o", "p", resume=True)


def test_a_plan_before_the_run_counts_everything_and_writes_nothing(commission: Commission, quick: Settings) -> None:
    found = plan(commission, quick, ())
    assert (found.items, found.files, found.to_compute, found.standing) == (4, 4, 4, 0)
    assert found.reasons == {"first time": 4}
    assert found.refused == {Outcome.REFUSED: 1}
    assert not commission.job_dir.exists()


def test_a_plan_after_the_run_finds_what_changed(commission: Commission, quick: Settings) -> None:
    run(commission, quick, ())
    assert plan(commission, quick, ()).standing == 4
    (commission.manifest.root / "B.jpg").write_text("good, but another picture")
    changed = plan(commission, quick, ())
    assert (changed.standing, changed.reasons) == (3, {"changed: file B.jpg": 1})
    assert plan(commission, quick.model_copy(update={"fpir": 0.02}), ()).reasons == {"changed: settings": 4 - 1} | {
        "changed: file B.jpg, settings": 1
    }


def test_the_record_of_an_item_says_why(commission: Commission, kek: bytes, quick: Settings) -> None:
    run(commission, quick, ())
    (commission.manifest.root / "B.jpg").write_text("good, but another picture")
    run(commission, quick, ())
    with Ledger.open(commission.job_dir, kek, "read") as ledger:
        first, second = ledger.standing("A"), ledger.standing("B")
    assert first is not None
    assert second is not None
    assert (first.why, second.why) == ("first time", "changed: file B.jpg")
    assert {"tool", "settings", "manifest row", "file B.jpg", "engine face"} <= set(json.loads(second.basis))


def test_a_limit_stops_early_and_the_rest_follows(commission: Commission, kek: bytes, quick: Settings) -> None:
    some = run(Commission(commission.manifest, commission.job_dir, kek, "o", "p", resume=True, limit=2), quick, ())
    assert some.items == 2
    assert run(commission, quick, ()).items == 4


def test_identical_bytes_are_read_once_in_a_job(commission: Commission, kek: bytes, quick: Settings) -> None:
    run(commission, quick, ())
    root = commission.manifest.root
    with (root / "manifest.csv").open("a") as file:
        file.write("\n1,E,capture,E.jpg,2026-06-15")
    (root / "E.jpg").write_text("good A")
    with Ledger.open(commission.job_dir, kek, "read") as ledger:
        before = {record.item_id: record.payload for record in ledger.items()}
    again = Commission(read_manifest(root / "manifest.csv"), root / "other", kek, "o", "p")
    run(again, quick, ())
    with Ledger.open(root / "other", kek, "read") as ledger:
        readings = {record.item_id: json.loads(record.payload)["readings"][0] for record in ledger.items()}
    assert readings["E"]["outcome"]["sha256"] == readings["A"]["outcome"]["sha256"]
    assert readings["E"]["outcome"]["path"] == "E.jpg"
    assert json.loads(before["A"])["readings"][0]["pictures"] == readings["E"]["pictures"]


def test_a_plan_refuses_a_job_that_is_not_to_be_resumed(commission: Commission, kek: bytes, quick: Settings) -> None:
    run(commission, quick, ())
    with pytest.raises(PolicyError, match="resume"):
        plan(Commission(commission.manifest, commission.job_dir, kek, "o", "p"), quick, ())


def test_a_difference_is_named() -> None:
    assert difference({"a": "1", "b": "2"}, {"a": "1", "b": "3", "c": "4"}) == "changed: b, c"
