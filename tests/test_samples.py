"""The sample material: register and manifest against files, truth against items, counts and size."""

from __future__ import annotations

import collections
import csv
import hashlib
import importlib
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from PIL import Image

from verify.checks import discover

ROOT = Path(__file__).resolve().parent.parent / "samples"
DAY = ROOT / "checkpoint"
SIZE_LIMIT = 40_000_000
IDENTITIES = 40
ROLES = {"document", "document_front", "document_back", "visa", "capture", "chip"}
UNCHECKED = {"look_alike", "expired_entry_suppressed", "empty_file", "truncated_file"}
NOT_DRAWN = {"R35", "R36", "R37", "R38", "R39", "R40", "R41"}  # of real states, or silent on specimens
PAIRED = {
    "one_face_two_identities", "one_document_two_holders", "one_portrait_two_documents", "one_picture_two_items",
}  # fmt: skip
LISTED = {
    "listed_by_face", "listed_by_name_and_date", "document_listed", "missing_person_by_face",
    "expired_entry_suppressed",
}  # fmt: skip

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def script(monkeypatch_module: pytest.MonkeyPatch) -> ModuleType:
    """scripts/make_samples.py."""
    monkeypatch_module.syspath_prepend(str(ROOT.parent / "scripts"))
    return importlib.import_module("make_samples")


@pytest.fixture(scope="module")
def monkeypatch_module() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


