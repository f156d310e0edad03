"""Watchlists of a job: any format, what stands beside them, what is left out; pictures of galleries when wanted."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from verify.batch.lists import ReferenceList, open_lists
from verify.errors import UsageError
from verify.gallery import Gallery
from verify.model.gallery import Entry, EntryKind, Name, Provenance

DAY = dt.date(2026, 6, 15)
KEK = bytes(range(32))
BESIDE = """
source = "Register"
owner = "Office"
legal_basis = "Act 12"
purpose = "search"
collected = 2026-01-01
review_by = 2028-01-01
expires = 2030-01-01
"""
NOTICE = {"entity_id": "2099/1", "name": "ERIKSSON", "forename": "ANNA", "date_of_birth": "1974/08/12", "sex_id": "F"}


def read(path: Path, text: str, beside: str = BESIDE) -> ReferenceList:
    path.write_text(text)
    if beside:
        path.with_name(f"{path.name}.toml").write_text(beside)
    (found,) = open_lists([path], [], KEK)
    return found


def test_notices_take_what_stands_beside_them(tmp_path: Path) -> None:
    lines = "\n".join([json.dumps(NOTICE), '{"broken', json.dumps(NOTICE | {"entity_id": "2099/2"})])
    found = read(tmp_path / "red.json", lines, f'{BESIDE}entry_kind = "nominal"')
    assert [one.reference_id for one in found.entries] == ["INTERPOL:2099/1", "INTERPOL:2099/2"]
    assert found.quarantined[0][0] == 2
    today = found.on(DAY)
    assert (len(today.entries), today.suppressed) == (2, 0)
    assert today.entries["INTERPOL:2099/1"].provenance.owner == "Office"


def test_a_document_that_was_found_again_is_counted_and_never_a_candidate(tmp_path: Path) -> None:
    rows = ["issuer,type,number,status", "UTO,P,X1,stolen", "UTO,P,X2,found"]
    today = read(tmp_path / "sltd.csv", "\n".join(rows)).on(DAY)
    assert (len(today.entries), today.suppressed) == (1, 1)
    assert [one.reference_id for one in today.documents.search("UTO", "X1")] == ["Register:UTO-P-X1"]
    assert not today.documents.search("UTO", "X2")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.pfif", '<pfif xmlns="http://zesty.ca/pfif/1.4"><person><person_record_id>o/p.1</person_record_id>'
         "<full_name>Anna Eriksson</full_name></person></pfif>"),
        ("a.ftm", '{"id": "q", "schema": "Person", "properties": {"name": ["Anna Eriksson"]}}'),
    ],
)  # fmt: skip
def test_other_formats(tmp_path: Path, name: str, text: str) -> None:
    (entry,) = read(tmp_path / name, text, f'{BESIDE}entry_kind = "missing_person"').entries
    assert entry.names == (Name("Eriksson", "Anna"),)


def test_the_version_follows_both_files(tmp_path: Path) -> None:
    rows = "issuer,type,number,status\nUTO,P,X1,stolen"
    first = read(tmp_path / "sltd.csv", rows).version
    assert read(tmp_path / "sltd.csv", rows).version == first
    assert read(tmp_path / "sltd.csv", rows, BESIDE.replace("Act 12", "Act 13")).version != first
    assert read(tmp_path / "sltd.csv", f"{rows}\n").version != first


def test_without_what_an_entry_needs_every_record_is_set_aside(tmp_path: Path) -> None:
    found = read(tmp_path / "red.json", json.dumps(NOTICE), beside="")
    assert found.entries == ()
    assert "without owner" in found.quarantined[0][1]


@pytest.mark.parametrize(
    ("beside", "message"), [("owner = [1]", "text or a date"), ("=", "cannot be read"), ('x = "1"', "x")]
)
def test_what_stands_beside_it_is_looked_at(tmp_path: Path, beside: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read(tmp_path / "red.json", json.dumps(NOTICE), beside)


def test_pictures_alone_are_no_watchlist(tmp_path: Path) -> None:
    (tmp_path / "faces").mkdir()
    (tmp_path / "faces" / "a.jpg").touch()
    (tmp_path / "faces.toml").write_text(f'{BESIDE}entry_kind = "nominal"')
    with pytest.raises(UsageError, match="gallery enrol"):
        open_lists([tmp_path / "faces"], [], KEK)


def test_a_picture_is_read_when_it_is_wanted(tmp_path: Path) -> None:
    origin = Provenance("Office", "R-1", "Police", "Act 12", "search", DAY, DAY, dt.date(2030, 1, 1))
    kind = EntryKind.MISSING_PERSON
    with Gallery.create(tmp_path / "g", KEK, name="g", kind=kind, engine="e", model_sha256="a" * 64) as gallery:
        gallery.enrol(Entry("a", kind, origin, (Name("A"),)), picture=b"jpeg")
        gallery.enrol(Entry("b", kind, origin, (Name("B"),)))
    (found,) = open_lists([], [tmp_path / "g"], KEK)
    assert (found.picture("a"), found.picture("b"), found.picture("c")) == (b"jpeg", None, None)
