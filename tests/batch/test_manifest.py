"""Manifests: two forms of the same, and whatever is wrong is told with its file and line."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from verify.batch.manifest import read_manifest
from verify.errors import ExitCode, NoInputsError, UsageError, VerifyError
from verify.model.item import Declared, Item, ItemFile, Role, Travel

HEADER = "schema_version,item_id,role,path,inspection_date"
ROW = "1,A-1,document,a.jpg,2026-06-15"
WHOLE_HEADER = (
    HEADER + ",declared_primary_identifier,declared_secondary_identifier,declared_birth_date,"
    "declared_nationality,travel_group,travel_from,travel_to"
)
ITEM = {
    "schema_version": 1,
    "item_id": "A-1",
    "inspection_date": "2026-06-15",
    "files": [{"role": "document", "path": "a.jpg"}],
}


def written(folder: Path, text: str | bytes, name: str = "manifest.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def rows(*lines: str, header: str = HEADER) -> str:
    return "\n".join((header, *lines)) + "\n"


def json_lines(*values: object) -> str:
    return "".join(json.dumps(value) + "\n" for value in values)


def items(folder: Path, text: str | bytes, name: str = "manifest.csv") -> tuple[Item, ...]:
    return read_manifest(written(folder, text, name)).items


def test_both_forms_give_equal_items(tmp_path: Path) -> None:
    from_csv = rows(
        "1,A-1,document,sub/a b.jpg,2026-06-15,DE LA CRUZ,'ANA, MARÍA',1990-02-28,ESP,G1,Quillan,Brann".replace(
            "'", '"'
        ),
        "1,B.2,document_front,f.png,,,,,,,,",
        "1,A-1,capture,c.webp,,,,,,,,",
        "1,B.2,document_back,b.png,2026-06-16,,,,,,,",
        header=WHOLE_HEADER,
    )
    from_json = json_lines(
        {
            "schema_version": 1,
            "item_id": "A-1",
            "inspection_date": "2026-06-15",
            "files": [{"role": "document", "path": "sub/a b.jpg"}, {"role": "capture", "path": "c.webp"}],
            "declared_primary_identifier": "DE LA CRUZ",
            "declared_secondary_identifier": "ANA, MARÍA",
            "declared_birth_date": "1990-02-28",
            "declared_nationality": "ESP",
            "travel_group": "G1",
            "travel_from": "Quillan",
            "travel_to": "Brann",
        },
        {
            "schema_version": 1,
            "item_id": "B.2",
            "inspection_date": "2026-06-16",
            "files": [{"role": "document_front", "path": "f.png"}, {"role": "document_back", "path": "b.png"}],
            "declared_birth_date": "",
        },
    )
    expected = (
        Item(
            "A-1",
            dt.date(2026, 6, 15),
            (ItemFile(Role.DOCUMENT, "sub/a b.jpg"), ItemFile(Role.CAPTURE, "c.webp")),
            Declared("DE LA CRUZ", "ANA, MARÍA", dt.date(1990, 2, 28), "ESP"),
            Travel("G1", "Quillan", "Brann"),
        ),
        Item(
            "B.2",
            dt.date(2026, 6, 16),
            (ItemFile(Role.DOCUMENT_FRONT, "f.png"), ItemFile(Role.DOCUMENT_BACK, "b.png")),
        ),
    )
    assert items(tmp_path, from_csv) == expected
    assert items(tmp_path, from_json, "manifest.jsonl") == expected
    assert items(tmp_path, from_json, "manifest.ndjson") == expected


def test_the_digest_is_of_the_bytes_and_the_root_is_the_folder(tmp_path: Path) -> None:
    path = written(tmp_path, rows(ROW))
    manifest = read_manifest(path)
    assert manifest.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert manifest.root == tmp_path


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + rows(ROW),
        rows(ROW).replace("\n", "\r\n"),
        rows(ROW, "", ""),
        rows(" 1 , A-1 , document ,a.jpg, 2026-06-15 ").replace(" A-1 ", "A-1"),
    ],
    ids=["byte order mark", "line ends of Windows", "empty lines", "spaces around"],
)
def test_what_spreadsheets_do_is_harmless(tmp_path: Path, text: str) -> None:
    assert items(tmp_path, text) == (Item("A-1", dt.date(2026, 6, 15), (ItemFile(Role.DOCUMENT, "a.jpg"),)),)


def test_a_line_separator_within_a_json_string_is_no_line_end(tmp_path: Path) -> None:
    text = json.dumps({**ITEM, "declared_primary_identifier": "A\u2028B\u0085C"}, ensure_ascii=False) + "\r\n\n"
    (item,) = items(tmp_path, text, "m.jsonl")
    assert item.declared.primary_identifier == "A\u2028B\u0085C"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (rows(ROW, header=HEADER + ",shoe_size").replace("-15\n", "-15,44\n"), 1, "shoe_size"),
        (rows(header="schema_version,item_id,role,path"), 1, "missing column inspection_date"),
        (rows(header="item_id,path"), 1, "missing column schema_version, role, inspection_date"),
        (rows(ROW + ",x", header=HEADER + ",path"), 1, "repeated column"),
        ("just a sentence\n", 1, "missing column"),
        (rows(ROW + ",more"), 2, "columns"),
        (rows(ROW, "1,A-2,document"), 3, "columns"),
        (rows("2,A-1,document,a.jpg,2026-06-15"), 2, "schema_version"),
        (rows("one,A-1,document,a.jpg,2026-06-15"), 2, "schema_version"),
        (rows(",A-1,document,a.jpg,2026-06-15"), 2, "schema_version"),
        (rows("9" * 5000 + ",A-1,document,a.jpg,2026-06-15"), 2, "schema_version"),
        (rows("1,,document,a.jpg,2026-06-15"), 2, "item_id"),
        (rows("1,../A,document,a.jpg,2026-06-15"), 2, "item_id"),
        (rows(f"1,{'A' * 65},document,a.jpg,2026-06-15"), 2, "item_id"),
        (rows(ROW, "1,A-2,passport,a.jpg,2026-06-15"), 3, "role"),
        (rows("1,A-1,document,a.jpg,15.06.2026"), 2, "inspection_date"),
        (rows("1,A-1,document,a.jpg,2026-02-30"), 2, "inspection_date"),
        (rows("1,A-1,document,a.jpg,20260615"), 2, "YYYY-MM-DD"),
        (rows("1,A-1,document,a.jpg,86400"), 2, "YYYY-MM-DD"),
        (rows("1,A-1,document,a.jpg,"), 2, "no inspection_date"),
        (rows(ROW, "1,A-1,capture,b.jpg,2026-06-16"), 3, "inspection_date differs"),
        (rows(ROW, "1,A-1 ,capture,b.jpg,"), 3, "used already in line 2"),
        (rows(ROW, '1,A-2,document,"b.jpg,2026-06-15'), 3, "not a CSV row"),
        (rows('1,A-1,document,"a"b.jpg,2026-06-15'), 2, "not a CSV row"),
        (rows(f"1,A-1,document,{'a' * 5000},2026-06-15"), 2, "path"),
        (rows(f"1,A-1,document,{'a' * 200_000},2026-06-15"), 2, "not a CSV row"),
        ('"schema_version,item_id\n', 1, "not a CSV header"),
        (rows(ROW, "1,A-2,document,a\0b.jpg,2026-06-15"), 3, "NUL"),
        (rows(*(f"1,A-1,document,{n}.jpg,2026-06-15" for n in range(51))), 2, "files"),
    ],
)
def test_a_wrong_table_is_refused_with_its_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(UsageError) as refused:
        read_manifest(path)
    assert str(refused.value).startswith(f"{path}:{line}: ")
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (json_lines(ITEM, ITEM), 2, "used already in line 1"),
        (json_lines({**ITEM, "shoe_size": 44}), 1, "shoe_size"),
        (json_lines({**ITEM, "schema_version": 2}), 1, "schema_version"),
        (json_lines({**ITEM, "schema_version": "1"}), 1, "schema_version"),
        (json_lines({key: ITEM[key] for key in ITEM if key != "schema_version"}), 1, "schema_version"),
        (json_lines({key: ITEM[key] for key in ITEM if key != "inspection_date"}), 1, "no inspection_date"),
        (json_lines({**ITEM, "inspection_date": 1781481600}), 1, "YYYY-MM-DD"),
        (json_lines({**ITEM, "inspection_date": 0}), 1, "YYYY-MM-DD"),
        (json_lines({**ITEM, "inspection_date": False}), 1, "YYYY-MM-DD"),
        (json_lines({**ITEM, "inspection_date": "2026-06-15T00:00:00Z"}), 1, "YYYY-MM-DD"),
        (json_lines({**ITEM, "declared_birth_date": "yesterday"}), 1, "declared_birth_date"),
        (json_lines({**ITEM, "files": []}), 1, "files"),
        (json_lines({**ITEM, "files": [{"role": "document"}]}), 1, "files.0.path"),
        (json_lines({**ITEM, "files": [{"role": "door", "path": "a.jpg"}]}), 1, "files.0.role"),
        (json_lines({**ITEM, "files": [{"role": "document", "path": "a.jpg", "size": 3}]}), 1, "files.0.size"),
        (json_lines({**ITEM, "declared_primary_identifier": "\ud800"}), 1, "declared_primary_identifier"),
        (json_lines({**ITEM, "declared_primary_identifier": "A" * 4097}), 1, "declared_primary_identifier"),
        (json_lines([1, 2]), 1, "row"),
        ("\n{\n", 2, "not a JSON object"),
        ("[" * 100_000, 1, "not a JSON object"),
        ("1" * 5000, 1, "not a JSON object"),
    ],
)
def test_wrong_json_lines_are_refused_with_their_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    path = written(tmp_path, text, "manifest.jsonl")
    with pytest.raises(UsageError) as refused:
        read_manifest(path)
    assert str(refused.value).startswith(f"{path}:{line}: ")
    assert says in str(refused.value)


@pytest.mark.parametrize("name", ["manifest.csv", "manifest.jsonl"])
@pytest.mark.parametrize("text", ["", "\n \n", "\ufeff", HEADER + "\n"])
def test_without_an_item_there_is_nothing_to_do(tmp_path: Path, text: str, name: str) -> None:
    if text.startswith(HEADER) and name.endswith("jsonl"):
        pytest.skip("JSON lines have no header")
    with pytest.raises(NoInputsError) as refused:
        items(tmp_path, text, name)
    assert refused.value.exit_code == ExitCode.NO_INPUTS
    assert name in str(refused.value)


def test_what_is_not_utf8_or_cannot_be_read_is_refused(tmp_path: Path) -> None:
    latin = written(tmp_path, rows(ROW).encode() + b"1,A-2,document,M\xfcller.jpg,2026-06-15\n")
    for path, says in ((latin, "not UTF-8"), (tmp_path / "missing.csv", "cannot read"), (tmp_path, "cannot read")):
        with pytest.raises(UsageError, match=says) as refused:
            read_manifest(path)
        assert str(path) in str(refused.value)


def test_a_long_field_elsewhere_is_not_forbidden_by_reading_a_manifest(tmp_path: Path) -> None:
    items(tmp_path, rows(ROW))
    assert next(csv.reader(io.StringIO("a" * 10_000))) == ["a" * 10_000]


PIECES = [ROW, "1,", '"', "\n", "\r", ",", json.dumps(ITEM), "{", "\0"]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    header=st.sampled_from(["", HEADER + "\n", WHOLE_HEADER + "\n"]),
    text=st.text() | st.lists(st.sampled_from(PIECES)).map("".join),
    name=st.sampled_from(["m.csv", "m.jsonl"]),
)
def test_random_text_is_a_manifest_or_refused(tmp_path: Path, header: str, text: str, name: str) -> None:
    path = written(tmp_path, (header + text).encode("utf-8", "surrogatepass"), name)
    try:
        assert read_manifest(path).items
    except VerifyError as refused:
        assert str(path) in str(refused)
