"""Opening untrusted paths: exactly one outcome each, words that help, no descriptor left open."""

from __future__ import annotations

import hashlib
import os
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from verify.capture.source import FileRefusedError, open_untrusted, read_untrusted
from verify.model.outcome import Outcome
from verify.settings import Limits

LIMITS = Limits(max_bytes=1000)
CONTENT = b"a document" * 20


def open_descriptors() -> set[str]:
    return {one.name for one in Path("/proc/self/fd").iterdir()}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "root"
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "good.jpg").write_bytes(CONTENT)
    (folder / "deep" / "er" / "good.jpg").write_bytes(CONTENT)
    (folder / "empty.jpg").touch()
    (folder / "limit.jpg").write_bytes(bytes(1000))
    (folder / "over.jpg").write_bytes(bytes(1001))
    (tmp_path / "outside.jpg").write_bytes(CONTENT)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "good.jpg").write_bytes(CONTENT)
    (folder / "link.jpg").symlink_to("good.jpg")
    (folder / "link_out.jpg").symlink_to(tmp_path / "outside.jpg")
    (folder / "link_folder").symlink_to("deep")
    (folder / "link_folder_out").symlink_to(tmp_path / "elsewhere")
    (folder / "link_loop").symlink_to("link_loop")
    (folder / "link_zero").symlink_to("/dev/zero")
    os.mkfifo(folder / "pipe")
    return folder


@pytest.fixture(autouse=True)
def no_descriptor_leaks() -> Iterator[None]:
    before = open_descriptors()
    yield
    assert open_descriptors() == before


@pytest.mark.parametrize("path", ["good.jpg", "./good.jpg", "deep/er/good.jpg", "deep//er/./good.jpg", "limit.jpg"])
def test_a_plain_file_is_opened_read_and_hashed(root: Path, path: str) -> None:
    descriptor, size = open_untrusted(root, path, LIMITS)
    try:
        data, sha256 = read_untrusted(descriptor, LIMITS)
        assert not os.get_inheritable(descriptor)
    finally:
        os.close(descriptor)
    assert data == (root / path).read_bytes()
    assert (size, sha256) == (len(data), hashlib.sha256(data).hexdigest())


@pytest.mark.parametrize(
    ("path", "outcome", "says"),
    [
        ("http://example.org/a.jpg", Outcome.REFUSED, "URL"),
        ("FTP://example.org/a.jpg", Outcome.REFUSED, "URL"),
        ("file:/etc/passwd", Outcome.REFUSED, "URL"),
        ("data:image/png;base64,AAAA", Outcome.REFUSED, "URL"),
        ("/etc/passwd", Outcome.REFUSED, "relative"),
        ("../outside.jpg", Outcome.REFUSED, "'..'"),
        ("deep/../../outside.jpg", Outcome.REFUSED, "'..'"),
        ("deep/..", Outcome.REFUSED, "'..'"),
        ("deep\\er\\good.jpg", Outcome.REFUSED, "relative"),
        ("", Outcome.REFUSED, "not a path"),
        ("good.jpg\0.png", Outcome.REFUSED, "not a path"),
        (".", Outcome.REFUSED, "folder"),
        ("deep", Outcome.REFUSED, "folder"),
        ("missing.jpg", Outcome.REFUSED, "does not exist"),
        ("missing/good.jpg", Outcome.REFUSED, "does not exist"),
        ("good.jpg/more.jpg", Outcome.REFUSED, "cannot be opened"),
        ("n" * 300, Outcome.REFUSED, "cannot be opened"),
        ("pipe", Outcome.REFUSED, "pipe"),
        ("socket", Outcome.REFUSED, "devices"),
        ("link.jpg", Outcome.REFUSED, "links"),
        ("link_out.jpg", Outcome.REFUSED, "links"),
        ("link_folder/er/good.jpg", Outcome.REFUSED, "links"),
        ("link_folder_out/good.jpg", Outcome.REFUSED, "links"),
        ("link_loop", Outcome.REFUSED, "links"),
        ("link_zero", Outcome.REFUSED, "links"),
        ("empty.jpg", Outcome.DAMAGED, "0 bytes"),
        ("over.jpg", Outcome.TOO_LARGE, "limits.max_bytes = 1000"),
    ],
)
def test_what_is_no_plain_file_below_the_root_is_refused(
    root: Path, path: str, outcome: Outcome, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)  # a socket's name may only be short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")
        with pytest.raises(FileRefusedError) as refused:
            open_untrusted(root, path, LIMITS)
    assert refused.value.outcome is outcome
    assert says in str(refused.value)


