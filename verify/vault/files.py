"""Small private files: written whole or not at all, and destroyed with care."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from verify.errors import UsageError, VerifyError

__all__ = ["create_private", "destroy", "disk_errors", "private_directory", "sync_directory", "write_private"]


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turns what the disk reports into VerifyError; that something is missing or there already stays as it is."""
    try:
        yield
    except (FileNotFoundError, FileExistsError):
        raise
    except OSError as error:
        raise VerifyError(
            f"{path}: was not written ({error.strerror}); make room or mend the disk, then go on"
        ) from error


def private_directory(path: Path) -> None:
    """Makes sure of a directory that we may write, of mode 0700 if it is new.

    Raises:
        UsageError: it cannot be made or may not be written.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{path}: cannot be made ({error.strerror}); choose another directory") from error
    if not os.access(path, os.W_OK | os.X_OK):
        raise UsageError(f"{path}: may not be written; choose another directory or mend its permissions")


def create_private(path: Path) -> int:
    """Creates an empty file of mode 0600 that must not exist yet, and returns its descriptor.

    Raises:
        FileExistsError: something of that name is there already, be it a broken link.
    """
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)


def write_private(path: Path, data: bytes) -> None:
    """Replaces a file of mode 0600 so that a crash leaves the old or the new one (fsync, then rename).

    Raises:
        VerifyError: the disk is full or fails.
    """
    fresh = path.with_name(path.name + ".new")
    with disk_errors(path):
        fresh.unlink(missing_ok=True)
        with os.fdopen(create_private(fresh), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        sync_directory(path.parent)


def destroy(path: Path) -> None:
    """Overwrites a small file with noise, flushes it to the disk and removes it; a missing file is fine."""
    try:
        with path.open("r+b") as file:
            file.write(secrets.token_bytes(os.fstat(file.fileno()).st_size))
            file.flush()
            os.fsync(file.fileno())
    except FileNotFoundError:
        return
    path.unlink(missing_ok=True)
    sync_directory(path.parent)


def sync_directory(path: Path) -> None:
    """Flushes a directory, so that a rename or removal in it outlives a power cut.

    Raises:
        VerifyError: the disk fails.
    """
    with disk_errors(path):
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
