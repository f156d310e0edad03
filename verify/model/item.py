"""One row group of the manifest: a crossing, with its files and what the traveller declared."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["Declared", "Item", "ItemFile", "Role", "Travel"]


class Role(StrEnum):
    """The part that a file plays in an item."""

    DOCUMENT = "document"
    DOCUMENT_FRONT = "document_front"
    DOCUMENT_BACK = "document_back"
    VISA = "visa"
    CAPTURE = "capture"
    CHIP = "chip"


@dataclass(frozen=True, slots=True)
class ItemFile:
    """One file: its role, and its path relative to the manifest's root."""

    role: Role
    path: str


@dataclass(frozen=True, slots=True)
class Declared:
    """What the traveller said; empty or None where nothing was declared."""

    primary_identifier: str = ""
    secondary_identifier: str = ""
    birth_date: dt.date | None = None
    nationality: str = ""


@dataclass(frozen=True, slots=True)
class Travel:
    """The journey, as far as the manifest tells it."""

    group: str = ""
    origin: str = ""
    destination: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A crossing to verify.

    Attributes:
        item_id: unique in the manifest.
        inspection_date: the date every check refers to (never silently today).
        files: in the order of the manifest.
    """

    item_id: str
    inspection_date: dt.date
    files: tuple[ItemFile, ...]
    declared: Declared = field(default_factory=Declared)
    travel: Travel = field(default_factory=Travel)
