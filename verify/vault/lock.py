"""One writer at a time, held by the operating system: a lock of a dead process is free at once."""

from __future__ import annotations

import contextlib
import fcntl
import os
from pathlib import Path

from verify.errors import LockedError, UsageError

__all__ = ["WriterLock"]

_held: set[int] = set()


def _let_go_in_child() -> None:
    # A forked worker shares the open file and with it the lock: outliving its parent, it would keep the lock.
    while _held:
        os.close(_held.pop())


os.register_at_fork(after_in_child=_let_go_in_child)


class WriterLock:
    """An exclusive `flock` on a file, from creation until `release`; it does not wait.

    The file holds the holder's process id, for the message only. Not relied on over NFS.
    """

    def __init__(self, path: Path) -> None:
        """Takes the lock.

        Raises:
            LockedError: another process, or another object of this one, holds it.
            UsageError: the lock file cannot be made.
        """
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise UsageError(f"{path}: cannot be written ({error.strerror}); mend its permissions") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            pid = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
            os.close(descriptor)
            holder = f"process {pid}" if pid.isdecimal() else "another process"
            raise LockedError(f"{path.parent}: in use by {holder}; try again when it has ended") from error
        with contextlib.suppress(OSError):  # a full disk: the number is for the message only
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._descriptor = descriptor
        _held.add(descriptor)

    def release(self) -> None:
        """Lets go; harmless when done twice or in a forked child."""
        if self._descriptor in _held:
            _held.remove(self._descriptor)
            os.close(self._descriptor)
        self._descriptor = -1

    def __enter__(self) -> WriterLock:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
