"""One line of a table as an `Entry`, or the reason why not."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import PurePosixPath
from typing import TypeVar

from verify.gallery.documents import normalised_number
from verify.model.gallery import (
    DocumentStatus,
    Entry,
    EntryKind,
    ListedDocument,
    Name,
    PartialDate,
    Provenance,
)

__all__ = ["COLUMNS", "MAX_FIELD", "SCHEMA_VERSION", "RowError", "entry_of"]

COLUMNS = (
    "schema_version",
    "reference_id",
    "entry_kind",
    "source",
    "source_record",
    "owner",
    "legal_basis",
    "purpose",
    "collected",
    "review_by",
    "expires",
    "primary_identifier",
    "secondary_identifier",
    "aliases",
    "birth_date",
    "sex",
    "nationalities",
    "document_type",
    "document_number",
    "issuing_state",
    "document_status",
    "image",
)
SCHEMA_VERSION = "1"
MAX_FIELD = 4_096

_REQUIRED = ("reference_id", "source", "owner", "legal_basis", "purpose", "collected", "review_by", "expires")
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_STATE = re.compile(r"[A-Z]{1,3}")
_MAX_LISTED = 100
_MOST_IMAGES = 16  # of one entry
_Value = TypeVar("_Value", bound=StrEnum)


class RowError(Exception):
    """A line that is set aside; the message says what to mend."""


def entry_of(
    row: Mapping[str, str],
    *,
    names: Sequence[tuple[str, str]] = (),
    documents: Sequence[Mapping[str, str]] = (),
) -> Entry:
    """An entry from the fields of one line.

    Args:
        row: every column of the format.
        names: more names: (primary, secondary) identifier; kinds of lists other than the table have many.
        documents: more documents: the document columns.

    Raises:
        RowError: a field is missing or wrong.
    """
    row = {name: value.strip() for name, value in row.items()}
    more = [value for name in names for value in name] + [value for one in documents for value in one.values()]
    for name, value in [*row.items(), *(("a name or document", value) for value in more)]:
        if any(ord(character) < 32 or ord(character) == 127 for character in value):
            raise RowError(f"{name} has a control character")
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise RowError(f"{name} is not UTF-8")
        if len(value) > MAX_FIELD:
            raise RowError(f"{name} is longer than {MAX_FIELD} characters")
    if len(names) > _MAX_LISTED or len(documents) > _MAX_LISTED:
        raise RowError(f"more than {_MAX_LISTED} names or documents")
    missing = [name for name in _REQUIRED if not row[name]]
    if missing:
        raise RowError(f"without {', '.join(missing)}; an import without them is refused")
    kind = _one_of(EntryKind, "entry_kind", row["entry_kind"])
    entry = Entry(
        reference_id=row["reference_id"],
        kind=kind,
        provenance=_provenance(row),
        names=tuple(dict.fromkeys((*_names(row), *(Name(*one) for one in names if one[0])))),
        birth_date=_birth_date(row["birth_date"]),
        sex=_sex(row["sex"]),
        nationalities=tuple(_state("nationalities", value) for value in _listed("nationalities", row)),
        documents=tuple(dict.fromkeys(document for one in (row, *documents) for document in _documents(one, kind))),
        image=_image(row["image"]),
    )
    if not (entry.names or entry.documents or entry.image):
        raise RowError("neither a name nor a document nor an image; nothing could find this entry")
    return entry


def _provenance(row: Mapping[str, str]) -> Provenance:
    collected, review_by, expires = (_day(name, row[name]) for name in ("collected", "review_by", "expires"))
    if expires < collected:
        raise RowError("expires is before collected")
    return Provenance(
        row["source"],
        row["source_record"],
        row["owner"],
        row["legal_basis"],
        row["purpose"],
        collected,
        review_by,
        expires,
    )


def _names(row: Mapping[str, str]) -> tuple[Name, ...]:
    names = []
    if row["primary_identifier"]:
        names.append(Name(row["primary_identifier"], row["secondary_identifier"]))
    elif row["secondary_identifier"] or row["aliases"]:
        raise RowError("secondary_identifier or aliases without a primary_identifier; a single name is the primary")
    for alias in _listed("aliases", row):
        primary, parted, secondary = alias.partition("<<")
        if not parted:  # free text: the last word is taken as the family name; comparison ignores the order
            secondary, _, primary = alias.rpartition(" ")
        primary, secondary = (part.replace("<", " ").strip() for part in (primary, secondary))
        if not primary:
            raise RowError("aliases: 'PRIMARY<<SECONDARY' or 'Given Family', parted by ';'")
        names.append(Name(primary, secondary))
    return tuple(names)


def _documents(row: Mapping[str, str], kind: EntryKind) -> tuple[ListedDocument, ...]:
    number, state = row["document_number"], row["issuing_state"]
    status, document_type = row["document_status"], row["document_type"]
    if not number:
        if kind is EntryKind.DOCUMENT:
            raise RowError("document_number is missing on a document entry")
        if status or document_type or state:
            raise RowError("document_type, issuing_state or document_status without a document_number")
        return ()
    if not normalised_number(number):
        raise RowError("document_number has neither letters nor digits")
    if not state:
        raise RowError("issuing_state is missing; a document number means nothing without it")
    if kind is EntryKind.DOCUMENT and not status:
        raise RowError("document_status is missing on a document entry")
    listed = _one_of(DocumentStatus, "document_status", status) if status else None
    return (ListedDocument(number, document_type, _state("issuing_state", state), listed),)


def _listed(name: str, row: Mapping[str, str]) -> list[str]:
    values = [value.strip() for value in row[name].split(";") if value.strip()]
    if len(values) > _MAX_LISTED:
        raise RowError(f"{name}: more than {_MAX_LISTED} values")
    return values


def _one_of(values: type[_Value], name: str, text: str) -> _Value:
    try:
        return values(text)
    except ValueError as error:
        raise RowError(f"{name} must be one of {', '.join(values)}") from error


def _state(name: str, text: str) -> str:
    code = text.upper().rstrip("<")
    if not _STATE.fullmatch(code):
        raise RowError(f"{name} must be codes of one to three letters (ICAO Doc 9303-3, section 5)")
    return code


def _sex(text: str) -> str:
    sex = text.upper()
    if sex not in ("", "M", "F", "X"):
        raise RowError("sex must be M, F, X or empty")
    return sex


def _birth_date(text: str) -> PartialDate | None:
    if not text:
        return None
    found = _DATE.fullmatch(text)
    try:
        if found is None:
            raise ValueError(text)
        year, month, day = (int(part) if part else None for part in found.groups())
        dt.date(year or 0, month or 1, day or 1)
    except ValueError as error:
        raise RowError("birth_date must be a real date: YYYY, YYYY-MM or YYYY-MM-DD") from error
    return PartialDate(int(found[1]), month, day)


def _day(name: str, text: str) -> dt.date:
    found = _DATE.fullmatch(text)
    try:
        if found is None or not found[3]:
            raise ValueError(text)
        return dt.date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError as error:
        raise RowError(f"{name} must be a real date: YYYY-MM-DD") from error


def _image(text: str) -> str:
    parts = text.split(";")
    if len(parts) > _MOST_IMAGES:
        raise RowError(f"image names {len(parts)} pictures; name the best, {_MOST_IMAGES} at most")
    for part in parts:
        path = PurePosixPath(part.strip())
        if path.is_absolute() or ".." in path.parts or "\\" in part or "://" in part:
            raise RowError("image must be a plain path relative to the list, without '..'")
    return text
