"""Which files of a watched folder are finished: not partial by name, and the same for a while.

Manifests wait for the files they name. Loose scans are grouped by the name before a role suffix, and a group waits for
all of its files.
"""

from __future__ import annotations

import stat
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path, PurePosixPath

from verify.batch.manifest import read_manifest
from verify.errors import NoInputsError, UsageError
from verify.model.item import Role

__all__ = ["Finished", "Found", "facts_of", "role_of"]

_NO_SCANS = (".part", ".tmp", ".crdownload", ".json")  # partial, or the record of how a capture was made
_MANIFESTS = (".csv", ".jsonl", ".ndjson")
_ROLES = {
    "_capture": Role.CAPTURE,
    "_front": Role.DOCUMENT_FRONT,
    "_back": Role.DOCUMENT_BACK,
    "_visa": Role.VISA,
    "_document": Role.DOCUMENT,
}
_Facts = tuple[int, int]  # size, modification time in nanoseconds


def role_of(stem: str) -> tuple[str, Role]:
    """The name that the files of one crossing share, and the role that the rest of the name gives."""
    for suffix, role in _ROLES.items():
        if stem.lower().endswith(suffix) and len(stem) > len(suffix):
            return stem[: -len(suffix)], role
    return stem, Role.DOCUMENT


@dataclass(slots=True)
class Found:
    """What is finished at one look.

    Attributes:
        manifests: each with the files of the folder's top that it names.
        groups: loose scans that belong together.
    """

    manifests: list[tuple[Path, list[Path]]] = field(default_factory=list)
    groups: list[list[Path]] = field(default_factory=list)


class Finished:
    """Looks at a folder again and again. Only its top is looked at; files further down belong to manifests."""

    def __init__(self, folder: Path, settle: float) -> None:
        """Nothing is finished before the second look.

        Args:
            folder: to look at.
            settle: seconds for which size and modification time of a file must not have changed.
        """
        self._folder, self._settle = folder, settle
        self._seen: dict[Path, tuple[_Facts, float]] = {}
        self._named: dict[Path, tuple[_Facts, list[Path]]] = {}

    def look(self) -> Found:
        """What is finished now.

        Raises:
            UsageError: the folder cannot be listed.
        """
        files = self._files()
        found = Found()
        claimed: set[Path] = set()
        manifests = [path for path in files if path.suffix.lower() in _MANIFESTS]
        for path in manifests:
            named = self._names_in(path, files[path])
            top = [one for one in named if one in files]
            claimed.update(top)
            if self._settled(path) & self._all_settled(one for one in named if facts_of(one) is not None):
                found.manifests.append((path, top))
        loose = sorted((path for path in files if path not in claimed and path not in manifests), key=_by_crossing)
        for _name, members in groupby(loose, key=lambda path: role_of(path.stem)[0]):
            group = list(members)
            if self._all_settled(group):
                found.groups.append(group)
        return found

    def _files(self) -> dict[Path, _Facts]:
        """Regular files at the top of the folder that are finished by their names, and are no records."""
        try:
            paths = sorted(self._folder.iterdir())
        except OSError as error:
            raise UsageError(f"{self._folder}: cannot be listed ({error.strerror}); name a folder") from error
        whole = (path for path in paths if not path.name.startswith(".") and path.suffix.lower() not in _NO_SCANS)
        return {path: facts for path in whole if (facts := facts_of(path)) is not None}

    def _names_in(self, manifest: Path, facts: _Facts) -> list[Path]:
        """The files a manifest names; none while it cannot be read."""
        if self._named.get(manifest, (None,))[0] != facts:
            self._named[manifest] = facts, list(_named_by(manifest))
        return self._named[manifest][1]

    def _all_settled(self, paths: Iterable[Path]) -> bool:
        looks = [self._settled(path) for path in paths]  # each is looked at, whatever the others are
        return all(looks)

    def _settled(self, path: Path) -> bool:
        facts, now = facts_of(path), time.monotonic()
        if facts is None:
            self._seen.pop(path, None)
            return False
        before = self._seen.get(path)
        if before is None or before[0] != facts:
            self._seen[path] = facts, now
            return False
        return now - before[1] >= self._settle


def _by_crossing(path: Path) -> tuple[str, str]:
    return role_of(path.stem)[0], path.name


def facts_of(path: Path) -> tuple[int, int] | None:
    """Size and modification time in nanoseconds; None for what is missing or no regular file."""
    try:
        status = path.lstat()
    except OSError:
        return None
    return (status.st_size, status.st_mtime_ns) if stat.S_ISREG(status.st_mode) else None


def _named_by(manifest: Path) -> Iterator[Path]:
    try:
        items = read_manifest(manifest).items
    except (UsageError, NoInputsError):
        return
    for file in (file for item in items for file in item.files):
        name = PurePosixPath(file.path)
        if "\0" not in file.path and not name.is_absolute() and ".." not in name.parts:
            yield manifest.parent / name
