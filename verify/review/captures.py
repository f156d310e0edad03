"""Pictures taken in the review: kept encrypted in the job, each with its event, and handed out only by a logged act.

Each is a sealed file under a key of the job, so that it is lost with the job when that is purged.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from verify.audit import kinds
from verify.capture.original import Original, keep_original
from verify.errors import DamagedStoreError, UsageError
from verify.ledger import Event, Ledger
from verify.vault.files import private_directory
from verify.vault.sealed import read_sealed, write_sealed

__all__ = ["Captures"]

_FOLDER, _SUFFIX = "captures", ".sealed"
_LENGTH = 4  # bytes that tell the length of the record, before it and the picture


class Captures:
    """The pictures that were taken for one job. To be used by the thread that opened its ledger."""

    def __init__(self, ledger: Ledger, job_dir: Path) -> None:
        """Takes the open ledger and the directory of its job."""
        self._ledger, self._folder = ledger, job_dir / _FOLDER
        self._key = ledger.derive_key("captures")

    def keep(self, original: Original, data: bytes) -> None:
        """Keeps a picture, on disk with its event when this returns.

        Raises:
            UsageError: a picture of that name was kept already.
            VerifyError: the disk is full or fails; nothing was kept.
        """
        place = self._folder / f"{original.path}{_SUFFIX}"
        private_directory(self._folder)
        if place.exists():
            raise UsageError(f"{original.path} was kept already; name another item, or leave the item empty")
        record = original.as_json().encode()
        write_sealed(place, self._key, original.path, len(record).to_bytes(_LENGTH, "big") + record + data)
        detail: dict[str, str | int] = {
            "capture_sha256": original.sha256,
            "role": str(original.details["role"]),
            "size": len(data),
        }
        try:
            self._ledger.append(Event("picture_captured", original.operator, self._ledger.header.purpose, detail))
        except BaseException:
            place.unlink()
            raise

    def listed(self) -> tuple[Original, ...]:
        """What was kept, the newest first.

        Raises:
            DamagedStoreError: a file was altered.
        """
        found = (self._open(place)[0] for place in self._folder.glob(f"*{_SUFFIX}"))
        return tuple(sorted(found, key=lambda one: one.taken, reverse=True))

    def release(self, folder: Path, operator: str) -> Iterator[Path]:
        """Writes the originals with their records into a folder, which a batch can read; each is an event.

        Args:
            folder: such as the one that `verify watch` looks at; what is there already stays.
            operator: who hands them out.

        Raises:
            UsageError: the folder cannot be written.
            DamagedStoreError: a file was altered.
        """
        for place in sorted(self._folder.glob(f"*{_SUFFIX}")):
            original, data = self._open(place)
            if (folder / original.path).exists():
                continue
            written = keep_original(folder, original, data)
            self._ledger.append(
                kinds.personal_data_exported(
                    operator,
                    self._ledger.header.purpose,
                    export_format="captured picture",
                    items=1,
                    output_sha256=original.sha256,
                )
            )
            yield written

    def _open(self, place: Path) -> tuple[Original, bytes]:
        content = read_sealed(place, self._key, place.name.removesuffix(_SUFFIX))
        end = _LENGTH + int.from_bytes(content[:_LENGTH], "big")
        original, data = Original.from_json(content[_LENGTH:end]), content[end:]
        if hashlib.sha256(data).hexdigest() != original.sha256:
            raise DamagedStoreError(f"{place}: holds another picture than its record says; restore it")
        return original, data
