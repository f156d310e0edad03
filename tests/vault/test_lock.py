from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from verify.errors import LockedError, UsageError
from verify.vault.lock import WriterLock


def test_second_holder_is_refused_and_told_who_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with WriterLock(path), pytest.raises(LockedError, match=f"process {os.getpid()}") as refused:
        WriterLock(path)
    assert refused.value.exit_code == 75
    WriterLock(path).release()


def test_release_twice_is_harmless(tmp_path: Path) -> None:
    first = WriterLock(tmp_path / "lock")
    first.release()
    with WriterLock(tmp_path / "lock") as second:
        first.release()
        with pytest.raises(LockedError):
            WriterLock(tmp_path / "lock")
    second.release()


def test_unreadable_pid_is_no_obstacle(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with WriterLock(path):
        path.write_bytes(b"\xff\x00")
        with pytest.raises(LockedError, match="another process"):
            WriterLock(path)


def test_lock_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for path in (tmp_path / "nowhere" / "lock", tmp_path / "link"):
        with pytest.raises(UsageError, match="cannot be written"):
            WriterLock(path)
    assert not (tmp_path / "elsewhere").exists()


def test_lock_of_a_killed_process_is_free_though_its_worker_lives(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    told, tell = os.pipe()
    holder = os.fork()
    if holder == 0:
        WriterLock(path)
        worker = os.fork()
        if worker == 0:
            os.write(tell, f"{os.getpid()}\n".encode())
        signal.pause()
    worker = int(os.read(told, 20))
    try:
        with pytest.raises(LockedError, match=f"process {holder}"):
            WriterLock(path)
        os.kill(holder, signal.SIGKILL)
        os.waitpid(holder, 0)
        os.kill(worker, 0)  # the worker is still there
        WriterLock(path).release()
    finally:
        os.kill(worker, signal.SIGKILL)
        os.close(told)
        os.close(tell)
