from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from verify.errors import UsageError
from verify.gallery.imports import read_table, record, table
from verify.gallery.imports.table import COLUMNS
from verify.model.gallery import DocumentStatus, EntryKind, ListedDocument, Name, PartialDate

GOOD = {
    "schema_version": "1",
    "reference_id": "M-1",
    "entry_kind": "missing_person",
    "source": "Office",
    "source_record": "77",
    "owner": "Border Police",
    "legal_basis": "Act 12",
    "purpose": "missing persons",
    "collected": "2026-01-01",
    "review_by": "2027-01-01",
    "expires": "2028-01-01",
    "primary_identifier": "SILVA",
    "secondary_identifier": "MARIA JOANA",
    "aliases": "PEREIRA<<ANA<RITA; Maria da Costa;Pelé",
    "birth_date": "1984-05",
    "sex": "f",
    "nationalities": "PRT; d",
    "document_type": "P",
    "document_number": "AB 12",
    "issuing_state": "UTO",
    "document_status": "stolen",
    "image": "faces/m1.jpg",
}
HEADER = ",".join(COLUMNS)


def line(**changes: str) -> str:
    return ",".join((GOOD | changes)[name] for name in COLUMNS)


def write(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path.write_bytes("\n".join([HEADER, *lines, ""]).encode(encoding))
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "list.csv"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_full_line(path: Path, encoding: str) -> None:
    result = read_table(write(path, line(), encoding=encoding))
    assert result.quarantined == ()
    (entry,) = result.entries
    assert (entry.reference_id, entry.kind, entry.sex) == ("M-1", EntryKind.MISSING_PERSON, "F")
    assert entry.names == (
        Name("SILVA", "MARIA JOANA"),
        Name("PEREIRA", "ANA RITA"),
        Name("Costa", "Maria da"),
        Name("Pelé"),
    )
    assert entry.birth_date == PartialDate(1984, 5)
    assert entry.nationalities == ("PRT", "D")
    assert entry.documents == (ListedDocument("AB 12", "P", "UTO", DocumentStatus.STOLEN),)
    assert entry.provenance.expires == dt.date(2028, 1, 1)
    assert entry.image == "faces/m1.jpg"


def test_columns_in_any_order_and_quoted_commas(path: Path) -> None:
    names = list(reversed(COLUMNS))
    values = [f'"{GOOD[name]}, ""x"""' if name == "owner" else GOOD[name] for name in names]
    path.write_text(",".join(names) + "\r\n" + ",".join(values) + "\r\n\r\n", encoding="utf-8")
    assert read_table(path).entries[0].provenance.owner == 'Border Police, "x"'


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"source": ""}, "without source"),
        ({"owner": " "}, "without owner"),
        ({"legal_basis": ""}, "without legal_basis"),
        ({"purpose": ""}, "without purpose"),
        ({"review_by": ""}, "without review_by"),
        ({"expires": ""}, "without expires"),
        ({"collected": ""}, "without collected"),
        ({"reference_id": ""}, "without reference_id"),
        ({"expires": "2025-12-31"}, "before collected"),
        ({"expires": "2028-02-30"}, "expires must be a real date"),
        ({"expires": "2028-02"}, "expires must be a real date"),
        ({"entry_kind": "wanted"}, "entry_kind must be one of nominal"),
        ({"birth_date": "12/08/1974"}, "birth_date"),
        ({"birth_date": "1974-13"}, "birth_date"),
        ({"birth_date": "0000"}, "birth_date"),
        ({"birth_date": "١٩٧٤"}, "birth_date"),
        ({"sex": "male"}, "sex must be"),
        ({"nationalities": "Portugal"}, "nationalities must be codes"),
        ({"document_status": "gone"}, "document_status must be one of stolen"),
        ({"issuing_state": ""}, "issuing_state is missing"),
        ({"document_number": ""}, "without a document_number"),
        ({"document_number": "<<"}, "neither letters nor digits"),
        ({"entry_kind": "document", "document_status": ""}, "document_status is missing"),
        ({"primary_identifier": ""}, "without a primary_identifier"),
        ({"aliases": "<<ANA"}, "aliases"),
        ({"aliases": ";".join(f"A{n}" for n in range(101))}, "more than 100"),
        ({"image": "../secret.jpg"}, "image must be a plain path"),
        ({"image": "/etc/passwd"}, "image must be a plain path"),
        ({"image": "http://example.org/a.jpg"}, "image must be a plain path"),
        ({"source": "a\x00b"}, "control character"),
        ({"source": "a\x1bb"}, "control character"),
        ({"source": "a" * 5000}, "field is longer"),
        ({"source": "a" * 40000}, "line is longer"),
        ({"source": '"open'}, "quote"),
        ({"source": '"a"b'}, "quote"),
        ({"source": "a,b"}, "23 fields where the header has 22"),
    ],
)
def test_a_bad_line_is_set_aside_and_the_others_are_taken(path: Path, changes: dict[str, str], reason: str) -> None:
    result = read_table(write(path, line(reference_id="a"), line(**changes), line(reference_id="b")))
    assert [entry.reference_id for entry in result.entries] == ["a", "b"]
    (bad,) = result.quarantined
    assert bad.line == 3
    assert reason in bad.reason


