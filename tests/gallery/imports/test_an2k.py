from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.gallery.imports import Given, ImportResult, read_list
from verify.gallery.imports.an2k import read_transaction
from verify.gallery.imports.row import RowError
from verify.model.gallery import Name, PartialDate

FS, GS, RS, US = "\x1c", "\x1d", "\x1e", "\x1f"
JPEG = b"\xff\xd8\xff\xe0 with \x1c\x1d\x1e\x1f inside"
ALL = {
    "entry_kind": "nominal",
    "owner": "Border Police",
    "legal_basis": "Act 12",
    "purpose": "missing persons",
    "review_by": "2027-01-01",
    "expires": "2028-01-01",
}


def record(kind: int, *fields: tuple[int, bytes]) -> bytes:
    body = b"".join(b"\x1d%d.%03d:%s" % (kind, number, value) for number, value in fields) + b"\x1c"
    for digits in range(1, 9):
        head = b"%d.001:" % kind
        length = len(head) + digits + len(body)
        if len(str(length)) == digits:
            return head + str(length).encode() + body
    raise AssertionError


def transaction(*records: tuple[int, bytes]) -> bytes:
    count = f"1{US}{len(records)}" + "".join(f"{RS}{kind}{US}{n:02d}" for n, (kind, _) in enumerate(records))
    head = record(1, (2, b"0500"), (3, count.encode()), (5, b"20260102"), (8, b"SENDER"), (9, b"TCN1"))
    return head + b"".join(data for _, data in records)


WHO = record(
    2, (2, b"00"), (18, b"SMITH,TOM"), (19, b"SMYTHE,T\x1eBERG,TOMMY"), (21, b"US"), (22, b"19600200"), (24, b"M")
)
FINGER = (12).to_bytes(4, "big") + b"\x00" * 8
FACE = record(10, (2, b"01"), (3, b"FACE"), (11, b"JPEGB"), (999, JPEG))
WHOLE = transaction((2, WHO), (4, FINGER), (10, FACE))


def read(path: Path, data: bytes) -> ImportResult:
    pictures = path.parent / "pictures"
    pictures.mkdir(exist_ok=True)
    path.write_bytes(data)
    return read_list(path, Given(ALL, pictures=pictures))


def test_who_and_the_face(tmp_path: Path) -> None:
    (entry,) = read(tmp_path / "a.an2", WHOLE).entries
    assert entry.reference_id == "SENDER:TCN1"
    assert entry.names == (Name("SMITH", "TOM"), Name("SMYTHE", "T"), Name("BERG", "TOMMY"))
    assert (entry.birth_date, entry.sex, entry.nationalities) == (PartialDate(1960, 2), "M", ("USA",))
    assert entry.provenance.collected.isoformat() == "2026-01-02"
    assert entry.image == "a.an2.jpg"
    assert (tmp_path / "pictures" / "a.an2.jpg").read_bytes() == JPEG


def test_a_file_of_a_like_name_leaves_the_face_of_another_alone(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "pictures").mkdir()
    (tmp_path / "in" / "a.an2").write_bytes(WHOLE)
    other = record(10, (3, b"FACE"), (999, JPEG + b"another person"))
    (tmp_path / "in" / "a.eft").write_bytes(transaction((2, WHO), (10, other)))
    result = read_list(tmp_path / "in", Given(ALL, pictures=tmp_path / "pictures"))
    (entry,) = result.entries
    assert (tmp_path / "pictures" / entry.image).read_bytes() == JPEG
    assert len(result.quarantined) == 1, "the same control number"


def test_only_faces_are_extracted(tmp_path: Path) -> None:
    tattoo = record(10, (3, b"TATTOO"), (999, JPEG))
    strange = record(10, (3, b"FACE"), (999, b"no picture"))
    (entry,) = read(tmp_path / "a.an2", transaction((2, WHO), (10, tattoo), (10, strange))).entries
    assert entry.image == "" and list((tmp_path / "pictures").iterdir()) == []


def test_data_that_is_told_twice(tmp_path: Path) -> None:
    face = record(10, (3, b"FACE"), (999, b"0101"), (999, JPEG))
    read(tmp_path / "a.an2", transaction((10, face)))
    assert (tmp_path / "pictures" / "a.an2.jpg").read_bytes() == JPEG


def test_nothing_to_find_it_by_and_a_damaged_neighbour(tmp_path: Path) -> None:
    (tmp_path / "a.an2").write_bytes(transaction((4, FINGER)))
    (tmp_path / "b.an2").write_bytes(WHOLE[:-3])
    (tmp_path / "c.an2").write_bytes(WHOLE)
    result = read_list(tmp_path, Given(ALL))
    assert [entry.reference_id for entry in result.entries] == ["SENDER:TCN1"]
    assert [(bad.line, bad.reference_id) for bad in result.quarantined] == [(1, "SENDER:TCN1"), (2, "b.an2")]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no Type-1 record"),
        (b"1.001:9999\x1d1.002:0500\x1c", "length of the Type-1"),
        (b"1.001:7\x1d1.002:0500\x1c", "length of the Type-1"),
        (transaction((2, FACE)), "no Type-2 record"),
        (transaction((4, b"\xff\xff\xff\xff" + b"0" * 9)), "length of the Type-4"),
        (transaction((4, b"\x00\x00\x00\x00" + b"0" * 9)), "length of the Type-4"),
        (transaction(*[(4, FINGER)] * 1001), "more than 1000"),
        (record(1, (3, b"1\x1f1\x1exx\x1f0")), "field 1.003"),
        (record(1, (3, b"1\x1f0"))[:-1] + b"\x1djunk\x1c", "length of the Type-1"),
    ],
)
def test_what_is_wrong_is_told(data: bytes, reason: str) -> None:
    with pytest.raises(RowError, match=reason):
        read_transaction(data)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 255), st.integers(0, len(WHOLE)))
def test_damage_ends_in_a_reason_or_in_records(place: int, value: int, end: int) -> None:
    damaged = bytearray(WHOLE)
    damaged[place] = value
    for data in (bytes(damaged), WHOLE[:end]):
        try:
            assert read_transaction(data)[0][0] == 1
        except RowError as error:
            assert str(error)
