"""Capture: untrusted files are opened once, decoded within limits, and become upright pages of pixels."""

from __future__ import annotations

from verify.capture.decode import Decoded, decode
from verify.capture.source import FileRefusedError, open_untrusted, read_untrusted

__all__ = ["Decoded", "FileRefusedError", "decode", "open_untrusted", "read_untrusted"]
