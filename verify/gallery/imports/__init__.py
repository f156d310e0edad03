"""Importers of lists, one file a source format; each yields records, which one place makes entries of."""

from __future__ import annotations

from verify.gallery.imports.formats import FORMATS, read_list, recognised, stream_list
from verify.gallery.imports.record import Given, ImportResult, Quarantined, Withdrawn
from verify.gallery.imports.table import read_table

__all__ = [
    "FORMATS",
    "Given",
    "ImportResult",
    "Quarantined",
    "Withdrawn",
    "read_list",
    "read_table",
    "recognised",
    "stream_list",
]
