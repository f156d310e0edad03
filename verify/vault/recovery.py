"""The recovery key: the key on paper, for the day its file is lost.

56 letters and digits of RFC 4648's base32 in groups, each group of eight with a check character, so that a slip of the
pen is found in its group and nothing is tried with a wrong key.
"""

from __future__ import annotations

import base64
import binascii
import hashlib

from verify.errors import UsageError

__all__ = ["recovered_key", "recovery_text"]

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_GROUP = 8
_KEY_BYTES, _TAG_BYTES = 32, 3
_MISREAD = str.maketrans({"0": "O", "1": "I", "8": "B"})  # digits that this alphabet does not have


def recovery_text(key: bytes) -> str:
    """A key of 32 bytes as groups of nine characters, four a line."""
    text = base64.b32encode(key + _tag(key)).decode()
    groups = [text[start : start + _GROUP] for start in range(0, len(text), _GROUP)]
    written = [group + _check(number, group) for number, group in enumerate(groups)]
    return "\n".join(" ".join(written[start : start + 4]) for start in range(0, len(written), 4))


def recovered_key(text: str) -> bytes:
    """The key of `recovery_text`; spaces, lines and small letters do not matter.

    Raises:
        UsageError: it names the group that was mistyped.
    """
    typed = "".join(text.upper().split()).replace("-", "").translate(_MISREAD)
    groups = [typed[start : start + _GROUP + 1] for start in range(0, len(typed), _GROUP + 1)]
    for number, group in enumerate(groups):
        if len(group) != _GROUP + 1 or set(group) - set(_ALPHABET) or group[-1] != _check(number, group[:-1]):
            raise UsageError(f"recovery key: look at group {number + 1} again, it was not typed as it was written")
    try:
        content = base64.b32decode("".join(group[:-1] for group in groups))
    except binascii.Error:
        content = b""
    key = content[:_KEY_BYTES]
    if len(content) != _KEY_BYTES + _TAG_BYTES or content[_KEY_BYTES:] != _tag(key):
        raise UsageError("recovery key: a group is missing or two were exchanged; type all of it")
    return key


def _tag(key: bytes) -> bytes:
    return hashlib.sha256(b"verify recovery key 1 " + key).digest()[:_TAG_BYTES]


def _check(number: int, group: str) -> str:
    digest = hashlib.sha256(f"verify recovery group {number} {group}".encode()).digest()
    return _ALPHABET[digest[0] & 31]
