"""Messages between the supervisor and its workers: a small JSON head, then binary parts, over a Unix socket.

    4 bytes   length of the head, big-endian
    head      JSON object; "parts" lists the lengths of what follows
    parts     bytes (pictures)

The supervisor treats what a worker says as untrusted: lengths are bounded and the head is validated.
"""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Sequence
from typing import Any

__all__ = ["Inbox", "WireError", "pack", "receive"]

_LENGTH = struct.Struct(">I")
_MAX_HEAD = 16 << 20
_MAX_PARTS = 64 << 20


class WireError(Exception):
    """A message broke the rules; its sender is not trusted any more."""


def pack(head: dict[str, Any], parts: Sequence[bytes] = ()) -> bytes:
    """One message."""
    text = json.dumps({**head, "parts": [len(part) for part in parts]}).encode()
    return b"".join((_LENGTH.pack(len(text)), text, *parts))


class Inbox:
    """Collects bytes until a message is whole."""

    def __init__(self) -> None:
        """Start empty."""
        self._data = bytearray()

    def feed(self, chunk: bytes) -> None:
        """Adds what arrived."""
        self._data += chunk

    def take(self) -> tuple[dict[str, Any], list[bytes]] | None:
        """The next whole message, or None.

        Raises:
            WireError: lengths out of bounds, or a head that is not a JSON object.
        """
        if len(self._data) < _LENGTH.size:
            return None
        (length,) = _LENGTH.unpack_from(self._data)
        if length > _MAX_HEAD:
            raise WireError("a message head is too long")
        end = _LENGTH.size + length
        if len(self._data) < end:
            return None
        head, sizes = _head(bytes(self._data[_LENGTH.size : end]))
        if len(self._data) < end + sum(sizes):
            return None
        parts = []
        for size in sizes:
            parts.append(bytes(self._data[end : end + size]))
            end += size
        del self._data[:end]
        return head, parts


def _head(text: bytes) -> tuple[dict[str, Any], list[int]]:
    try:
        head = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WireError("a message head is not JSON") from error
    sizes = head.pop("parts", None) if isinstance(head, dict) else None
    if not isinstance(sizes, list) or not all(isinstance(size, int) and size >= 0 for size in sizes):
        raise WireError("a message head names no parts")
    if sum(sizes) > _MAX_PARTS:
        raise WireError("a message is too long")
    return head, sizes


def receive(connection: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    """Waits for one message without parts, and the descriptors that came with it; None at the end of the stream."""
    data, descriptors, _flags, _address = socket.recv_fds(connection, _LENGTH.size, 1)
    if not data:
        return None
    data += _exactly(connection, _LENGTH.size - len(data))
    (length,) = _LENGTH.unpack(data)
    head, _sizes = _head(_exactly(connection, length))
    return head, list(descriptors)


def _exactly(connection: socket.socket, count: int) -> bytes:
    chunks = bytearray()
    while len(chunks) < count:
        chunk = connection.recv(count - len(chunks))
        if not chunk:
            raise WireError("the stream ended within a message")
        chunks += chunk
    return bytes(chunks)
