"""A folder of pictures, one person each; the name of a file is its record number, and nothing is read into it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from verify.errors import UsageError
from verify.gallery.imports.record import Quarantined, Record

__all__ = ["folder_records"]

_SUFFIXES = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".heic", ".heif", ".jp2")


def folder_records(path: Path) -> Iterator[Record | Quarantined]:
    """The files of a folder and the folders in it, by name; pictures become records, the rest is set aside.

    Links are not followed. Files whose names begin with a full stop are left alone.

    Raises:
        UsageError: the folder cannot be listed.
    """
    for number, name in enumerate(sorted(_files(path)), 1):
        file = path / name
        if file.suffix.lower() not in _SUFFIXES or file.is_symlink():
            yield Quarantined(number, name, "not a picture, or a link to one")
            continue
        yield Record(number, {"source_record": name.removesuffix(file.suffix), "image": name})


def _files(path: Path) -> Iterator[str]:
    def refuse(error: OSError) -> None:
        raise UsageError(f"{error.filename}: cannot be listed ({error.strerror}); check the path") from error

    for folder, folders, files in os.walk(path, onerror=refuse):
        folders[:] = [one for one in folders if not one.startswith(".")]
        for name in files:
            if not name.startswith("."):
                yield (Path(folder) / name).relative_to(path).as_posix()
