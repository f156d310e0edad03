"""Entries of watchlists and galleries. None is taken in without an owner, a legal basis and an expiry date."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["DocumentStatus", "Entry", "EntryKind", "ListedDocument", "Name", "PartialDate", "Provenance"]


class EntryKind(StrEnum):
    """What an entry is about."""

    NOMINAL = "nominal"
    MISSING_PERSON = "missing_person"  # ante-mortem data
    UNIDENTIFIED_PERSON = "unidentified_person"  # post-mortem data
    VICTIM = "victim"
    DOCUMENT = "document"  # a lost or stolen travel document


class DocumentStatus(StrEnum):
    """Status of a listed document, as in INTERPOL's SLTD."""

    STOLEN = "stolen"
    LOST = "lost"
    REVOKED = "revoked"
    INVALID = "invalid"
    STOLEN_BLANK = "stolen_blank"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Why an entry may be held at all, and for how long."""

    source: str
    source_record: str
    owner: str
    legal_basis: str
    purpose: str
    collected: dt.date
    review_by: dt.date
    expires: dt.date


@dataclass(frozen=True, slots=True)
class Name:
    """A name as two identifiers; `secondary` is empty for a single name."""

    primary: str
    secondary: str = ""

    def __str__(self) -> str:
        """Both identifiers, the primary first."""
        return f"{self.primary}, {self.secondary}" if self.secondary else self.primary


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date of which month or day may be unknown; unknown is compatible with anything."""

    year: int
    month: int | None = None
    day: int | None = None

    def __str__(self) -> str:
        """ISO 8601, as precise as it is."""
        parts = [f"{self.year:04d}"]
        if self.month is not None:
            parts.append(f"{self.month:02d}")
            if self.day is not None:
                parts.append(f"{self.day:02d}")
        return "-".join(parts)


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """A document an entry names; `status` is None where it merely belongs to the person."""

    document_number: str
    document_type: str = ""
    issuing_state: str = ""
    status: DocumentStatus | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of a list or gallery.

    Attributes:
        reference_id: unique in its list.
        names: the first is the main one, the rest are aliases; empty for a document.
        image: while importing, path of the portrait relative to the list, or several with semicolons between them;
            empty when none.
    """

    reference_id: str
    kind: EntryKind
    provenance: Provenance
    names: tuple[Name, ...] = ()
    birth_date: PartialDate | None = None
    sex: str = ""
    nationalities: tuple[str, ...] = ()
    documents: tuple[ListedDocument, ...] = ()
    image: str = ""

    @property
    def images(self) -> tuple[str, ...]:
        """The paths in `image`, each once."""
        return tuple(dict.fromkeys(one for part in self.image.split(";") if (one := part.strip())))
