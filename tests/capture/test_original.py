"""What is kept of a picture: its bytes as they were, with who, when and which device; or nothing at all."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from verify.batch.finished import role_of
from verify.capture.original import Original, keep_original, original_of
from verify.errors import UsageError
from verify.model.item import Role

DATA = b"the bytes of a picture"


def taken(item: str = "A1", role: Role = Role.CAPTURE, data: bytes = DATA) -> Original:
    return original_of(data, suffix=".png", device="/dev/video0", operator="operator-7", role=role, item=item, width=9)


def test_the_bytes_and_their_record_are_kept(tmp_path: Path) -> None:
    made = taken()
    place = keep_original(tmp_path / "out", made, DATA)
    assert place.read_bytes() == DATA
    told = json.loads(place.with_suffix(".json").read_text())
    assert told == {
        "path": "A1_capture.png",
        "sha256": hashlib.sha256(DATA).hexdigest(),
        "device": "/dev/video0",
        "taken": made.taken.isoformat(),
        "operator": "operator-7",
        "role": "capture",
        "item": "A1",
        "width": 9,
    }
    assert told["taken"].endswith("+00:00")
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "out").iterdir()} == {0o600}
    assert Original.from_json(made.as_json()) == made


@pytest.mark.parametrize("role", [one for one in Role if one is not Role.CHIP])
def test_the_watch_tells_the_role_and_item_by_the_name(role: Role) -> None:
    assert role_of(Path(taken("A1", role).path).stem) == ("A1", role)
    assert role_of(Path(taken("", role).path).stem)[1] is role


def test_pages_without_an_item_have_names_of_their_own() -> None:
    names = {original_of(DATA, suffix=".png", device="d", operator="o", role=Role.VISA, number=n).path for n in (1, 2)}
    assert len(names) == 2


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    keep_original(tmp_path, taken(), DATA)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    other = b"another picture"
    with pytest.raises(UsageError, match="never overwritten"):
        keep_original(tmp_path, taken(data=other), other)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_picture_whose_place_is_taken_leaves_no_record(tmp_path: Path) -> None:
    (tmp_path / "A1_capture.png").write_bytes(b"somebody else's")
    with pytest.raises(UsageError, match="never overwritten"):
        keep_original(tmp_path, taken(), DATA)
    assert [path.name for path in tmp_path.iterdir()] == ["A1_capture.png"]


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UsageError, match="No space left"):
        keep_original(tmp_path, taken(), DATA)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("item", ["../A", "A/B", "A.B", "-A", "A_B", "é", "x" * 65])
def test_an_item_whose_name_could_lead_elsewhere_is_refused(item: str) -> None:
    with pytest.raises(UsageError, match="letters, digits and hyphens"):
        taken(item)


def test_no_camera_takes_a_chip() -> None:
    with pytest.raises(UsageError, match="chip"):
        taken(role=Role.CHIP)