def test_nothing_to_find_it_by(path: Path) -> None:
    empty = dict.fromkeys(
        (
            "primary_identifier",
            "secondary_identifier",
            "aliases",
            "document_type",
            "document_number",
            "issuing_state",
            "document_status",
            "image",
        ),
        "",
    )
    (bad,) = read_table(write(path, line(**empty))).quarantined
    assert "nothing could find this entry" in bad.reason
    assert read_table(write(path, line(**empty | {"image": "a.jpg"}))).entries


def test_a_reference_id_that_is_there_already(path: Path) -> None:
    result = read_table(write(path, line(), line(source="Other")))
    assert [entry.provenance.source for entry in result.entries] == ["Office"]
    assert [(bad.line, bad.reference_id) for bad in result.quarantined] == [(3, "M-1")]
    assert "line 2" in result.quarantined[0].reason


def test_a_latin_1_line_costs_that_line(path: Path) -> None:
    content = "\n".join([HEADER, line(), line(reference_id="b", aliases="")])
    path.write_bytes(content.encode("latin-1"))
    result = read_table(path)
    assert [(bad.line, bad.reason) for bad in result.quarantined] == [(2, "not UTF-8; save the list in UTF-8")]
    assert len(result.entries) == 1


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_another_encoding_is_refused(path: Path, encoding: str) -> None:
    with pytest.raises(UsageError, match="UTF-8"):
        read_table(write(path, line(), encoding=encoding))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "column 'schema_version'"),
        (HEADER + ",extra\n", "unknown column 'extra'"),
        (HEADER.replace("owner,", "") + "\n", "column 'owner'"),
        (HEADER.replace("owner", "source") + "\n", "column 'source' must be there once; it is there 2"),
        (f"{HEADER}\n{line(schema_version='2')}\n", "line 2: column 'schema_version'"),
        ('"' + HEADER + "\n", "header cannot be used"),
        ("\x00" * 100, "UTF-8"),
        ("<html>" + "x" * 99 + "\n", "unknown column"),
    ],
)
def test_a_file_of_another_format_is_refused(path: Path, content: str, message: str) -> None:
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=message) as caught:
        read_table(path)
    assert str(path) in str(caught.value)


def test_limits(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(path, line(reference_id="a"), line(reference_id="b"))
    monkeypatch.setattr(record, "MAX_RECORDS", 1)
    with pytest.raises(UsageError, match="more than 1 records"):
        read_table(path)
    monkeypatch.setattr(table, "MAX_BYTES", 100)
    with pytest.raises(UsageError, match="at most 100 bytes"):
        read_table(path)


def test_what_is_not_a_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name in ("missing", ".", "pipe", "a\0b"):
        with pytest.raises(UsageError):
            read_table(tmp_path / name)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=300), st.booleans())
def test_no_bytes_make_it_crash(path: Path, noise: bytes, after_header: bool) -> None:
    path.write_bytes((HEADER.encode() + b"\n" if after_header else b"") + noise)
    try:
        result = read_table(path)
    except UsageError:
        return
    assert all(bad.line > 1 and bad.reason for bad in result.quarantined)
