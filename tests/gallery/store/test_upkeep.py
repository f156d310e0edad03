from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from verify.errors import DamagedStoreError, PolicyError, UsageError
from verify.gallery import Gallery, copy_gallery, damage, rotate
from verify.gallery.store.record import digest_of, dump_entry, dump_template
from verify.ledger.events import EVENT_TABLE, Event, append_event
from verify.model.gallery import EntryKind, Name
from verify.vault.keys import derive, new_data_key, wrap, write_wrapped
from verify.vault.store import open_encrypted

from ..builders import ENGINE, KEK, MODEL, entry, template

OTHER = bytes(range(1, 33))
PICTURE = b"\xff\xd8picture" * 300
FACES = {"a": [template([3.0, 4.0, 0.0])], "b": [], "c": [template([0.0, 0.0, 1.0]), template([1.0, 0.0, 0.0])]}


def create(directory: Path, kind: EntryKind = EntryKind.MISSING_PERSON) -> Gallery:
    return Gallery.create(directory, KEK, name="g", kind=kind, engine=ENGINE, model_sha256=MODEL, operator="o")


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    with create(tmp_path / "gallery") as gallery:
        for name, faces in FACES.items():
            gallery.enrol(entry(name, Name(name)), faces, PICTURE if faces else None)
        gallery.withdraw("b", dt.date(2027, 1, 1), "order 5")
        gallery.enrol(entry("x"))
        gallery.forget(["x"], "mistake")
    return tmp_path / "gallery"


def contents(gallery: Gallery) -> list[object]:
    ids = [one.reference_id for one in gallery.entries()]
    return [
        gallery.gallery_id,
        gallery.version,
        gallery.entries(),
        [gallery.templates(one) for one in ids],
        [gallery.picture(one) for one in ids],
        gallery.withdrawn(),
        gallery.tombstones(),
        gallery.references().matrix.tolist(),
    ]


