from __future__ import annotations

import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from verify.errors import DamagedStoreError, LockedError, UsageError, VerifyError
from verify.vault.files import private_directory
from verify.vault.keys import new_data_key
from verify.vault.store import EncryptedStore, open_encrypted, wipe

MARKER = "ZZPLANTED"


@pytest.fixture
def key() -> bytes:
    return new_data_key()


def filled(path: Path, key: bytes, rows: int = 40) -> EncryptedStore:
    store = open_encrypted(path, key, create=True)
    with store.transaction():
        store.write("CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT, face BLOB)")
        store.write_many(
            "INSERT INTO person VALUES (?, ?, ?)",
            ((n, f"{MARKER}{n}", os.urandom(2000)) for n in range(rows)),
        )
    return store


def test_round_trip_and_settings(tmp_path: Path, key: bytes) -> None:
    path = tmp_path / "a.db"
    with filled(path, key) as store:
        store.schema_version = 7
        assert [row[0] for row in store.rows("SELECT id FROM person ORDER BY id")] == list(range(40))
        for setting, value in {
            "secure_delete": 1,
            "journal_mode": "wal",
            "synchronous": 2,
            "foreign_keys": 1,
            "temp_store": 2,
            "cipher_page_size": "16384",
        }.items():
            assert store.row(f"PRAGMA {setting}") == (value,), setting
        for file in tmp_path.iterdir():
            assert file.stat().st_mode & 0o777 == 0o600, file.name
        assert len(list(tmp_path.iterdir())) == 3
    assert [file.name for file in tmp_path.iterdir()] == ["a.db"]
    with open_encrypted(path, key, read_only=True) as store:
        assert store.schema_version == 7
        assert store.row("SELECT name FROM person WHERE id = 3") == (f"{MARKER}3",)
        assert store.row("SELECT 1 FROM person WHERE id = 99") is None
        assert store.damaged_pages() == ()
        with pytest.raises(UsageError, match="reading only"):
            store.write("DELETE FROM person")


def test_nothing_is_readable_in_the_files(tmp_path: Path, key: bytes) -> None:
    with filled(tmp_path / "a.db", key):
        for file in tmp_path.iterdir():
            content = file.read_bytes()
            assert MARKER.encode() not in content
            assert b"SQLite format" not in content
            assert key not in content


def test_wrong_key_and_missing_and_existing(tmp_path: Path, key: bytes) -> None:
    path = tmp_path / "a.db"
    filled(path, key).close()
    with pytest.raises(DamagedStoreError, match=r"a\.db: does not open with this key"):
        open_encrypted(path, new_data_key())
    with pytest.raises(UsageError, match="missing"):
        open_encrypted(tmp_path / "b.db", key)
    with pytest.raises(UsageError, match="exists already"):
        open_encrypted(path, key, create=True)
    with pytest.raises(ValueError, match="32 bytes"):
        open_encrypted(path, b"short")


def test_emptied_or_plain_file_is_told(tmp_path: Path, key: bytes) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(b"")
    with pytest.raises(DamagedStoreError, match="empty"):
        open_encrypted(path, key)
    path.write_bytes(b"SQLite format 3\x00" + bytes(20000))
    with pytest.raises(DamagedStoreError, match="does not open"):
        open_encrypted(path, key)


def test_transaction_is_all_or_nothing(tmp_path: Path, key: bytes) -> None:
    with filled(tmp_path / "a.db", key) as store:
        with pytest.raises(RuntimeError), store.transaction():
            assert store.write("DELETE FROM person") == 40
            raise RuntimeError
        assert store.row("SELECT count(*) FROM person") == (40,)


def test_snapshot_does_not_see_what_is_written_meanwhile(tmp_path: Path, key: bytes) -> None:
    with filled(tmp_path / "a.db", key) as writer, open_encrypted(writer.path, key, read_only=True) as reader:
        with reader.snapshot():
            assert reader.row("SELECT count(*) FROM person") == (40,)
            writer.write("DELETE FROM person WHERE id = 1")
            assert reader.row("SELECT count(*) FROM person") == (40,)
            writer.row("PRAGMA busy_timeout = 1")
            with pytest.raises(LockedError, match="while somebody reads"):
                writer.checkpoint_truncate()
        assert reader.row("SELECT count(*) FROM person") == (39,)
        writer.checkpoint_truncate()
        assert (tmp_path / "a.db-wal").stat().st_size == 0


def test_second_writer_is_told(tmp_path: Path, key: bytes) -> None:
    with filled(tmp_path / "a.db", key) as first, open_encrypted(first.path, key) as second:
        second.row("PRAGMA busy_timeout = 1")
        with first.transaction(), pytest.raises(LockedError, match="in use"):
            second.write("DELETE FROM person")


def test_full_disk_is_told_and_nothing_is_recorded(tmp_path: Path, key: bytes) -> None:
    with filled(tmp_path / "a.db", key) as store:
        store.row("PRAGMA max_page_count = 20")  # a small disk, as far as the database can tell
        with pytest.raises(VerifyError, match="disk is full"), store.transaction():
            store.write("DELETE FROM person WHERE id = 1")
            store.write_many("INSERT INTO person (face) VALUES (?)", ((os.urandom(9000),) for _ in range(99)))
        assert store.row("SELECT count(*) FROM person") == (40,)


def decrypted_pages(path: Path, key: bytes) -> bytes:
    """Decrypts each page without SQLCipher, free space and all; it ends with IV (16 bytes) and HMAC (64)."""
    content, plain = path.read_bytes(), b""
    for start in range(0, len(content), 16384):
        page = content[start : start + 16384]
        first = 16 if start == 0 else 0  # the first page begins with the salt
        decryptor = Cipher(algorithms.AES256(key), modes.CBC(page[-80:-64])).decryptor()
        plain += decryptor.update(page[first:-80]) + decryptor.finalize()
    return plain


def test_deleted_rows_are_gone_from_the_decrypted_pages(tmp_path: Path, key: bytes) -> None:
    with filled(tmp_path / "a.db", key) as store:
        store.checkpoint_truncate()
        assert decrypted_pages(store.path, key).count(MARKER.encode()) >= 40
        store.write("DELETE FROM person WHERE id >= 20")
        store.checkpoint_truncate()
        plain = decrypted_pages(store.path, key)
        assert plain.count(MARKER.encode()) == 20
        assert f"{MARKER}20".encode() not in plain


def test_flipped_bit_is_found_by_the_page_check(tmp_path: Path, key: bytes) -> None:
    path = tmp_path / "a.db"
    filled(path, key).close()
    content = bytearray(path.read_bytes())
    content[16384 * 2 + 1234] ^= 8
    path.write_bytes(content)
    with open_encrypted(path, key) as store:
        assert len(store.damaged_pages()) == 1
        with pytest.raises(DamagedStoreError, match=r"a\.db: failed its integrity check"):
            list(store.rows("SELECT * FROM person"))


def test_wipe_removes_log_and_index_too(tmp_path: Path, key: bytes) -> None:
    path = tmp_path / "a.db"
    with filled(path, key):
        assert len(list(tmp_path.iterdir())) == 3
        wipe(path)
        assert list(tmp_path.iterdir()) == []


def test_private_directory(tmp_path: Path) -> None:
    private_directory(tmp_path / "a" / "job")
    assert (tmp_path / "a" / "job").stat().st_mode & 0o777 == 0o700
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="choose another directory"):
        private_directory(tmp_path / "file")
