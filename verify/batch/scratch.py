"""A folder for pictures of people that a worker has to open as files: in memory where there is such a place."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["scratch_folder"]

_MEMORY = Path("/dev/shm")  # noqa: S108 - never on a disk, where this machine has a file system in memory


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder of mode 0700 that is gone when the block ends."""
    with tempfile.TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None) as name:
        yield Path(name)
