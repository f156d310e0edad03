"""The files of models: where they lie, whether they are the ones their card names, and how they get there.

Nothing is downloaded unless a user asks for it (`verify models fetch`). What protects is the SHA-256 in the card: a
file with another one is refused, wherever it came from.
"""

from __future__ import annotations

import hashlib
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from verify.errors import MissingEngineError, PolicyError, UsageError
from verify.runtime.cards import ModelCard, ModelFile, fetched_folder

__all__ = ["fetch", "is_fetched", "load_file"]

_CHUNK = 1 << 18
_SECONDS = 30  # without an answer
_PART = ".part"


def is_fetched(card: ModelCard, folder: Path | None = None) -> bool:
    """True when all files of a card lie in the folder in their size; their hashes are checked when they are loaded."""
    where = folder or fetched_folder()
    return all(_size(where / file.name) == file.size for file in card.files)


def load_file(card: ModelCard, part: str, folder: Path | None = None) -> bytes:
    """The bytes of one file of a card.

    Args:
        card: that names it.
        part: which of its files.
        folder: where it lies; None for the folder of fetched models.

    Raises:
        MissingEngineError: it is not there, or not the file that the card names.
    """
    file = next(one for one in card.files if one.part == part)
    path = (folder or fetched_folder()) / file.name
    try:
        data = path.read_bytes()
    except OSError as error:
        raise MissingEngineError(f"{path}: cannot be read ({error.strerror}); 'verify models fetch' gets it") from error
    if hashlib.sha256(data).hexdigest() != file.sha256:
        raise MissingEngineError(
            f"{path}: is not the file that the card of '{card.name}' names (SHA-256 differs); "
            "delete it and fetch it again with 'verify models fetch'"
        )
    return data


def fetch(
    card: ModelCard,
    folder: Path | None = None,
    *,
    mirror: Path | None = None,
    told: Callable[[ModelFile, int], None] = lambda _file, _done: None,
) -> list[Path]:
    """Gets the files of a card that are not there yet, from their publishers or from a folder.

    A download that broke off is gone on with. A file takes its place only when its size and SHA-256 are the card's.

    Args:
        card: what to get.
        folder: where to put it; None for the folder of fetched models.
        mirror: a folder with the same files, for a site without a network.
        told: is called with the file and its bytes so far.

    Returns:
        The files that were got now.

    Raises:
        UsageError: the mirror or the network does not have a file, or it cannot be written.
        PolicyError: a file has another size or SHA-256 than the card says; what was got is deleted.
    """
    where = folder or fetched_folder()
    done = []
    for file in card.files:
        path = where / file.name
        part = path.with_name(path.name + _PART)
        try:
            where.mkdir(parents=True, exist_ok=True)
            if _size(path) == file.size and _sha256(path) == file.sha256:
                continue
            if mirror is not None:
                shutil.copyfile(mirror / file.name, part)
            else:
                _download(file, part, told)
            _accept(file, part, path)
        except OSError as error:  # of the file system or of the network: urllib's derive from it
            raise UsageError(f"{file.name}: {_reason(error)}") from error
        done.append(path)
    return done


def _accept(file: ModelFile, part: Path, path: Path) -> None:
    size, sha256 = _size(part), _sha256(part)
    if (size, sha256) != (file.size, file.sha256):
        part.unlink()
        raise PolicyError(
            f"{file.name}: {size} bytes with SHA-256 {sha256}, where the card says {file.size} and {file.sha256}; "
            "it was deleted. Get the right file, and do not use this one"
        )
    part.replace(path)


def _download(file: ModelFile, part: Path, told: Callable[[ModelFile, int], None]) -> None:
    if not file.url.startswith("https://"):
        raise UsageError(f"{file.name}: its card names no publisher to get it from; copy it to {part.parent}")
    have = min(_size(part), file.size)
    if have == file.size:
        return
    request = urllib.request.Request(file.url, headers={"Range": f"bytes={have}-"} if have else {})  # noqa: S310
    with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310 - https only, see above
        resumed = answer.status == 206
        have = have if resumed else 0
        with part.open("ab" if resumed else "wb") as out:
            for chunk in _chunks(answer.read, file.size - have):
                out.write(chunk)
                have += len(chunk)
                told(file, have)


def _chunks(read: Callable[[int], bytes], most: int) -> Iterator[bytes]:
    """Never more than the file is long, and a byte to show that the sender has more."""
    left = most + 1
    while left and (chunk := read(min(_CHUNK, left))):
        left -= len(chunk)
        yield chunk


def _reason(error: OSError) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"the publisher answered {error.code}; a copy in a folder can be given with --mirror"
    if isinstance(error, urllib.error.URLError):
        return f"cannot be reached ({error.reason}); a copy in a folder can be given with --mirror"
    return error.strerror or str(error)


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
