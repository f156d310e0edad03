"""An entry that its owner withdrew is told on every open case, and told once to the log."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from verify.gallery import Gallery
from verify.ledger import Event, JobHeader, Ledger
from verify.model.gallery import EntryKind
from verify.review import Desk, Policy

from .conftest import candidate, make_job, person


@pytest.fixture
def job(tmp_path: Path, kek: bytes, header: JobHeader, event: Event) -> Path:
    return make_job(tmp_path / "job", kek, header, event, {"A": person()})


@pytest.fixture
def gallery(tmp_path: Path, kek: bytes) -> Path:
    entry = candidate().candidates[0].entry
    with Gallery.create(
        tmp_path / "missing",
        kek,
        name="missing",
        kind=EntryKind.MISSING_PERSON,
        engine="engine 1",
        model_sha256="ab" * 32,
    ) as made:
        made.enrol(entry)
    return tmp_path / "missing"


def test_a_withdrawal_is_seen_while_the_review_is_open(job: Path, kek: bytes, gallery: Path) -> None:
    now = [dt.datetime(2026, 6, 20, 8, tzinfo=dt.UTC)]
    with Desk(job, kek, Policy(), galleries=[gallery], now=lambda: now[0]) as desk:
        desk.begin("operator", 1)
        assert desk.withdrawn("A", "missing", "M-1") == ""
        with Gallery.open(gallery, kek, write=True) as held:
            held.withdraw("M-1", dt.date(2026, 6, 19), "the person was found")
        desk.look_at_lists()
        assert desk.withdrawn("A", "missing", "M-1") == "", "a moment ago it was in force"
        now[0] += dt.timedelta(minutes=6)
        desk.look_at_lists()
        assert "withdrawn by its owner since 2026-06-19" in desk.withdrawn("A", "missing", "M-1")
        now[0] += dt.timedelta(minutes=6)
        desk.look_at_lists()
    with Desk(job, kek, Policy()) as desk:
        assert "withdrawn" in desk.withdrawn("A", "missing", "M-1"), "the job was told"
    with Ledger.open(job, kek, "read") as ledger:
        told = [one.fields() for one in ledger.events() if one.fields()["action"] == "entry_state_changed"]
    assert len(told) == 1


def test_an_entry_that_was_forgotten_is_told(job: Path, kek: bytes, gallery: Path) -> None:
    with Gallery.open(gallery, kek, write=True) as held:
        held.forget(["M-1"], "its retention ended")
    with Desk(job, kek, Policy(), galleries=[gallery]) as desk:
        desk.begin("operator", 1)
        assert "no longer on the list" in desk.withdrawn("A", "missing", "M-1")
