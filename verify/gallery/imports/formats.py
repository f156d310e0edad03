"""Which importer reads which file: by what the file is, or by what the command line says."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

from verify.errors import UsageError
from verify.gallery.imports.an2k import transaction_records
from verify.gallery.imports.documents import document_records
from verify.gallery.imports.folder import folder_records
from verify.gallery.imports.ftm import entity_records
from verify.gallery.imports.interpol import notice_records
from verify.gallery.imports.pfif import person_records
from verify.gallery.imports.record import Given, ImportResult, Quarantined, Record, Withdrawn, collect, stream
from verify.gallery.imports.table import open_list, table_records
from verify.model.gallery import Entry

__all__ = ["FORMATS", "read_list", "recognised", "stream_list"]

_Reader = Callable[[Path, Given], Iterator[Record | Quarantined]]

FORMATS: dict[str, _Reader] = {
    "table": lambda path, _given: table_records(path),
    "documents": lambda path, _given: document_records(path),
    "folder": lambda path, _given: folder_records(path),
    "interpol": notice_records,
    "ftm": entity_records,
    "pfif": person_records,
    "an2k": transaction_records,
}
"""Name of a format to its reader."""

_TRANSACTIONS = (".an2", ".an2k", ".eft", ".nist", ".nst")
_HEAD = 4_096


def recognised(path: Path) -> str:
    """The format of a file or folder, by its first bytes and its name.

    Raises:
        UsageError: it is of none, or cannot be read; it says how to name the format.
    """
    if path.is_dir():
        inside = [one for one in sorted(path.iterdir()) if one.is_file()]
        return "an2k" if inside and all(one.suffix.lower() in _TRANSACTIONS for one in inside) else "folder"
    with open_list(path) as file:
        head = file.read(_HEAD).lstrip()
    if path.suffix.lower() in _TRANSACTIONS or head.startswith(("1.01:", "1.001:")):
        return "an2k"
    if head.startswith("<"):
        return "pfif"
    if head.startswith(("{", "[")):
        return "ftm" if '"schema"' in head.partition("\n")[0] and '"properties"' in head else "interpol"
    columns = {name.strip().lower() for name in next(csv.reader(head.splitlines()[:1]), [])}
    if {"number", "document_number"} & columns and "schema_version" not in columns:
        return "documents"
    if "schema_version" in columns or path.suffix.lower() == ".csv":
        return "table"
    raise UsageError(f"{path}: of no format that can be told; name one of {', '.join(FORMATS)} by --format")


def stream_list(path: Path, given: Given | None = None, *, name: str = "") -> Iterator[Entry | Quarantined | Withdrawn]:
    """Reads a list of any format record by record, in the order of the file.

    Args:
        path: file, or folder of pictures or transactions.
        given: what completes records that do not say it themselves.
        name: of the format; empty to tell it from the file.

    Raises:
        UsageError: an unknown format, or not a readable list of it; what came before it is sound.
    """
    if name and name not in FORMATS:
        raise UsageError(f"no format '{name}'; it is one of {', '.join(FORMATS)}")
    given = given or Given()
    yield from stream(FORMATS[name or recognised(path)](path, given), given, path)


def read_list(path: Path, given: Given | None = None, *, name: str = "") -> ImportResult:
    """Reads a list of any format as a whole; raises as `stream_list` does, and then takes nothing of it."""
    return collect(stream_list(path, given, name=name))
