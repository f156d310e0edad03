"""A forgotten subject cannot be recovered from any file of the gallery, with any key that remains."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from verify.errors import LockedError
from verify.gallery import Gallery, damage, lapsed
from verify.gallery.store.place import page_key
from verify.gallery.store.sealed import SubjectKeys
from verify.model.gallery import EntryKind, Name, PartialDate
from verify.vault.keys import read_wrapped, unwrap
from verify.vault.store import open_encrypted

from ..builders import ENGINE, KEK, MODEL, entry, template

PICTURE = b"\xff\xd8PLANTED-PICTURE" * 900
GONE = entry("PLANTED-ID", Name("PLANTEDPRIMARY", "Plantedsecond"), birth_date=PartialDate(1984, 5, 17))
FACE = template(np.random.default_rng(3).normal(size=128))
# long enough that no digest holds one by chance
MARKS = [b"PLANTED", b"Plantedsecond", np.asarray(FACE.vector, dtype="<f4").tobytes()[:40]]
UNIT = (np.asarray(FACE.vector) / np.linalg.norm(FACE.vector)).astype("<f4").tobytes()[:40]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    directory = tmp_path / "gallery"
    with Gallery.create(
        directory, KEK, name="g", kind=EntryKind.MISSING_PERSON, engine=ENGINE, model_sha256=MODEL, operator="o"
    ) as gallery:
        for number in range(40):
            gallery.enrol(entry(f"kept {number}", Name("KEPTNAME")), [template(np.ones(128) + number)], b"KEPT" * 50)
        gallery.enrol(GONE, [FACE], PICTURE)
        gallery.freeze()
    return directory


def decrypted_pages(path: Path, key: bytes) -> bytes:
    """Each page without SQLCipher, free space and all; it ends with IV (16 bytes) and HMAC (64)."""
    content, plain = path.read_bytes(), b""
    for start in range(0, len(content), 16384):
        page = content[start : start + 16384]
        decryptor = Cipher(algorithms.AES256(key), modes.CBC(page[-80:-64])).decryptor()
        plain += decryptor.update(page[16 if start == 0 else 0 : -80]) + decryptor.finalize()
    return plain


def everything(directory: Path) -> Iterator[tuple[str, bytes]]:
    """All that can be made readable of the files, with the keys that are left."""
    data_key = unwrap(KEK, read_wrapped(directory / "key.json"))
    frozen: list[tuple[bytes, str, str]] = []
    with open_encrypted(directory / "gallery.db", page_key(data_key), read_only=True) as store:
        gallery_id = str((store.row("SELECT value FROM property WHERE name = 'gallery_id'") or [""])[0])
        keys = SubjectKeys.of(data_key, gallery_id)
        for reference_id, wrapped, record, picture in store.rows(
            "SELECT reference_id, wrapped, record, picture FROM entry"
        ):
            key = keys.open(wrapped, reference_id)
            yield "record", key.open(record, "record")
            if picture is not None:
                yield "picture", key.open(picture, "picture")
            for number, vector, rest in store.rows(
                "SELECT number, vector, rest FROM template WHERE reference_id = ?", (reference_id,)
            ):
                yield "vector", key.open(vector, f"vector {number}")
                yield "rest", key.open(rest, f"rest {number}")
        for version, folder, key in store.rows("SELECT version, folder, key FROM frozen"):
            frozen.append((key, folder, f"{gallery_id}/{version}/{MODEL}"))
    for path in sorted(directory.rglob("*")):
        if path.is_file():
            yield path.name, path.read_bytes()
            if path.name == "gallery.db":
                yield path.name, decrypted_pages(path, page_key(data_key))
            for key, folder, binding in frozen:
                if path.parent.name == folder:
                    name = "index" if path.stem == "index" else str(int(path.stem))
                    content = path.read_bytes()
                    bound = f"{binding}/{name} of 1".encode()
                    yield path.name, AESGCM(key).decrypt(content[:12], content[12:], bound)


def marks_in(directory: Path) -> set[str]:
    return {name for name, content in everything(directory) for mark in (*MARKS, UNIT) if mark in content}


def test_the_scan_finds_what_is_there(directory: Path) -> None:
    """Otherwise finding nothing would mean nothing."""
    found = marks_in(directory)
    assert {"record", "picture", "vector", "index.block", "00000.block"} <= found
    assert "gallery.db" in found, "its reference id stands in the pages"


def test_forgotten_is_gone_from_every_file(directory: Path) -> None:
    earlier = {path.name for path in (directory / "frozen").iterdir()}
    with Gallery.open(directory, KEK, write=True, operator="o") as gallery:
        assert gallery.forget([GONE.reference_id, "absent"], "request of the owner") == 1
        assert marks_in(directory) == set(), "while it is open, with its log"
        assert (directory / "gallery.db-wal").stat().st_size == 0
        assert not list((directory / "frozen").iterdir())
        gallery.freeze()
        assert marks_in(directory) == set(), "in the blocks that were made again"
        assert {path.name for path in (directory / "frozen").iterdir()}.isdisjoint(earlier)
        gallery.enrol(entry("later", Name("LATER")))
    assert marks_in(directory) == set()
    with Gallery.open(directory, KEK) as gallery:
        assert len(gallery.entries()) == 41 and damage(gallery) == ()
        assert gallery.picture(GONE.reference_id) is None and gallery.templates(GONE.reference_id) == ()


def test_a_tombstone_names_nobody(directory: Path) -> None:
    with Gallery.open(directory, KEK, write=True) as gallery:
        gallery.forget([GONE.reference_id], "expired")
        ((when, reason, commitment),) = gallery.tombstones()
        assert abs(when - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)
        assert reason == "expired" and len(commitment) == 32
        last = list(gallery.events())[-1].fields()
        assert last["action"] == "entry_forgotten" and "PLANTED" not in str(last)
        gallery.forget([GONE.reference_id], "again")
        assert len(gallery.tombstones()) == 1


def test_a_reader_of_an_older_state_is_told_of(directory: Path) -> None:
    with Gallery.open(directory, KEK, write=True) as gallery, Gallery.open(directory, KEK) as reader:
        assert reader.picture(GONE.reference_id) == PICTURE
        with reader._store.snapshot():
            assert reader.picture(GONE.reference_id) == PICTURE
            gallery._store.row("PRAGMA busy_timeout = 1")
            with pytest.raises(LockedError, match="try again"):
                gallery.forget([GONE.reference_id], "expired")
        assert gallery.forget([GONE.reference_id], "expired") == 0  # it only had to be finished
    assert marks_in(directory) == set()


def test_what_is_no_longer_in_force_is_forgotten_by_a_purge(directory: Path) -> None:
    day = dt.date(2030, 2, 1)  # all of these expire the day before
    with Gallery.open(directory, KEK, write=True) as gallery:
        assert lapsed(gallery.entries(), day - dt.timedelta(days=1), gallery.withdrawn()) == ()
        assert gallery.withdraw("kept 1", dt.date(2027, 1, 1), "order 5") is True
        assert gallery.withdraw("absent", dt.date(2027, 1, 1), "order 5") is False
        assert lapsed(gallery.entries(), dt.date(2026, 12, 31), gallery.withdrawn()) == ()
        assert lapsed(gallery.entries(), dt.date(2027, 1, 1), gallery.withdrawn()) == ("kept 1",)
        assert gallery.forget(lapsed(gallery.entries(), day, gallery.withdrawn()), "no longer in force") == 41
        assert gallery.entries() == () and len(gallery.tombstones()) == 41
    assert marks_in(directory) == set()
