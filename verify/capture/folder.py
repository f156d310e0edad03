"""A folder in place of a file: the files of one chip, packed in memory so that the rest need not know the difference.

The same files give the same bytes, whatever their order and dates, so that a folder has a digest like a file has.
"""

from __future__ import annotations

import io
import os
import stat
import zipfile
from pathlib import Path

from verify.capture.source import FileRefusedError, _open_at, _parts, _walk, open_untrusted, read_untrusted
from verify.model.outcome import Outcome
from verify.settings import Limits

__all__ = ["open_untrusted_dump"]

_MAX_FILES = 64
_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK


def open_untrusted_dump(root: Path, untrusted_path: str, limits: Limits) -> tuple[int, int]:
    """Opens a file, or packs the files of a folder, below `root` without following any link.

    Args:
        root: folder that confines the path.
        untrusted_path: as the manifest says.
        limits: the size that is allowed, of all files together.

    Returns:
        A descriptor at the start of a file or of a zip in memory, which the caller closes, and the size in bytes.

    Raises:
        FileRefusedError: as `open_untrusted`; a folder that holds folders, links or too many files is `refused`.
    """
    descriptor = _walk(root, _parts(untrusted_path))
    try:
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            return open_untrusted(root, untrusted_path, limits)
        data = _packed(descriptor, limits)
    finally:
        os.close(descriptor)
    packed = os.memfd_create("dump", os.MFD_CLOEXEC)
    try:
        with os.fdopen(packed, "wb", closefd=False) as stream:
            stream.write(data)
        os.lseek(packed, 0, os.SEEK_SET)
    except BaseException:
        os.close(packed)
        raise
    return packed, len(data)


def _packed(folder: int, limits: Limits) -> bytes:
    names = sorted(os.listdir(folder))
    if not names:
        raise FileRefusedError(Outcome.DAMAGED, "is an empty folder; copy the files of the chip again")
    if len(names) > _MAX_FILES:
        raise FileRefusedError(Outcome.REFUSED, f"is a folder of {len(names)} files; put one chip into one folder")
    buffer, total = io.BytesIO(), 0
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in names:
            content = _content(folder, name, limits)
            total += len(content)
            if total > limits.max_bytes:
                raise FileRefusedError(Outcome.TOO_LARGE, f"has more bytes than limits.max_bytes = {limits.max_bytes}")
            archive.writestr(zipfile.ZipInfo(os.fsencode(name).decode("utf-8", "replace")), content)
    return buffer.getvalue()


def _content(folder: int, name: str, limits: Limits) -> bytes:
    descriptor = _open_at(folder, name, _FLAGS)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise FileRefusedError(
                Outcome.REFUSED, "is a folder that holds more than files; put only the chip's into it"
            )
        return read_untrusted(descriptor, limits)[0]
    finally:
        os.close(descriptor)
