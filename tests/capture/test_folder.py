"""A folder of a chip's files in place of a file: packed the same way each time, and nothing but files."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from verify.capture import FileRefusedError, open_untrusted_dump, read_untrusted
from verify.model.outcome import Outcome
from verify.settings import Limits


def packed(root: Path, path: str, limits: Limits | None = None) -> bytes:
    descriptor, size = open_untrusted_dump(root, path, limits or Limits())
    try:
        data, _sha256 = read_untrusted(descriptor, limits or Limits())
    finally:
        os.close(descriptor)
    assert len(data) == size
    return data


def refused(root: Path, path: str, limits: Limits | None = None) -> Outcome:
    with pytest.raises(FileRefusedError) as error:
        packed(root, path, limits)
    return error.value.outcome


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    for folder, names in (("one", ("b", "a")), ("two", ("a", "b"))):
        (tmp_path / folder).mkdir()
        for name in names:
            (tmp_path / folder / name).write_bytes(name.encode() * 9)
    assert packed(tmp_path, "one") == packed(tmp_path, "two/")
    with zipfile.ZipFile(io.BytesIO(packed(tmp_path, "one"))) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {"a": b"a" * 9, "b": b"b" * 9}


def test_a_file_stays_a_file(tmp_path: Path) -> None:
    (tmp_path / "chip.zip").write_bytes(b"PK")
    assert packed(tmp_path, "chip.zip") == b"PK"


def test_what_is_refused(tmp_path: Path) -> None:
    for name in ("empty", "nested/more", "linked", "many", "large"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "linked" / "dg1").symlink_to(tmp_path / "secret")
    (tmp_path / "link").symlink_to(tmp_path / "many")
    for number in range(65):
        (tmp_path / "many" / str(number)).write_bytes(b"x")
    (tmp_path / "large" / "dg1").write_bytes(bytes(60))
    (tmp_path / "large" / "dg2").write_bytes(bytes(60))
    assert refused(tmp_path, "empty") is Outcome.DAMAGED
    for path in ("nested", "linked", "link", "many", "../x", "none"):
        assert refused(tmp_path, path) is Outcome.REFUSED
    assert refused(tmp_path, "large", Limits(max_bytes=100)) is Outcome.TOO_LARGE
