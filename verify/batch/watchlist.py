"""A watchlist of any format that galleries are enrolled from, read for one run; it is searched by names and documents.

Formats whose records do not say owner, legal basis or expiry need them beside the list: NAME.toml for a list NAME, e.g.
`notices.json.toml`, with fields of the table format and, where it cannot be told from the file, `format`.
"""

from __future__ import annotations

import dataclasses
import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path

from verify.errors import UsageError
from verify.gallery import Given, Quarantined, Withdrawn, stream_list
from verify.model.gallery import Entry

__all__ = ["Watchlist", "read_watchlist"]

_FORMAT = "format"


@dataclass(frozen=True, slots=True)
class Watchlist:
    """What was read.

    Attributes:
        version: SHA-256 over the files it was read from.
        entries: without their pictures.
        quarantined: records that could not be taken in.
        withdrawn: records that their source has taken off the list.
    """

    version: str
    entries: tuple[Entry, ...]
    quarantined: tuple[Quarantined, ...]
    withdrawn: int


def read_watchlist(path: Path) -> Watchlist:
    """Reads a list, and what stands beside it.

    Raises:
        UsageError: not a readable list, or none that names or documents could be searched in.
    """
    beside = path.with_name(f"{path.name}.toml")
    told = _told(beside) if beside.is_file() else {}
    given, form = Given({name: text for name, text in told.items() if name != _FORMAT}), told.get(_FORMAT, "")
    entries: list[Entry] = []
    quarantined: list[Quarantined] = []
    withdrawn = 0
    for one in stream_list(path, given, name=form):
        if isinstance(one, Withdrawn):
            withdrawn += 1
        elif isinstance(one, Quarantined):
            quarantined.append(one)
        elif one.names or one.documents:
            entries.append(dataclasses.replace(one, image=""))
        else:
            raise UsageError(
                f"{path}: has pictures without names; enrol it with 'verify gallery enrol' to search by face"
            )
    return Watchlist(_version([path, beside]), tuple(entries), tuple(quarantined), withdrawn)


def _told(path: Path) -> dict[str, str]:
    """Texts and dates by name."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: cannot be read ({error}); give 'name = \"text\"', one a line") from error
    for name, value in found.items():
        if isinstance(value, dict | list):
            raise UsageError(f"{path}: '{name}' has to be a text or a date")
    return {name: str(value) for name, value in found.items()}


def _version(paths: list[Path]) -> str:
    """SHA-256 over files, and over the files in folders by name; of one file it is that of its bytes."""
    files = [
        file for path in paths for file in (sorted(path.rglob("*")) if path.is_dir() else [path]) if file.is_file()
    ]
    digests = []
    for file in files:
        with file.open("rb") as content:
            digests.append(hashlib.file_digest(content, "sha256").hexdigest())
    return digests[0] if len(digests) == 1 else hashlib.sha256("\n".join(digests).encode()).hexdigest()