def test_a_surrogate_in_a_path_is_refused_or_missing_never_a_crash(root: Path) -> None:
    for path in ("\ud800.jpg", "\udcff.jpg"):
        with pytest.raises(FileRefusedError) as refused:
            open_untrusted(root, path, LIMITS)
        assert refused.value.outcome is Outcome.REFUSED


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a device")
def test_a_device_is_refused(root: Path) -> None:
    try:
        os.mknod(root / "zero", stat.S_IFCHR | 0o600, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("this container may not make devices")
    with pytest.raises(FileRefusedError, match="device") as refused:
        open_untrusted(root, "zero", LIMITS)
    assert refused.value.outcome is Outcome.REFUSED


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
@pytest.mark.parametrize("locked", ["good.jpg", "deep"])
def test_a_file_this_user_may_not_read_is_refused(root: Path, locked: str) -> None:
    (root / locked).chmod(0)
    try:
        with pytest.raises(FileRefusedError, match="permissions") as refused:
            open_untrusted(root, "good.jpg" if locked == "good.jpg" else "deep/er/good.jpg", LIMITS)
    finally:
        (root / locked).chmod(0o700)
    assert refused.value.outcome is Outcome.REFUSED


def test_the_root_itself_may_be_a_link(root: Path, tmp_path: Path) -> None:
    (tmp_path / "via").symlink_to(root)
    descriptor, size = open_untrusted(tmp_path / "via", "deep/er/good.jpg", LIMITS)
    os.close(descriptor)
    assert size == len(CONTENT)


@pytest.mark.parametrize("name", ["nowhere", "root/good.jpg"])
def test_a_root_that_is_no_folder_is_refused(root: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(FileRefusedError) as refused:
        open_untrusted(tmp_path / name, "good.jpg", LIMITS)
    assert refused.value.outcome is Outcome.REFUSED


def test_a_file_that_grew_after_it_was_opened_is_too_large(root: Path) -> None:
    descriptor, _size = open_untrusted(root, "good.jpg", LIMITS)
    try:
        with (root / "good.jpg").open("ab") as file:
            file.write(bytes(1000))
        with pytest.raises(FileRefusedError, match=r"grew over limits\.max_bytes") as refused:
            read_untrusted(descriptor, LIMITS)
    finally:
        os.close(descriptor)
    assert refused.value.outcome is Outcome.TOO_LARGE


def test_the_opened_file_is_the_one_that_is_read_whatever_takes_its_name(root: Path) -> None:
    descriptor, _size = open_untrusted(root, "good.jpg", LIMITS)
    try:
        (root / "other.jpg").write_bytes(b"exchanged")
        (root / "other.jpg").replace(root / "good.jpg")
        assert read_untrusted(descriptor, LIMITS)[0] == CONTENT
    finally:
        os.close(descriptor)


def test_a_medium_that_fails_makes_the_file_damaged(tmp_path: Path) -> None:
    descriptor = os.open(tmp_path, os.O_RDONLY)  # reading a folder fails with EISDIR, as a bad disk does with EIO
    try:
        with pytest.raises(FileRefusedError, match="check the medium") as refused:
            read_untrusted(descriptor, LIMITS)
    finally:
        os.close(descriptor)
    assert refused.value.outcome is Outcome.DAMAGED
