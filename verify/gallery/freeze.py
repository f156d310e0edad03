"""Gallery versions frozen for search: block files under AES-256-GCM, read into memory at the speed of the disk.

    frozen/<random name>/index.block     ids, engine, model, sizes
                         00000.block ... 65,536 templates each: whose they are, and their values

Each block is bound (additional data) to gallery, version, model, its number and how many there are: one that was
altered, exchanged, left out or taken from elsewhere is refused before anything of it is used. The key is random for
each version and lies in the database only: when a subject is forgotten it is destroyed first, then the blocks.

Source: AES-GCM, NIST SP 800-38D; one key encrypts far fewer blocks than its random nonces allow (section 8.3).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from numpy.typing import NDArray

from verify.errors import DamagedStoreError
from verify.gallery.references import References
from verify.gallery.search.exact import Templates
from verify.vault.files import private_directory, sync_directory, write_private

__all__ = [
    "BLOCK_ROWS",
    "open_sealed",
    "pack_rows",
    "read_frozen",
    "remove_frozen",
    "seal",
    "unpack_rows",
    "write_frozen",
]

BLOCK_ROWS = 1 << 16
"""Templates of one block."""
_NONCE_BYTES = 12
_INDEX = "index"


def write_frozen(folder: Path, key: bytes, binding: str, references: References) -> None:
    """Writes the templates of one version.

    Args:
        folder: new.
        key: 32 bytes, of this version only.
        binding: names gallery, version and model.
        references: all of them, also those no longer in force.

    Raises:
        VerifyError: the disk is full or fails.
    """
    private_directory(folder)
    found = references.templates
    blocks = -(-len(found.matrix) // BLOCK_ROWS)
    index = {
        "engine": references.engine,
        "model_sha256": references.model_sha256,
        "ids": references.all_ids,
        "rows": len(found.matrix),
        "width": found.matrix.shape[1],
        "dimensions": found.dimensions,
        "most_rows": found.most_rows,
    }
    cipher = AESGCM(key)
    _write(folder, cipher, binding, _INDEX, blocks, json.dumps(index).encode())
    for number in range(blocks):
        part = slice(number * BLOCK_ROWS, (number + 1) * BLOCK_ROWS)
        _write(folder, cipher, binding, str(number), blocks, pack_rows(found, part))
    sync_directory(folder.parent)


def read_frozen(folder: Path, key: bytes, binding: str) -> References:
    """The references of `write_frozen`; beside them it takes the memory of one block.

    Raises:
        DamagedStoreError: a block is missing, damaged, or not of this gallery, version and model.
    """
    cipher = AESGCM(key)
    blocks = sum(1 for path in _blocks(folder) if path.stem != _INDEX)
    index = json.loads(_read(folder, cipher, binding, _INDEX, blocks))
    rows, width = int(index["rows"]), int(index["width"])
    matrix, subjects = np.empty((rows, width), dtype=np.float32), np.empty(rows, dtype=np.int64)
    for number in range(blocks):
        content = _read(folder, cipher, binding, str(number), blocks)
        part = slice(number * BLOCK_ROWS, min((number + 1) * BLOCK_ROWS, rows))
        subjects[part], matrix[part] = unpack_rows(content, width)
    templates = Templates(matrix, subjects, int(index["dimensions"]), None, int(index["most_rows"]))
    return References(tuple(index["ids"]), templates, str(index["engine"]), str(index["model_sha256"]))


def remove_frozen(folder: Path) -> None:
    """Removes a frozen version, whole or not; its key is destroyed by the caller before."""
    for path in _blocks(folder):
        path.unlink(missing_ok=True)
    if folder.is_dir():
        for path in folder.glob("*.new"):
            path.unlink()
        folder.rmdir()


def pack_rows(templates: Templates, part: slice) -> bytes:
    """Whose some rows are, and their values, as bytes."""
    subjects, matrix = templates.subjects[part], templates.matrix[part]
    return subjects.astype("<i8").tobytes() + matrix.astype("<f4", copy=False).tobytes()


def unpack_rows(content: bytes, width: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Subjects and values (N x width) of `pack_rows`; not to be written to."""
    count = len(content) // (8 + 4 * width)
    values = np.frombuffer(content, dtype="<f4", offset=8 * count)
    return np.frombuffer(content, dtype="<i8", count=count), values.reshape(count, width)


def seal(cipher: AESGCM, binding: str, name: str, blocks: int, content: bytes) -> bytes:
    """A block, bound to its gallery, its name and how many there are."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, content, _bound(binding, name, blocks))


def open_sealed(cipher: AESGCM, binding: str, name: str, blocks: int, sealed: bytes, place: object) -> bytes:
    """The content of a block.

    Raises:
        DamagedStoreError: it was altered, or is another one; it names the place.
    """
    try:
        return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _bound(binding, name, blocks))
    except (InvalidTag, ValueError) as error:
        raise DamagedStoreError(
            f"{place}: failed its integrity check and was not used; freeze the gallery again"
        ) from error


def _blocks(folder: Path) -> Iterator[Path]:
    return folder.glob("*.block")


def _path(folder: Path, name: str) -> Path:
    return folder / f"{name.zfill(5)}.block"


def _bound(binding: str, name: str, blocks: int) -> bytes:
    return f"{binding}/{name} of {blocks}".encode()


def _write(folder: Path, cipher: AESGCM, binding: str, name: str, blocks: int, content: bytes) -> None:
    write_private(_path(folder, name), seal(cipher, binding, name, blocks, content))


def _read(folder: Path, cipher: AESGCM, binding: str, name: str, blocks: int) -> bytes:
    path = _path(folder, name)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DamagedStoreError(f"{path}: cannot be read ({error.strerror}); freeze the gallery again") from error
    return open_sealed(cipher, binding, name, blocks, content, path)
