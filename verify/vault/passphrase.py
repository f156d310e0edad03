"""A key file under a passphrase: who copies the file alone has nothing.

The key stays 32 random bytes; the passphrase only seals it, so that it can be changed without touching any data.

Sources: Argon2id, RFC 9106 (its second recommended choice: 64 MiB, 3 passes, 4 lanes); AES-GCM, NIST SP 800-38D.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import secrets
import stat
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from verify.errors import PolicyError, UsageError

__all__ = ["PASSPHRASE_VARIABLE", "read_passphrase", "seal_key", "unseal_key"]

PASSPHRASE_VARIABLE = "VERIFY_PASSPHRASE_FILE"  # noqa: S105 - a name, no secret
"""Names the file with the passphrase of a sealed key file."""
_LEAST_LENGTH = 12
_SALT_BYTES, _NONCE_BYTES, _KEY_BYTES = 16, 12, 32
_MEMORY, _PASSES, _LANES = 64 * 1024, 3, 4
_MOST_MEMORY, _MOST_PASSES, _MOST_LANES = 4 << 20, 64, 64  # what a file may ask of us


def read_passphrase(path: Path) -> bytes:
    """The first line of a file of mode 0600, without spaces at its ends.

    Raises:
        PolicyError: it cannot be read, or others may read it.
        UsageError: it is shorter than 12 characters.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.readline(4096)
    except OSError as error:
        raise PolicyError(f"{path}: the passphrase file cannot be read ({error.strerror})") from error
    if stat.S_ISREG(mode) and mode & 0o077 and not _of_service(path):
        raise PolicyError(f"{path}: others may read this passphrase (mode {mode & 0o777:03o}); run chmod 600 on it")
    passphrase = content.strip()
    if len(passphrase) < _LEAST_LENGTH:
        raise UsageError(f"{path}: a passphrase has at least {_LEAST_LENGTH} characters, on the first line")
    return passphrase


def seal_key(key: bytes, passphrase: bytes) -> str:
    """The key under the passphrase, as one line of text for a key file."""
    salt, nonce = secrets.token_bytes(_SALT_BYTES), secrets.token_bytes(_NONCE_BYTES)
    cost = {"memory": _MEMORY, "passes": _PASSES, "lanes": _LANES}
    stretched = _stretched(passphrase, salt, **cost)
    sealed = AESGCM(stretched).encrypt(nonce, key, _bound(salt, cost))
    record = {"kdf": "argon2id", **cost, "salt": salt.hex(), "nonce": nonce.hex(), "sealed": sealed.hex()}
    return base64.b64encode(json.dumps(record).encode()).decode()


def unseal_key(text: str, passphrase: bytes, path: Path) -> bytes:
    """The key of `seal_key`.

    Raises:
        PolicyError: another passphrase, or a damaged file.
    """
    try:
        record = json.loads(base64.b64decode(text.strip(), validate=True))
        cost = {name: int(record[name]) for name in ("memory", "passes", "lanes")}
        salt, nonce, sealed = (bytes.fromhex(record[name]) for name in ("salt", "nonce", "sealed"))
        if record["kdf"] != "argon2id" or not (
            8 * cost["lanes"] <= cost["memory"] <= _MOST_MEMORY
            and 0 < cost["passes"] <= _MOST_PASSES
            and 0 < cost["lanes"] <= _MOST_LANES
            and len(salt) == _SALT_BYTES
            and len(nonce) == _NONCE_BYTES
        ):
            raise ValueError("out of range")
    except (binascii.Error, ValueError, KeyError, TypeError) as error:
        raise PolicyError(f"{path}: a damaged key file; restore it from its safe copy") from error
    try:
        return AESGCM(_stretched(passphrase, salt, **cost)).decrypt(nonce, sealed, _bound(salt, cost))
    except InvalidTag as error:
        raise PolicyError(f"{path}: not opened by this passphrase, or damaged") from error


def _stretched(passphrase: bytes, salt: bytes, *, memory: int, passes: int, lanes: int) -> bytes:
    return Argon2id(salt=salt, length=_KEY_BYTES, iterations=passes, lanes=lanes, memory_cost=memory).derive(passphrase)


def _bound(salt: bytes, cost: dict[str, int]) -> bytes:
    return json.dumps([salt.hex(), cost], sort_keys=True).encode()


def _of_service(path: Path) -> bool:
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    return bool(folder) and path.absolute().parent == Path(str(folder))
