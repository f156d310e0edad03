"""A picture kept as it came from a device: whole or not at all, never overwritten, with how it was made beside it.

The record holds who, when, which device and the SHA-256 of the bytes. Names end as `verify watch` groups them: the
document and the live capture of one item come together by its name.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from verify.errors import UsageError
from verify.model.item import Role
from verify.vault.files import create_private, sync_directory

__all__ = ["Detail", "Original", "keep_original", "original_of"]

Detail = str | int | bool
"""What a record may hold beside who, when and which device."""

_ENDINGS = {
    Role.DOCUMENT: "document",
    Role.DOCUMENT_FRONT: "front",
    Role.DOCUMENT_BACK: "back",
    Role.VISA: "visa",
    Role.CAPTURE: "capture",
}
_ITEM = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")


@dataclass(frozen=True, slots=True)
class Original:
    """How a picture was made; written beside it as `<its name without the suffix>.json`.

    Attributes:
        path: the picture's own name, without a folder.
        sha256: of its bytes.
        device: which took it.
        taken: aware UTC time.
        operator: who took it.
        details: what this kind of device tells besides.
    """

    path: str
    sha256: str
    device: str
    taken: dt.datetime
    operator: str
    details: Mapping[str, Detail] = field(default_factory=dict)

    def as_json(self) -> str:
        """The record as it is written."""
        told = {"path": self.path, "sha256": self.sha256, "device": self.device}
        told |= {"taken": self.taken.isoformat(), "operator": self.operator}
        return json.dumps({**told, **self.details}, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> Original:
        """The record that `as_json` gave."""
        members = json.loads(text)
        taken = dt.datetime.fromisoformat(members.pop("taken"))
        named = {name: members.pop(name) for name in ("path", "sha256", "device", "operator")}
        return cls(taken=taken, details=members, **named)


def original_of(
    data: bytes,
    *,
    suffix: str,
    device: str,
    operator: str,
    role: Role,
    item: str = "",
    number: int = 0,
    **details: Detail,
) -> Original:
    """Describes a picture that was taken just now.

    Args:
        data: its bytes.
        suffix: of its file, with the dot.
        device: which took it.
        operator: who took it.
        role: the part it plays.
        item: the crossing it belongs to; empty gives it a name of its own.
        number: of the page, where a device gives several alike in a second.
        details: what this kind of device tells besides.

    Raises:
        UsageError: the item's name cannot be part of a file's name, or no camera takes this role.
    """
    if role not in _ENDINGS:
        raise UsageError(f"a {role.value} is not taken by a camera")
    if item and not _ITEM.fullmatch(item):
        raise UsageError("an item is named by up to 64 letters, digits and hyphens, none of them accented")
    now = dt.datetime.now(dt.UTC)
    sha256 = hashlib.sha256(data).hexdigest()
    own = f"{now:%Y%m%dT%H%M%S}-{number:03}-{sha256[:12]}"
    name = f"{item or own}_{_ENDINGS[role]}{suffix}"
    return Original(name, sha256, device, now, operator, {"role": role.value, "item": item, **details})


def keep_original(folder: Path, original: Original, data: bytes) -> Path:
    """Writes a picture and its record; when it fails, neither is there.

    Args:
        folder: for both; made if it is not there.
        original: the record of these bytes.
        data: the picture.

    Returns:
        The picture's path; its mode is 0600.

    Raises:
        UsageError: something of that name is there already, or the folder cannot be written.
    """
    place = folder / original.path
    record = place.with_suffix(".json")
    linked: list[Path] = []
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".capture-") as name:
            fresh = Path(name)
            # the record first, so that no picture ever stands without; a link fails where a rename would overwrite
            for target, content in ((record, original.as_json().encode()), (place, data)):
                _written(fresh / target.name, content)
                os.link(fresh / target.name, target)
                linked.append(target)
        sync_directory(folder)
    except FileExistsError as error:
        _take_back(linked)
        raise UsageError(f"{place}: is there already and is never overwritten; name another item or folder") from error
    except OSError as error:
        _take_back(linked)
        raise UsageError(f"{folder}: the picture cannot be kept ({error.strerror}); choose another folder") from error
    return place


def _written(path: Path, content: bytes) -> None:
    with os.fdopen(create_private(path), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _take_back(linked: list[Path]) -> None:
    for path in linked:
        path.unlink(missing_ok=True)
