"""The key file of an organisation, and the data keys it wraps.

The key file holds the key-encryption key (KEK): 32 random bytes. Each job and each gallery has its own
random data key, kept wrapped in a `key.json` beside the data. Changing the KEK means to wrap the data keys
again, no more.

Sources: AES-GCM, NIST SP 800-38D; HKDF-SHA256, RFC 5869.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from verify.errors import DamagedStoreError, PolicyError, UsageError
from verify.vault.files import create_private, sync_directory, write_private
from verify.vault.passphrase import PASSPHRASE_VARIABLE, read_passphrase, seal_key, unseal_key

__all__ = [
    "KEY_BYTES",
    "WrappedKey",
    "create_key_file",
    "derive",
    "key_id",
    "load_key_file",
    "new_data_key",
    "read_wrapped",
    "unwrap",
    "wrap",
    "write_wrapped",
]

KEY_BYTES = 32
_NONCE_BYTES = 12
_HEADER = "# verify key file 1: keep it apart from the data, with a safe copy; without it the data cannot be read"
_SEALED_HEADER = (
    "# verify key file 2: under a passphrase; keep a safe copy of both, apart from each other and from the data"
)
_SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A data key under a KEK, as kept in `key.json`.

    Attributes:
        context: what the key is for, e.g. "job:<id>"; authenticated, so it cannot be moved to another job.
        nonce: 12 bytes.
        wrapped: the data key and its tag, 48 bytes.
        kek_id: which KEK opens it (`key_id`).
    """

    context: str
    nonce: bytes
    wrapped: bytes
    kek_id: str


def create_key_file(path: Path, *, passphrase_file: Path | None = None, key: bytes | None = None) -> None:
    """Writes a key to a file of mode 0600; never over an existing one.

    Args:
        path: of the key file.
        passphrase_file: whose passphrase is to seal the key; None for a key that opens by itself.
        key: one that was recovered; None for a new random one.

    Raises:
        UsageError: the file exists or cannot be written, or the passphrase is too short.
        PolicyError: the passphrase cannot be read.
    """
    kek = new_data_key() if key is None else key
    if passphrase_file is None:
        text = f"{_HEADER}\n{base64.b64encode(kek).decode()}\n"
    else:
        text = f"{_SEALED_HEADER}\n{seal_key(kek, read_passphrase(passphrase_file))}\n"
    try:
        with os.fdopen(create_private(path), "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        sync_directory(path.parent)
    except FileExistsError as error:
        raise UsageError(f"{path}: exists already and is not overwritten; choose another name") from error
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror})") from error


def load_key_file(path: Path, *, passphrase_file: Path | None = None) -> bytes:
    """Reads the KEK, 32 bytes.

    Args:
        path: of the key file.
        passphrase_file: of a sealed one; None takes what the variable VERIFY_PASSPHRASE_FILE names.

    Raises:
        PolicyError: missing, not a key file, or readable by others than its owner; or it is sealed and there is no
            passphrase, or another one.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(1024)
    except OSError as error:
        raise PolicyError(
            f"{path}: the key file cannot be read ({error.strerror}); name the right one or make one"
        ) from error
    if stat.S_ISREG(mode) and mode & (0o037 if _is_credential(path) else 0o077):
        raise PolicyError(f"{path}: others may read this key (mode {mode & 0o777:03o}); run chmod 600 on it")
    header, _, body = content.partition(b"\n")
    title = header.decode("ascii", "replace")
    if title == _SEALED_HEADER:
        return _unsealed(body, path, passphrase_file)
    try:
        key = base64.b64decode(body.strip(), validate=True)
    except binascii.Error:
        key = b""
    if title != _HEADER or len(key) != KEY_BYTES:
        raise PolicyError(f"{path}: not a key file, or a damaged one; restore it from its safe copy")
    return key


def _unsealed(body: bytes, path: Path, passphrase_file: Path | None) -> bytes:
    named = os.environ.get(PASSPHRASE_VARIABLE)
    source = passphrase_file or (Path(named) if named else None)
    if source is None:
        raise PolicyError(f"{path}: is under a passphrase; name the file that holds it in {PASSPHRASE_VARIABLE}")
    key = unseal_key(body.decode("ascii", "replace"), read_passphrase(source), path)
    if len(key) != KEY_BYTES:
        raise PolicyError(f"{path}: a damaged key file; restore it from its safe copy")
    return key


def _is_credential(path: Path) -> bool:
    """Whether systemd laid the file there for this service alone: the group bits then show an ACL, not a group."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    return bool(folder) and path.absolute().parent == Path(str(folder))


