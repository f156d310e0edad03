"""A small file under the organisation's key alone: written whole, opened only unaltered.

AES-256-GCM (NIST SP 800-38D); what the file is for is authenticated with it, so that none passes for another.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from verify.errors import DamagedStoreError, PolicyError, UsageError
from verify.vault.files import write_private
from verify.vault.keys import derive, key_id

__all__ = ["read_sealed", "write_sealed"]

_HEADER = b"verify sealed file 1\n"
_KEY_ID = 16
_NONCE = 12


def write_sealed(path: Path, kek: bytes, purpose: str, data: bytes) -> None:
    """Encrypts data into a file of mode 0600, in place of an older one.

    Raises:
        VerifyError: the disk is full or fails.
    """
    head = _HEADER + key_id(kek).encode()
    nonce = secrets.token_bytes(_NONCE)
    sealed = AESGCM(derive(kek, f"sealed {purpose}")).encrypt(nonce, data, head)
    write_private(path, head + nonce + sealed)


def read_sealed(path: Path, kek: bytes, purpose: str) -> bytes:
    """The data of `write_sealed`.

    Raises:
        UsageError: the file cannot be read, or is none of these.
        PolicyError: it was sealed under another key.
        DamagedStoreError: it was altered, or sealed for another purpose.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})") from error
    head, body = content[: len(_HEADER) + _KEY_ID], content[len(_HEADER) + _KEY_ID :]
    if not head.startswith(_HEADER):
        raise UsageError(f"{path}: not a file that this toolkit sealed")
    if head[len(_HEADER) :] != key_id(kek).encode():
        raise PolicyError(f"{path}: was sealed under another key; name the key file it was made with")
    try:
        return AESGCM(derive(kek, f"sealed {purpose}")).decrypt(body[:_NONCE], body[_NONCE:], head)
    except (InvalidTag, ValueError) as error:
        raise DamagedStoreError(f"{path}: was altered, or made for another purpose; restore it") from error