def table(name: str) -> Rows:
    with (ROOT / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def manifest() -> Rows:
    return table("checkpoint/manifest.csv")


@pytest.fixture(scope="module")
def truth() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DAY / "truth.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def references() -> dict[str, dict[str, str]]:
    names = ("watchlist", "nominals", "missing")
    return {row["reference_id"]: row for name in names for row in table(f"checkpoint/{name}.csv")}


def test_register_lists_each_file_with_its_hash() -> None:
    rows = table("REGISTER.csv")
    listed = {row["file"]: row["sha256"] for row in rows}
    present = {
        path.relative_to(ROOT).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in ROOT.rglob("*")
        if path.is_file() and path.name != "REGISTER.csv"
    }
    assert listed == present, "run scripts/make_samples.py --register-only"
    assert len(rows) == len(listed)
    assert all(row["source"] and row["licence"] and row["purpose"] for row in rows)


def test_size() -> None:
    assert sum(path.stat().st_size for path in ROOT.rglob("*") if path.is_file()) < SIZE_LIMIT


def test_manifest_names_each_file_once(manifest: Rows) -> None:
    paths = [row["path"] for row in manifest]
    assert sorted(paths) == sorted(p.relative_to(DAY).as_posix() for p in (DAY / "files").iterdir())
    assert {row["role"] for row in manifest} <= ROLES
    assert {row["schema_version"] for row in manifest} == {"1"}


def test_manifest_declares_once_an_item(manifest: Rows, truth: dict[str, Any]) -> None:
    seen: set[str] = set()
    for row in manifest:
        first = row["item_id"] not in seen
        seen.add(row["item_id"])
        assert bool(row["inspection_date"]) is first
        assert bool(row["declared_primary_identifier"]) is first
        if first:
            assert row["inspection_date"] == truth["inspection_date"]


def test_counts_and_file_kinds(manifest: Rows, truth: dict[str, Any]) -> None:
    items = truth["items"]
    assert set(items) == {row["item_id"] for row in manifest}
    assert len(items) >= 60
    assert sum(item["clean"] for item in items.values()) >= 32
    kinds = collections.Counter(Path(row["path"]).suffix for row in manifest)
    least = {".png": 3, ".tif": 3, ".pdf": 3, ".heic": 2, ".webp": 3}
    assert all(kinds[kind] >= number for kind, number in least.items()), kinds


def test_planted_truths(
    manifest: Rows, truth: dict[str, Any], references: dict[str, dict[str, str]], script: ModuleType
) -> None:
    roles = {(row["item_id"], row["role"]) for row in manifest}
    found = set()
    for item_id, item in truth["items"].items():
        for plant in item["planted"]:
            found.add(plant["kind"])
            assert plant.get("check") == script.CHECKS.get(plant["kind"])
            assert (item_id, plant["file"]) in roles
            if plant["kind"] in PAIRED:
                back = truth["items"][plant["with"]]["planted"]
                assert any(p["kind"] == plant["kind"] and p["with"] == item_id for p in back)
            if plant["kind"] in LISTED:
                assert plant["reference_id"] in references
        assert item["clean"] == ({p["kind"] for p in item["planted"]} <= {"expired_entry_suppressed"})
    assert found == {*script.CHECKS, *UNCHECKED}


def test_every_check_that_utopia_can_show_has_a_plant(script: ModuleType) -> None:
    planted = set(script.CHECKS.values())
    assert {check.meta.code for check in discover()} - planted == NOT_DRAWN
    assert not planted & NOT_DRAWN


def test_reference_images_and_columns(references: dict[str, dict[str, str]]) -> None:
    for reference_id, row in references.items():
        assert (reference_id[0] == "W") is (row["image"] == "")
        assert row["image"] == "" or (DAY.parent / row["image"]).is_file()
        assert row["entry_kind"] in {"nominal", "missing_person", "document"}


def test_all_faces_play_a_part(truth: dict[str, Any], references: dict[str, dict[str, str]]) -> None:
    holders = {item["holder"] for item in truth["items"].values() if item["holder"]}
    enrolled = {Path(row["image"]).name[:5] for row in references.values() if row["image"]}
    plants = [plant for item in truth["items"].values() for plant in item["planted"]]
    notes = " ".join(plant["note"] for plant in plants if plant["kind"] == "portrait_not_live")
    live = {word.strip(",") for word in notes.split() if word.startswith("id")}
    assert len(holders | enrolled | live) == IDENTITIES


def check_digit(text: str) -> str:
    """The 7-3-1 digit, written here again so that the maker does not judge itself."""
    weights = (7, 3, 1)
    total = sum(("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".find(c) if c != "<" else 0) * weights[i % 3]
                for i, c in enumerate(text))  # fmt: skip
    return str(total % 10)


def failing(role: str, lines: list[str]) -> set[str]:
    """Name the check digits of an MRZ that do not verify (Doc 9303 parts 4 to 7)."""
    if len(lines) == 3:
        first, second = lines[0], lines[1]
        digits = {"document_number": (first[5:14], first[14]), "birth_date": (second[:6], second[6]),
                  "expiry_date": (second[8:14], second[14]),
                  "composite": (first[5:] + second[:7] + second[8:15] + second[18:29], second[29]),
        }  # fmt: skip
    else:
        line = lines[1]
        digits = {"document_number": (line[:9], line[9]), "birth_date": (line[13:19], line[19]),
                  "expiry_date": (line[21:27], line[27])}  # fmt: skip
        if role != "visa":
            digits["composite"] = (line[:10] + line[13:20] + line[21:-1], line[-1])
            if len(line) == 44 and line[28:42].strip("<"):
                digits["optional_data"] = (line[28:42], line[42])
    return {name for name, (field, digit) in digits.items() if check_digit(field) != digit}


WRITTEN_OVER = {
    "look_alike_character": {"document_number", "composite"}, "letter_among_digits": {"birth_date", "composite"},
    "all_check_digits": {"document_number", "birth_date", "expiry_date", "composite"},
    "long_number_of_td1_without_rest": {"document_number"}, "long_number_of_td2_without_rest": {"document_number"},
}  # fmt: skip


def test_printed_mrz_fails_only_where_planted(truth: dict[str, Any]) -> None:
    for item_id, by_role in truth["mrz"].items():
        kinds = {p["kind"] for p in truth["items"][item_id]["planted"]}
        planted = {kind.removesuffix("_check_digit") for kind in kinds if kind.endswith("_check_digit")}
        planted = planted.union(*(WRITTEN_OVER[kind] for kind in kinds & set(WRITTEN_OVER)))
        for role, lines in by_role.items():
            assert [len(line) for line in lines] in ([30] * 3, [36] * 2, [44] * 2)
            visa = lines[0].startswith("V")
            assert failing("visa" if visa else role, lines) == (set() if visa else planted), item_id


def test_the_maker_makes_them_again(script: ModuleType, tmp_path: Path, manifest: Rows, truth: dict[str, Any]) -> None:
    keys = ["000-1", "licence", "visited", "chip-copied"]  # a chip with its portrait, a barcode, a seal, a bare chip
    script.make(tmp_path, ROOT / "faces", ROOT / "fonts", keys)
    day = tmp_path / "checkpoint"
    with (day / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    items = {row["item_id"] for row in rows}
    assert len(items) == len(keys)
    assert rows == [row for number in _in_order(rows) for row in manifest if row["item_id"] == number]
    again = json.loads((day / "truth.json").read_text(encoding="utf-8"))
    assert again["items"] == {number: truth["items"][number] for number in items}
    assert again["mrz"] == {number: truth["mrz"][number] for number in items & set(truth["mrz"])}
    for name in ("csca.cer", "master-list.bin", "seals.cer", "revoked.crl"):
        assert (day / "trust" / name).read_bytes() == (DAY / "trust" / name).read_bytes()
    for row in rows:
        made, kept = day / row["path"], DAY / row["path"]
        if made.suffix == ".jpg":  # other releases of the libraries may round otherwise
            one, other = (np.asarray(Image.open(path), np.int16) for path in (made, kept))
            assert one.shape == other.shape and np.abs(one - other).mean() < 1, row["path"]
        else:
            assert _unpacked(made) == _unpacked(kept), row["path"]


def _in_order(rows: Rows) -> list[str]:
    return list(dict.fromkeys(row["item_id"] for row in rows))


def _unpacked(path: Path) -> dict[str, bytes]:
    """The files of a dump but for the portrait, whose encoder may change, and the signature over it."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    return {name: data for name, data in files.items() if "EF.DG2.bin" not in files or name[3:6] not in ("DG2", "SOD")}
