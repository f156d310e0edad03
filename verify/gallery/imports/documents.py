"""Lists of lost, stolen and otherwise invalid documents: CSV with issuer, type, number and status.

The fields and statuses are those of INTERPOL's SLTD. A status "found", "recovered" or "withdrawn" takes a document off
the list: only the issuer may list one, and only it can say that the entry no longer holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from verify.gallery.documents import normalised_number, normalised_state
from verify.gallery.imports.record import Quarantined, Record
from verify.gallery.imports.table import table_records

__all__ = ["document_records"]

_COLUMNS = {
    "issuer": "issuing_state",
    "issuing_state": "issuing_state",
    "type": "document_type",
    "document_type": "document_type",
    "number": "document_number",
    "document_number": "document_number",
    "status": "document_status",
    "document_status": "document_status",
} | {
    name: name
    for name in ("source", "source_record", "owner", "legal_basis", "purpose", "collected", "review_by", "expires")
}
_NEEDED = ("issuing_state", "document_number", "document_status")
_OFF = ("found", "recovered", "withdrawn")


def document_records(path: Path) -> Iterator[Record | Quarantined]:
    """The documents of a list, one by one.

    A document that has no record number of its own is known by issuer, type and number, so that a list that comes again
    updates it.

    Raises:
        UsageError: not a readable list of this format.
    """
    for one in table_records(path, _NEEDED, _COLUMNS):
        if isinstance(one, Quarantined):
            yield one
            continue
        fields = {name: value for name, value in one.fields.items() if value}
        status = fields.get("document_status", "").lower().replace(" ", "_")
        key = [fields.get("issuing_state", ""), fields.get("document_type", ""), fields.get("document_number", "")]
        fields.setdefault("source_record", f"{normalised_state(key[0])}-{key[1].upper()}-{normalised_number(key[2])}")
        fields |= {"entry_kind": "document", "document_status": status}
        yield replace(one, fields=fields, withdrawn=status in _OFF)
