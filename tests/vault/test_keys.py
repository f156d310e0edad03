from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from verify.errors import DamagedStoreError, PolicyError, UsageError
from verify.vault.files import destroy
from verify.vault.keys import (
    create_key_file,
    derive,
    key_id,
    load_key_file,
    new_data_key,
    read_wrapped,
    unwrap,
    wrap,
    write_wrapped,
)


def test_key_file_round_trip(tmp_path: Path) -> None:
    path = tmp_path / "verify.key"
    create_key_file(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(load_key_file(path)) == 32
    assert load_key_file(path) == load_key_file(path)


def test_key_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "verify.key"
    create_key_file(path)
    before = path.read_bytes()
    with pytest.raises(UsageError, match="not overwritten"):
        create_key_file(path)
    assert path.read_bytes() == before
    with pytest.raises(UsageError, match="cannot be written"):
        create_key_file(tmp_path / "no such directory" / "verify.key")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666, 0o620])
def test_key_file_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "verify.key"
    create_key_file(path)
    path.chmod(mode)
    with pytest.raises(PolicyError, match="chmod 600"):
        load_key_file(path)


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: b"",
        lambda text: text[:-6],
        lambda text: text[40:],
        lambda text: text.replace(b"file 1", b"file 2"),
        lambda text: text.splitlines()[0] + b"\nAAAA\n",
        lambda text: text.splitlines()[0] + b"\n\xff\xfe\n",
        lambda text: b"\xff" * 200,
    ],
)
def test_damaged_key_file_is_refused(tmp_path: Path, damage) -> None:
    path = tmp_path / "verify.key"
    create_key_file(path)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(PolicyError, match="not a key file"):
        load_key_file(path)


def test_missing_key_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="name the right one or make one"):
        load_key_file(tmp_path / "verify.key")
    with pytest.raises(PolicyError, match="cannot be read"):
        load_key_file(tmp_path)


def test_wrapped_key_opens_with_its_key_only(tmp_path: Path) -> None:
    kek, data_key, path = new_data_key(), new_data_key(), tmp_path / "key.json"
    write_wrapped(path, wrap(kek, data_key, "job:1"))
    assert path.stat().st_mode & 0o777 == 0o600
    assert unwrap(kek, read_wrapped(path)) == data_key
    with pytest.raises(PolicyError, match=key_id(kek)):
        unwrap(new_data_key(), read_wrapped(path))
    text = path.read_bytes()
    assert data_key.hex().encode() not in text
    assert kek.hex().encode() not in text


def test_wrapped_key_is_bound_to_its_context() -> None:
    kek = new_data_key()
    wrapped = wrap(kek, new_data_key(), "job:1")
    for altered in (
        replace(wrapped, context="job:2"),
        replace(wrapped, nonce=wrapped.nonce[::-1]),
        replace(wrapped, wrapped=wrapped.wrapped[:-1]),
        replace(wrapped, wrapped=b""),
    ):
        with pytest.raises(DamagedStoreError, match="altered"):
            unwrap(kek, altered)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"schema_version": 2}',
        '{"schema_version":1,"context":"a","kek_id":"b","nonce":"00","wrapped":"zz"}',
        '{"schema_version":1,"context":"a","kek_id":"b","nonce":"00","wrapped":"00"}',
    ],
)
def test_damaged_wrapped_key_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "key.json"
    path.write_text(text)
    with pytest.raises(DamagedStoreError, match=r"key\.json"):
        read_wrapped(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(DamagedStoreError, match="damaged"):
        read_wrapped(path)


def test_derived_keys_differ_by_purpose_and_key_id_is_no_part_of_the_key() -> None:
    key = new_data_key()
    purposes = {derive(key, purpose) for purpose in ("a", "b", "")}
    assert len(purposes) == 3
    assert key not in purposes
    assert key_id(key) != key_id(new_data_key())
    assert key_id(key) not in key.hex()


def test_destroyed_file_is_overwritten_before_it_goes(tmp_path: Path) -> None:
    path, second_name = tmp_path / "key.json", tmp_path / "kept"
    write_wrapped(path, wrap(new_data_key(), new_data_key(), "job:1"))
    secret = json.loads(path.read_text())["wrapped"].encode()
    second_name.hardlink_to(path)  # another name of the same blocks shows what became of them
    size = path.stat().st_size
    destroy(path)
    assert not path.exists()
    assert second_name.stat().st_size == size
    assert secret not in second_name.read_bytes()
    destroy(path)  # again is fine


def test_a_key_that_systemd_hands_over_may_show_its_access_list_as_group_bits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_key_file(tmp_path / "verify.key")
    (tmp_path / "verify.key").chmod(0o440)
    with pytest.raises(PolicyError, match="chmod 600"):
        load_key_file(tmp_path / "verify.key")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert len(load_key_file(tmp_path / "verify.key")) == 32
    (tmp_path / "verify.key").chmod(0o444)
    with pytest.raises(PolicyError, match="chmod 600"):
        load_key_file(tmp_path / "verify.key")
