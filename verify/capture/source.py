"""Opening a file from outside, once: under the root, no link, no device, no URL, no more bytes than allowed.

The rules are those of OWASP ASVS 5.0 (5.3.2 file paths, 5.2.5 links): the same descriptor is checked, hashed and
decoded, so nothing can be exchanged between the check and the use.
"""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from verify.model.outcome import Outcome
from verify.settings import Limits

__all__ = ["FileRefusedError", "open_untrusted", "read_untrusted"]

_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
_CHUNK = 1 << 20


class FileRefusedError(Exception):
    """One file could not be used; it ends as an outcome of that file, and the run goes on.

    Attributes:
        outcome: what to count it as.
    """

    def __init__(self, outcome: Outcome, detail: str) -> None:
        """Keep the outcome beside the detail, which says what to do."""
        super().__init__(detail)
        self.outcome = outcome


def open_untrusted(root: Path, untrusted_path: str, limits: Limits) -> tuple[int, int]:
    """Opens a file below `root` without following any link on the way.

    Args:
        root: folder that confines the path.
        untrusted_path: as the manifest says, relative, with "/" between parts.
        limits: the size that is allowed.

    Returns:
        A read-only descriptor, which the caller closes, and the size in bytes.

    Raises:
        FileRefusedError: `refused`, `too_large` or `damaged` (empty).
    """
    descriptor = _walk(root, _parts(untrusted_path))
    try:
        status = os.fstat(descriptor)
        if stat.S_ISDIR(status.st_mode):
            raise FileRefusedError(Outcome.REFUSED, "is a folder; name a file")
        if not stat.S_ISREG(status.st_mode):
            raise FileRefusedError(Outcome.REFUSED, "is a pipe, socket or device; name a regular file")
        if status.st_size == 0:
            raise FileRefusedError(Outcome.DAMAGED, "is empty (0 bytes); capture it again")
        if status.st_size > limits.max_bytes:
            raise FileRefusedError(
                Outcome.TOO_LARGE,
                f"has {status.st_size} bytes, over limits.max_bytes = {limits.max_bytes}; raise it if genuine",
            )
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor, status.st_size


def read_untrusted(descriptor: int, limits: Limits, *, keep: bool = True) -> tuple[bytes, str]:
    """Reads and hashes what a descriptor holds, never more than the limit.

    Args:
        descriptor: open for reading, at its start.
        limits: the size that is allowed.
        keep: False only hashes, and returns no bytes.

    Returns:
        The bytes and their SHA-256 in hexadecimal.

    Raises:
        FileRefusedError: `too_large` when the file grew, `damaged` when it cannot be read.
    """
    digest = hashlib.sha256()
    chunks: list[bytes] = []
    total = 0
    while True:
        try:
            chunk = os.read(descriptor, _CHUNK)
        except OSError as error:
            raise FileRefusedError(Outcome.DAMAGED, f"cannot be read ({error.strerror}); check the medium") from error
        if not chunk:
            return b"".join(chunks), digest.hexdigest()
        total += len(chunk)
        if total > limits.max_bytes:
            raise FileRefusedError(
                Outcome.TOO_LARGE, f"grew over limits.max_bytes = {limits.max_bytes} while it was read"
            )
        digest.update(chunk)
        if keep:
            chunks.append(chunk)


def _parts(untrusted_path: str) -> tuple[str, ...]:
    if "://" in untrusted_path or untrusted_path.lower().startswith(("file:", "data:")):
        raise FileRefusedError(Outcome.REFUSED, "is a URL; only files below the manifest's folder are read")
    if not untrusted_path or "\0" in untrusted_path:
        raise FileRefusedError(Outcome.REFUSED, "is not a path")
    if not _is_unicode(untrusted_path):
        raise FileRefusedError(Outcome.REFUSED, "has a name that is not Unicode; rename it")
    parts = tuple(part for part in untrusted_path.split("/") if part not in ("", "."))
    if untrusted_path.startswith("/") or ".." in parts or "\\" in untrusted_path:
        raise FileRefusedError(
            Outcome.REFUSED,
            "is not a plain relative path; paths are relative to the manifest's folder, without '..'",
        )
    if not parts:
        raise FileRefusedError(Outcome.REFUSED, "is a folder; name a file")
    return parts


def _is_unicode(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False  # half of a surrogate pair, or bytes of another encoding: no record could hold it
    return True


def _walk(root: Path, parts: tuple[str, ...]) -> int:
    """Each component is opened relative to its parent, so no link is followed and the root is never left."""
    folder = _open_at(None, str(root), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in parts[:-1]:
            parent, folder = folder, _open_at(folder, part, _FLAGS | os.O_DIRECTORY)
            os.close(parent)
        # O_NONBLOCK: opening a pipe must not wait for a writer
        return _open_at(folder, parts[-1], _FLAGS | os.O_NONBLOCK)
    finally:
        os.close(folder)


def _open_at(folder: int | None, name: str, flags: int) -> int:
    try:
        return os.open(name, flags, dir_fd=folder)
    except FileNotFoundError as error:
        raise FileRefusedError(Outcome.REFUSED, "does not exist; check the manifest's path") from error
    except PermissionError as error:
        raise FileRefusedError(Outcome.REFUSED, "may not be read by this user; check its permissions") from error
    except OSError as error:
        # ELOOP and ENOTDIR: a link, or a file where a folder should be
        raise FileRefusedError(
            Outcome.REFUSED, f"cannot be opened ({error.strerror}); links and devices are not followed"
        ) from error
