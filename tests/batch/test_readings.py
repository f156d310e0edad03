"""Files into readings: every file of every item has one outcome, however it or its worker ends."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from verify.batch.readings import Key, ReadItem, read_items
from verify.model.item import Item, ItemFile, Role
from verify.model.outcome import FileOutcome, Outcome
from verify.model.result import FileReading
from verify.settings import Settings

from .conftest import FakePool

DAY = dt.date(2026, 6, 15)

pytestmark = pytest.mark.usefixtures("fake_workers")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for word in ("good", "SEGV", "INVALID", "LOOP", "SLEEP"):
        (tmp_path / f"{word}.jpg").write_text(word)
    (tmp_path / "empty.jpg").touch()
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    return tmp_path


def item(name: str, *paths: str) -> Item:
    return Item(name, DAY, tuple(ItemFile(Role.CAPTURE, path) for path in paths))


def read(root: Path, items: list[Item], settings: Settings) -> dict[int, ReadItem]:
    with FakePool[Key](settings) as pool:
        found = list(read_items(root, enumerate(items), pool, settings))
    assert sorted(one.position for one in found) == list(range(len(items)))
    for one in found:
        assert one.item is items[one.position]
        assert [reading.outcome.path for reading in one.readings] == [file.path for file in one.item.files]
        assert [reading.outcome.role for reading in one.readings] == [file.role for file in one.item.files]
    return {one.position: one for one in found}


def test_each_way_a_file_can_end_is_its_own_outcome(root: Path, quick: Settings) -> None:
    expected = {
        "good.jpg": (Outcome.OK, ""),
        "missing.jpg": (Outcome.REFUSED, "does not exist"),
        "folder": (Outcome.REFUSED, "folder"),
        "pipe": (Outcome.REFUSED, "pipe"),
        "../x.jpg": (Outcome.REFUSED, "'..'"),
        "https://example.org/x.jpg": (Outcome.REFUSED, "URL"),
        "empty.jpg": (Outcome.DAMAGED, "0 bytes"),
        "SEGV.jpg": (Outcome.CRASH, "SIGSEGV; only this file"),
        "INVALID.jpg": (Outcome.CRASH, "not valid"),
        "LOOP.jpg": (Outcome.RESOURCE, "limits.seconds = 0.5"),
    }
    found = read(root, [item(f"i{n}", path) for n, path in enumerate(expected)], quick)
    for position, (path, (outcome, says)) in enumerate(expected.items()):
        (reading,) = found[position].readings
        assert reading.outcome.outcome is outcome, path
        assert says in reading.outcome.detail
        if outcome is not Outcome.OK:
            assert reading.mrz_reason == reading.face_reason == f"the file is {outcome}"


def test_files_of_one_item_come_together_in_their_order(root: Path, quick: Settings) -> None:
    paths = ("SLEEP.jpg", "missing.jpg", "good.jpg", "SEGV.jpg", "empty.jpg")
    found = read(root, [item("A", *paths), item("B", "good.jpg"), item("C", *reversed(paths))], quick)
    outcomes = [Outcome.OK, Outcome.REFUSED, Outcome.OK, Outcome.CRASH, Outcome.DAMAGED]
    assert [reading.outcome.outcome for reading in found[0].readings] == outcomes
    assert [reading.outcome.outcome for reading in found[2].readings] == outcomes[::-1]


def test_nothing_but_refused_files(root: Path, quick: Settings) -> None:
    found = read(root, [item("A", "missing.jpg"), item("B", "folder", "empty.jpg")], quick)
    assert len(found) == 2


def test_a_name_that_no_record_could_hold_is_refused(root: Path, quick: Settings) -> None:
    odd = os.fsdecode(b"M\xfcller.jpg")
    (root / odd).write_text("good")
    (reading,) = read(root, [item("A", odd)], quick)[0].readings
    assert reading.outcome.outcome is Outcome.REFUSED
    assert "rename" in reading.outcome.detail


def test_a_run_after_another_on_the_same_pool(root: Path, quick: Settings) -> None:
    with FakePool[Key](quick) as pool:
        for _ in range(2):
            (one,) = read_items(root, [(0, item("A", "good.jpg"))], pool, quick)
            assert one.readings[0].outcome.outcome is Outcome.OK
            assert one.pictures == {"capture.page": b"good"}


def test_the_same_bytes_are_read_once_and_given_to_all(
    root: Path, quick: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COUNT", str(root / "count"))
    for number in range(4):
        (root / f"{number}.jpg").write_text("COUNT")
    twice = Item("twice", DAY, (ItemFile(Role.CAPTURE, "0.jpg"), ItemFile(Role.VISA, "1.jpg")))
    found = read(root, [item("A", "2.jpg", "3.jpg"), twice, item("B", "good.jpg")], quick)
    assert (root / "count").read_text() == "capture visa "  # once for each part it plays
    for one in found.values():
        assert {reading.outcome.outcome for reading in one.readings} == {Outcome.OK}


def test_a_reading_that_is_known_is_not_made_again(root: Path, quick: Settings) -> None:
    seen = hashlib.sha256(b"SEGV").hexdigest()
    old = FileReading(FileOutcome("capture", "an earlier name.jpg", Outcome.OK, sha256=seen))

    def known(file: ItemFile, _item: Item, sha256: str) -> tuple[FileReading, dict[str, bytes]] | None:
        return (old, {"a picture": b"kept"}) if sha256 == seen and file.role == "capture" else None

    with FakePool[Key](quick) as pool:
        (one,) = read_items(root, [(0, item("A", "SEGV.jpg"))], pool, quick, known=known)
    assert one.readings[0].outcome == FileOutcome("capture", "SEGV.jpg", Outcome.OK, sha256=seen)
    assert one.pictures == {"a picture": b"kept"}


def test_a_file_that_changes_between_hashing_and_reading_is_not_believed(root: Path, quick: Settings) -> None:
    (root / "0.jpg").write_text("LIAR")
    (reading,) = read(root, [item("A", "0.jpg")], quick)[0].readings
    assert reading.outcome.outcome is Outcome.DAMAGED
    assert "changed" in reading.outcome.detail
    assert reading.outcome.sha256 == hashlib.sha256(b"LIAR").hexdigest()


@pytest.mark.parametrize("path", ["missing.jpg", "SLEEP.jpg"], ids=["never opened", "the same bytes"])
def test_items_that_need_no_worker_do_not_pile_up(root: Path, quick: Settings, path: str) -> None:
    drawn = 0

    def items() -> Iterator[tuple[int, Item]]:
        nonlocal drawn
        for drawn in range(1, 301):
            yield drawn, item(f"i{drawn}", path)

    with FakePool[Key](quick) as pool:
        done = []
        for one in read_items(root, items(), pool, quick):
            done.append(one.position)
            assert drawn - len(done) < 50
    assert sorted(done) == list(range(1, 301))
