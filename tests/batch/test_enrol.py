"""Lists into galleries: piece by piece, again, and withdrawn. The entries name no picture, so workers have no work."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import numpy as np
import pytest

from verify.batch import enrol
from verify.batch.enrol import Import, enrol_table
from verify.batch.single import PortraitOf
from verify.errors import UsageError
from verify.gallery import Gallery, Given, in_force, lapsed
from verify.gallery.imports.table import COLUMNS
from verify.model.gallery import EntryKind
from verify.model.outcome import FileOutcome, Outcome
from verify.model.result import FileReading
from verify.settings import Settings

from ..gallery.builders import template
from .conftest import FakePool

KEK = bytes(range(32))
HEAD = "issuer,type,number,status"
GIVEN = {
    "source": "Register",
    "owner": "Office",
    "legal_basis": "Act 12",
    "purpose": "documents",
    "collected": "2026-01-01",
    "review_by": "2028-01-01",
    "expires": "2030-01-01",
}


@pytest.fixture(autouse=True)
def _fakes(fake_workers: type[FakePool[tuple[int, int]]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verify.batch.single.Pool", fake_workers)


def take(folder: Path, *rows: str, head: str = HEAD) -> Import:
    (folder / "list.csv").write_text("\n".join([head, *rows]))
    return enrol_table(
        folder / "list.csv",
        folder,
        folder / "gallery",
        KEK,
        Settings(jobs=1, face_engine="dlib"),
        kind=EntryKind.DOCUMENT,
        name="documents",
        operator="ann",
        given=Given(GIVEN),
    )


def events(folder: Path) -> list[object]:
    with Gallery.open(folder / "gallery", KEK) as gallery:
        return [event.fields()["action"] for event in gallery.events()]


def test_a_withdrawal_is_kept_until_it_is_purged(tmp_path: Path) -> None:
    first = take(tmp_path, "UTO,P,X1,stolen", "UTO,P,X2,stolen", "UTO,P,,stolen")
    assert [one.reference_id for one in first.enrolled] == ["Register:UTO-P-X1", "Register:UTO-P-X2"]
    assert [one.line for one in first.quarantined] == [4]
    second = take(tmp_path, "UTO,P,X1,found", "UTO,P,X9,found")
    assert (second.withdrawn, second.enrolled) == (["Register:UTO-P-X1"], [])
    today = dt.datetime.now(dt.UTC).date()
    with Gallery.open(tmp_path / "gallery", KEK) as gallery:
        entries = gallery.entries()
        assert gallery.withdrawn() == {"Register:UTO-P-X1": today}
        kept, suppressed = in_force(entries, today, gallery.withdrawn())
        assert ([one.reference_id for one in kept], suppressed) == (["Register:UTO-P-X2"], 1)
        assert lapsed(entries, today, gallery.withdrawn()) == ("Register:UTO-P-X1",)
    assert events(tmp_path) == ["entry_enrolled", "entry_enrolled", "entry_withdrawn"]
    assert take(tmp_path, "UTO,P,X1,found").withdrawn == [], "it was withdrawn already"
    assert len(events(tmp_path)) == 3


def test_a_record_that_comes_again_is_in_force_again(tmp_path: Path) -> None:
    take(tmp_path, "UTO,P,X1,stolen")
    take(tmp_path, "UTO,P,X1,found")
    third = take(tmp_path, "UTO,P,X1,lost")
    assert (len(third.enrolled), third.again) == (1, 1)
    with Gallery.open(tmp_path / "gallery", KEK) as gallery:
        assert gallery.withdrawn() == {}
        (entry,) = gallery.entries()
        assert str(entry.documents[0].status) == "lost"


def test_a_list_is_taken_piece_by_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enrol, "_AT_ONCE", 2)
    monkeypatch.setattr("verify.gallery.imports.record.MAX_RECORDS", 5)
    rows = [f"UTO,P,X{number},stolen" for number in range(7)]
    with pytest.raises(UsageError, match=r"more than 5 records.*; 4 entries before it are enrolled"):
        take(tmp_path, *rows)
    with Gallery.open(tmp_path / "gallery", KEK) as gallery:
        assert len(gallery.entries()) == 4
    assert len(take(tmp_path, *rows[:5]).enrolled) == 5


def test_a_list_that_is_none_makes_no_gallery(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="document_number"):
        take(tmp_path, head="issuer,type,status")
    assert not (tmp_path / "gallery").exists()


def test_a_record_updates_its_entry_and_two_entries_never_become_one(tmp_path: Path) -> None:
    columns = "schema_version,reference_id,entry_kind,source_record,primary_identifier,document_number,issuing_state"
    columns += ",document_status"
    missing = [name for name in COLUMNS if name not in columns.split(",")]
    head = ",".join([columns, *missing])

    def row(reference_id: str, record: str, number: str) -> str:
        return ",".join(["1", reference_id, "document", record, "", number, "UTO", "stolen", *("" for _ in missing)])

    def held() -> dict[str, str]:
        with Gallery.open(tmp_path / "gallery", KEK) as gallery:
            return {one.reference_id: one.documents[0].document_number for one in gallery.entries()}

    take(tmp_path, row("a", "R1", "A1"), row("b", "R1", "B1"), row("c", "R2", "C1"), head=head)
    assert held() == {"a": "A1", "b": "B1", "c": "C1"}
    take(tmp_path, row("a", "R1", "A2"), row("b", "R1", "B2"), row("other", "R2", "C2"), row("d", "", "D2"), head=head)
    assert held() == {"a": "A2", "b": "B2", "c": "C2", "d": "D2"}


def test_several_pictures_become_one_template_and_what_showed_no_face_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = {"a.jpg": (1.0, 0.0), "b.jpg": (0.0, 1.0), "c.jpg": None}

    def faces_below(_root: Path, names: list[str], *_more: object) -> list[PortraitOf]:
        return [portrait_of(name, seen[name]) for name in names]

    monkeypatch.setattr(enrol, "faces_below", faces_below)
    known = {"schema_version": "1", "entry_kind": "document", "document_number": "A1", "issuing_state": "UTO"}
    blank = dict.fromkeys(COLUMNS, "")
    lines = [
        ",".join({**blank, **known, "document_status": "stolen", "reference_id": one, "image": images}.values())
        for one, images in (("M-1", "a.jpg; b.jpg;c.jpg;a.jpg"), ("M-2", "c.jpg"))
    ]
    done = take(tmp_path, *lines, head=",".join(COLUMNS))
    assert [(one.faces, one.reason) for one in done.enrolled] == [(2, "no face in c.jpg"), (0, "no face in c.jpg")]
    with Gallery.open(tmp_path / "gallery", KEK) as gallery:
        references = gallery.references()
        assert references.all_ids == ("M-1",)
        assert references.matrix == pytest.approx(np.array([[0.5**0.5, 0.5**0.5]]))
        assert gallery.picture("M-1") == b"a.jpg"


def portrait_of(name: str, vector: tuple[float, ...] | None) -> PortraitOf:
    outcome = FileOutcome("capture", name, Outcome.OK)
    if vector is None:
        return FileReading(outcome, face_reason=f"no face in {name}"), None, None
    face = template(vector, engine="fake faces 1", model=os.environ["FAKE_SHA256"])  # of the workers that stand in here
    return FileReading(outcome), face, name.encode()