def test_frozen_blocks_hold_what_the_database_holds(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verify.gallery.freeze.BLOCK_ROWS", 2)
    with Gallery.open(directory, KEK, write=True) as gallery:
        before, plain = contents(gallery), gallery.references()
        assert gallery.freeze() == gallery.version
        frozen = gallery.references()
        assert contents(gallery) == before
        assert (frozen.ids, frozen.engine, frozen.model_sha256) == (plain.ids, plain.engine, plain.model_sha256)
        assert frozen.numbers.tolist() == plain.numbers.tolist() == [0, 1, 1]
        assert frozen.templates.most_rows == 2
        (folder,) = (directory / "frozen").iterdir()
        assert len(list(folder.iterdir())) == 3  # two blocks and the index
        assert damage(gallery) == ()
        gallery.enrol(entry("d"), [template([1.0, 1.0, 0.0])])
        assert gallery.references().ids == ("a", "c", "d")  # the frozen version is an earlier one


@pytest.mark.parametrize("how", ["exchanged", "left out", "of another version", "cut"])
def test_blocks_are_bound_to_their_place(
    directory: Path, tmp_path: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("verify.gallery.freeze.BLOCK_ROWS", 1)
    with Gallery.open(directory, KEK, write=True) as gallery:
        gallery.freeze()
        (folder,) = (directory / "frozen").iterdir()
        shutil.copytree(folder, tmp_path / "earlier")
        gallery.enrol(entry("a", Name("a")), [template([0.0, 1.0, 0.0])])
        gallery.freeze()
        (folder,) = (directory / "frozen").iterdir()
        first, second = folder / "00000.block", folder / "00001.block"
        if how == "exchanged":
            content = first.read_bytes()
            first.write_bytes(second.read_bytes())
            second.write_bytes(content)
        elif how == "left out":
            (folder / "00002.block").unlink()
        elif how == "cut":
            second.write_bytes(second.read_bytes()[:-1])
        else:
            second.write_bytes((tmp_path / "earlier" / "00001.block").read_bytes())
        with pytest.raises(DamagedStoreError, match="freeze the gallery again"):
            gallery.references()
        assert len(damage(gallery)) == 1


def test_new_keys_throughout(directory: Path, tmp_path: Path) -> None:
    shutil.copytree(directory, tmp_path / "old copy")
    with Gallery.open(directory, KEK, write=True) as gallery:
        gallery.freeze()
        before, events = contents(gallery), [one.body for one in gallery.events()]
    assert rotate(directory, KEK, OTHER, "o") == 3
    with pytest.raises(PolicyError, match="key file"):
        Gallery.open(directory, KEK)
    with pytest.raises(PolicyError, match="key file"):
        Gallery.open(tmp_path / "old copy", OTHER)
    with Gallery.open(directory, OTHER) as gallery:
        assert contents(gallery) == before and damage(gallery) == ()
        bodies = [one.body for one in gallery.events()]
        assert bodies[: len(events)] == events and len(bodies) == len(events) + 1
    assert not list((directory / "frozen").iterdir())
    assert not (directory / "gallery.db.new").exists()


@pytest.mark.parametrize("kept", ["the old key", "the new key"])
def test_a_rotation_that_was_cut_short_is_undone_or_finished(directory: Path, tmp_path: Path, kept: str) -> None:
    with Gallery.open(directory, KEK) as gallery:
        before = contents(gallery)
    shutil.copytree(directory, tmp_path / "old")
    rotate(directory, KEK, OTHER)
    shutil.copy(directory / "gallery.db", tmp_path / "old" / "gallery.db.new")
    kek = KEK
    if kept == "the new key":
        shutil.copy(directory / "key.json", tmp_path / "old" / "key.json")
        kek = OTHER
    with Gallery.open(tmp_path / "old", kek) as gallery:  # by a reader, who may not change a file
        assert contents(gallery) == before
    with Gallery.open(tmp_path / "old", kek, write=True) as gallery:
        assert contents(gallery) == before and damage(gallery) == ()
    assert not (tmp_path / "old" / "gallery.db.new").exists()


def first_version(directory: Path) -> None:
    """A gallery as version 1 wrote it: pages sealed, nothing else."""
    directory.mkdir()
    data_key = new_data_key()
    properties = {
        "engine": ENGINE,
        "gallery_id": "ab" * 16,
        "kind": "missing_person",
        "model_sha256": MODEL,
        "name": "g",
    }
    genesis = hashlib.sha256(json.dumps(properties).encode()).digest()
    with open_encrypted(directory / "gallery.db", derive(data_key, "database"), create=True) as store:
        store.write("CREATE TABLE property (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT")
        store.write(
            "CREATE TABLE entry (reference_id TEXT PRIMARY KEY, record TEXT NOT NULL, picture BLOB,"
            " digest BLOB NOT NULL, salt BLOB NOT NULL) STRICT"
        )
        store.write(
            "CREATE TABLE template (reference_id TEXT NOT NULL REFERENCES entry ON DELETE CASCADE, number INTEGER NOT"
            " NULL, vector BLOB NOT NULL, rest TEXT NOT NULL, PRIMARY KEY (reference_id, number)) STRICT"
        )
        store.write(EVENT_TABLE)
        store.write_many("INSERT INTO property VALUES (?, ?)", properties.items())
        for name, faces in FACES.items():
            record, dumped = dump_entry(entry(name, Name(name))), [dump_template(face) for face in faces]
            picture = PICTURE if faces else None
            digest = digest_of(record, dumped, picture)
            store.write("INSERT INTO entry VALUES (?, ?, ?, ?, ?)", (name, record.decode(), picture, digest, b"s" * 16))
            for number, (vector, rest) in enumerate(dumped):
                store.write("INSERT INTO template VALUES (?, ?, ?, ?)", (name, number, vector, rest.decode()))
            append_event(store, genesis, Event("entry_enrolled", "o", "p", {}))
        store.schema_version = 1
    write_wrapped(directory / "key.json", wrap(KEK, data_key, f"gallery:{'ab' * 16}"))


def test_a_gallery_of_version_1_is_brought_up_to_date(tmp_path: Path) -> None:
    first_version(tmp_path / "gallery")
    with pytest.raises(DamagedStoreError, match="verify gallery rotate"):
        Gallery.open(tmp_path / "gallery", KEK)
    assert rotate(tmp_path / "gallery", KEK, KEK) == 3
    with Gallery.open(tmp_path / "gallery", KEK) as gallery:
        assert gallery.entries() == tuple(entry(name, Name(name)) for name in FACES)
        assert [list(gallery.templates(name)) for name in FACES] == list(FACES.values())
        assert gallery.picture("a") == PICTURE and gallery.picture("b") is None
        assert damage(gallery) == ()  # digests and the chain of version 1 included


def test_a_copy_is_whole_and_restores_what_was_lost(directory: Path, tmp_path: Path) -> None:
    with Gallery.open(directory, KEK, write=True) as gallery:
        gallery.freeze()
    copy_gallery(directory, tmp_path / "copy", KEK, "o")
    with Gallery.open(directory, KEK) as gallery:
        before = contents(gallery)
    shutil.rmtree(directory)
    copy_gallery(tmp_path / "copy", directory, KEK, "o")
    with Gallery.open(directory, KEK) as gallery:
        assert contents(gallery) == before and damage(gallery) == ()
    with pytest.raises(UsageError, match="already"):
        copy_gallery(tmp_path / "copy", directory, KEK)
    for file in (tmp_path / "copy").iterdir():
        assert file.stat().st_mode & 0o077 == 0


def test_a_copy_of_a_damaged_gallery_is_told(directory: Path, tmp_path: Path) -> None:
    content = bytearray((directory / "gallery.db").read_bytes())
    content[-5000] ^= 4
    (directory / "gallery.db").write_bytes(content)
    with pytest.raises(DamagedStoreError):
        copy_gallery(directory, tmp_path / "copy", KEK)


def test_another_model_enrols_all_anew_or_nothing(directory: Path) -> None:
    def faces(reference_id: str, picture: bytes) -> list:  # type: ignore[type-arg]
        assert picture == PICTURE
        return [template([1.0, 2.0, 3.0, 4.0], engine="engine 2", model="b" * 64)] if reference_id == "a" else []

    with Gallery.open(directory, KEK, write=True) as gallery:
        gallery.freeze()
        before = contents(gallery)
        with pytest.raises(PolicyError, match="enrol it with that engine"):
            gallery.change_model("engine 2", "b" * 64, lambda _id, _picture: [template([1.0, 0.0])])
        assert contents(gallery) == before and gallery.engine == ENGINE
        assert gallery.change_model("engine 2", "b" * 64, faces) == {"a": 1, "b": 0, "c": 0}
    with Gallery.open(directory, KEK) as gallery:
        assert (gallery.engine, gallery.model_sha256) == ("engine 2", "b" * 64)
        assert gallery.references().ids == ("a",) and gallery.references().templates.dimensions == 4
        assert gallery.withdrawn() == {"b": dt.date(2027, 1, 1)} and damage(gallery) == ()
        np.testing.assert_allclose(np.linalg.norm(gallery.references().matrix), 1, rtol=1e-6)


def test_what_may_be_searched_together_is_a_logged_decision(directory: Path) -> None:
    with Gallery.open(directory, KEK, write=True, operator="judge") as gallery:
        assert gallery.together == frozenset()
        gallery.allow_together([EntryKind.NOMINAL], "order 7 of 2026")
        assert gallery.together == {EntryKind.NOMINAL}
        last = list(gallery.events())[-1].fields()
        assert (last["action"], last["actor"]) == ("searched_together_allowed", "judge")
        assert last["purpose"] == "nominal: order 7 of 2026"
        gallery.allow_together([], "order 7 has ended")
        assert gallery.together == frozenset()
