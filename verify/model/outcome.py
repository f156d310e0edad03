"""What became of one file: exactly one value of a closed list, counted in every report."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["FileOutcome", "Outcome"]


class Outcome(StrEnum):
    """The outcome of one untrusted file."""

    OK = "ok"
    DAMAGED = "damaged"  # empty, truncated, or the decoder refuses it
    TOO_LARGE = "too_large"  # over a limit; the detail names the setting
    UNSUPPORTED = "unsupported"  # a format that is not on the allow-list
    ENCRYPTED = "encrypted"  # needs a password
    REFUSED = "refused"  # missing, a directory, a link, a device, a URL, outside the root
    RESOURCE = "resource"  # ran out of the time or memory one item may use
    CRASH = "crash"  # the worker died on it


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """One file of one item, and what became of it.

    Attributes:
        role: the part the file plays in the crossing ("document", "capture", ...).
        path: as written in the manifest.
        outcome: one value of `Outcome`.
        detail: why, and what to do about it, in words for a person; empty when ok.
        sha256: of the bytes, hexadecimal; empty when the file could not be read at all.
        size: bytes; None when unknown.
        kind: the format that was decoded ("JPEG", "PDF", ...); empty when none was.
        pages: pages decoded.
    """

    role: str
    path: str
    outcome: Outcome
    detail: str = ""
    sha256: str = ""
    size: int | None = None
    kind: str = ""
    pages: int = 0