def new_data_key() -> bytes:
    """Returns 32 random bytes from the operating system."""
    return secrets.token_bytes(KEY_BYTES)


def derive(key: bytes, purpose: str) -> bytes:
    """Returns a 32-byte key for one purpose; keys of different purposes tell nothing of each other."""
    info = b"verify 1 " + purpose.encode()
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=info).derive(key)


def key_id(kek: bytes) -> str:
    """Returns 16 hexadecimal digits that name a KEK without telling anything of it."""
    return hashlib.sha256(derive(kek, "key id")).hexdigest()[:16]


def wrap(kek: bytes, data_key: bytes, context: str) -> WrappedKey:
    """Encrypts a data key under the KEK with AES-256-GCM, bound to its context."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    wrapped = AESGCM(derive(kek, "wrap")).encrypt(nonce, data_key, context.encode())
    return WrappedKey(context, nonce, wrapped, key_id(kek))


def unwrap(kek: bytes, wrapped: WrappedKey) -> bytes:
    """Decrypts a data key. The caller compares `wrapped.context` with what it finds inside the data.

    Raises:
        PolicyError: it was wrapped under another KEK.
        DamagedStoreError: it was altered.
    """
    if key_id(kek) != wrapped.kek_id:
        raise PolicyError(f"{wrapped.context} needs the key file with id {wrapped.kek_id}, this one is {key_id(kek)}")
    try:
        return AESGCM(derive(kek, "wrap")).decrypt(wrapped.nonce, wrapped.wrapped, wrapped.context.encode())
    except InvalidTag as error:
        raise DamagedStoreError(f"{wrapped.context}: its key was altered; restore key.json") from error


def write_wrapped(path: Path, wrapped: WrappedKey) -> None:
    """Writes `key.json`, mode 0600, whole or not at all."""
    record = {
        "schema_version": _SCHEMA_VERSION,
        "context": wrapped.context,
        "nonce": wrapped.nonce.hex(),
        "wrapped": wrapped.wrapped.hex(),
        "kek_id": wrapped.kek_id,
    }
    write_private(path, (json.dumps(record, indent=1) + "\n").encode())


def read_wrapped(path: Path) -> WrappedKey:
    """Reads `key.json`.

    Raises:
        PolicyError: it is missing; the data beside it cannot be read any more.
        DamagedStoreError: it is damaged, or of another version.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise PolicyError(f"{path}: missing; without it the data beside it cannot be read") from error
    except UnicodeDecodeError as error:
        raise DamagedStoreError(f"{path}: damaged; restore it from a backup") from error
    try:
        record = json.loads(text)
        if record["schema_version"] != _SCHEMA_VERSION:
            raise DamagedStoreError(f"{path}: written by another version of this tool; use that one")
        nonce, wrapped = bytes.fromhex(record["nonce"]), bytes.fromhex(record["wrapped"])
        context, kek_id = str(record["context"]), str(record["kek_id"])
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedStoreError(f"{path}: damaged; restore it from a backup") from error
    if len(nonce) != _NONCE_BYTES:
        raise DamagedStoreError(f"{path}: damaged; restore it from a backup")
    return WrappedKey(context, nonce, wrapped, kek_id)
