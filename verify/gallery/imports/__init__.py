"""Importers of lists, one file a source format."""

from __future__ import annotations

from verify.gallery.imports.table import ImportResult, Quarantined, read_table

__all__ = ["ImportResult", "Quarantined", "read_table"]
