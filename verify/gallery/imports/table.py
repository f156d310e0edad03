"""The table format of watchlists and galleries: CSV, UTF-8, one entry a line, version 1.

A file that is not of this format is refused as a whole; a line that is wrong is set aside with its number and
the reason, and the others are taken. A line without a source, an owner, a legal basis, a purpose, a date of
review and a date of expiry is never taken. A field may be quoted (RFC 4180) but not run over several lines:
so an unbalanced quote costs one line, not the rest of the list.
"""

from __future__ import annotations

import csv
import os
import stat
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import IO

from verify.errors import UsageError
from verify.gallery.imports.record import Given, ImportResult, Quarantined, Record, collect, stream
from verify.gallery.imports.row import COLUMNS, MAX_FIELD, SCHEMA_VERSION, RowError

__all__ = ["COLUMNS", "MAX_BYTES", "numbered_lines", "open_list", "read_table", "table_records"]

MAX_BYTES = 1 << 30
_MAX_LINE = 32_768
_UTF16 = ("\udcff\udcfe", "\udcfe\udcff")  # its byte order marks, as an undecodable start of UTF-8


def read_table(path: Path, given: Given | None = None) -> ImportResult:
    """Reads a list.

    Args:
        path: of the CSV file; `image` paths in it stay relative to its folder and are not opened.
        given: completes what a line leaves empty.

    Raises:
        UsageError: not a readable file, over a limit, or not of this format; it names the file and the
            column.
    """
    return collect(stream(table_records(path), given or Given(), path))


def table_records(
    path: Path, needed: Collection[str] = COLUMNS, columns: Mapping[str, str] | None = None
) -> Iterator[Record | Quarantined]:
    """The lines of a table, one by one.

    Args:
        path: of the CSV file.
        needed: columns that must be there.
        columns: names of columns of another table, to those of this format; None for this format.

    Raises:
        UsageError: as `read_table`.
    """
    with open_list(path) as file:
        lines = numbered_lines(file)
        header = _header(path, next(lines, (1, ""))[1], needed, columns or {name: name for name in COLUMNS})
        for line, text in lines:
            if not text.strip():
                continue
            try:
                row = dict(zip(header, _fields(text, len(header)), strict=True))
            except RowError as error:
                yield Quarantined(line, "", str(error))
                continue
            if row.get("schema_version", SCHEMA_VERSION).strip() != SCHEMA_VERSION:
                raise UsageError(f"{path}: line {line}: column 'schema_version' must be {SCHEMA_VERSION}")
            yield Record(line, {name: value.strip() for name, value in row.items()})


def open_list(path: Path) -> IO[str]:
    """Opens a list as text; undecodable bytes come as lone surrogates, so that they cost one line only.

    Raises:
        UsageError: not a readable regular file of at most `MAX_BYTES`.
    """
    try:
        # a pipe must not be waited for
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: the list cannot be opened ({error}); check the path") from error
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
        os.close(descriptor)
        raise UsageError(f"{path}: not a regular file of at most {MAX_BYTES} bytes; give the list as such a file")
    return os.fdopen(descriptor, encoding="utf-8-sig", errors="surrogateescape", newline="")


def numbered_lines(file: IO[str], most: int = _MAX_LINE) -> Iterator[tuple[int, str]]:
    """Numbered lines; one that is too long comes cut, longer than allowed, and never in full into memory."""
    number = 0
    while text := file.readline(most + 1):
        number += 1
        rest = text
        while len(rest) > most and not rest.endswith(("\n", "\r")):
            rest = file.readline(most + 1)
        yield number, text


def _header(path: Path, text: str, needed: Collection[str], columns: Mapping[str, str]) -> list[str]:
    if text.startswith(_UTF16) or "\0" in text:
        raise UsageError(f"{path}: not UTF-8 text (UTF-16?); save the list as CSV in UTF-8")
    try:
        found = [name.strip() for name in _fields(text)]
    except RowError as error:
        raise UsageError(f"{path}: the header cannot be used: {error}") from error
    for name in found:
        if name.lower() not in columns:
            shown = name[:40].encode("ascii", "backslashreplace").decode()
            raise UsageError(f"{path}: unknown column '{shown}'; the columns are {', '.join(columns)}")
    header = [columns[name.lower()] for name in found]
    for name in columns.values():
        if header.count(name) > 1 or (name in needed and name not in header):
            raise UsageError(f"{path}: column '{name}' must be there once; it is there {header.count(name)} times")
    return header


def _fields(text: str, count: int | None = None) -> list[str]:
    """The fields of one line."""
    if len(text) > _MAX_LINE:
        raise RowError(f"the line is longer than {_MAX_LINE} characters")
    if any("\udc80" <= character <= "\udcff" for character in text):
        raise RowError("not UTF-8; save the list in UTF-8")
    try:
        fields = next(csv.reader([text], strict=True), [])
    except csv.Error as error:
        raise RowError("a quote is not closed or is misplaced; a field cannot run over several lines") from error
    if count is not None and len(fields) != count:
        raise RowError(f"{len(fields)} fields where the header has {count}")
    if any(len(field) > MAX_FIELD for field in fields):
        raise RowError(f"a field is longer than {MAX_FIELD} characters")
    return fields
