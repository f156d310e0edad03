"""Capture: untrusted files are opened once, decoded within limits, and become upright pages of pixels."""

from __future__ import annotations

from verify.capture.decode import Decoded, decode
from verify.capture.folder import open_untrusted_dump
from verify.capture.source import FileRefusedError, open_untrusted, read_untrusted
from verify.capture.traces import with_page

__all__ = [
    "Decoded",
    "FileRefusedError",
    "decode",
    "open_untrusted",
    "open_untrusted_dump",
    "read_untrusted",
    "with_page",
]
