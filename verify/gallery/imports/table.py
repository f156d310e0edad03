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
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from verify.errors import UsageError
from verify.gallery.imports.row import COLUMNS, SCHEMA_VERSION, RowError, entry_of
from verify.model.gallery import Entry

__all__ = ["COLUMNS", "MAX_BYTES", "MAX_FIELD", "MAX_ROWS", "ImportResult", "Quarantined", "read_table"]

MAX_BYTES = 1 << 30
MAX_ROWS = 1_000_000
MAX_FIELD = 4_096
_MAX_LINE = 32_768
_UTF16 = ("\udcff\udcfe", "\udcfe\udcff")  # its byte order marks, as an undecodable start of UTF-8


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A line that was set aside.

    Attributes:
        line: 1-based, the header is line 1.
        reference_id: as far as it could be read; empty otherwise.
        reason: what to mend.
    """

    line: int
    reference_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What became of a list: every line is in one of the two.

    Attributes:
        entries: in the order of the file.
        quarantined: in the order of the file.
    """

    entries: tuple[Entry, ...]
    quarantined: tuple[Quarantined, ...]


def read_table(path: Path) -> ImportResult:
    """Reads a list.

    Args:
        path: of the CSV file; `image` paths in it stay relative to its folder and are not opened.

    Raises:
        UsageError: not a readable file, over a limit, or not of this format; it names the file and the
            column.
    """
    entries: list[Entry] = []
    quarantined: list[Quarantined] = []
    first_line: dict[str, int] = {}
    with _opened(path) as file:
        lines = _lines(file)
        header = _header(path, next(lines, (1, ""))[1])
        for line, text in lines:
            if not text.strip():
                continue
            if len(entries) + len(quarantined) >= MAX_ROWS:
                raise UsageError(f"{path}: has more than {MAX_ROWS} entries; split the list")
            reference_id = ""
            try:
                row = dict(zip(header, _fields(text, len(header)), strict=True))
                if row["schema_version"].strip() != SCHEMA_VERSION:
                    raise UsageError(f"{path}: line {line}: column 'schema_version' must be {SCHEMA_VERSION}")
                reference_id = row["reference_id"].strip()
                entry = entry_of(row)
                if reference_id in first_line:
                    raise RowError(f"reference_id is on line {first_line[reference_id]} already")
            except RowError as error:
                quarantined.append(Quarantined(line, reference_id, str(error)))
            else:
                first_line[reference_id] = line
                entries.append(entry)
    return ImportResult(tuple(entries), tuple(quarantined))


def _opened(path: Path) -> IO[str]:
    try:
        # a pipe must not be waited for; undecodable bytes are kept apart, so that they cost one line only
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: the list cannot be opened ({error}); check the path") from error
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
        os.close(descriptor)
        raise UsageError(f"{path}: not a regular file of at most {MAX_BYTES} bytes; give the list as such a file")
    return os.fdopen(descriptor, encoding="utf-8-sig", errors="surrogateescape", newline="")


def _lines(file: IO[str]) -> Iterator[tuple[int, str]]:
    """Numbered lines; one that is too long comes cut, longer than allowed, and never in full into memory."""
    number = 0
    while text := file.readline(_MAX_LINE + 1):
        number += 1
        rest = text
        while len(rest) > _MAX_LINE and not rest.endswith(("\n", "\r")):
            rest = file.readline(_MAX_LINE + 1)
        yield number, text


def _header(path: Path, text: str) -> list[str]:
    if text.startswith(_UTF16) or "\0" in text:
        raise UsageError(f"{path}: not UTF-8 text (UTF-16?); save the list as CSV in UTF-8")
    try:
        header = [name.strip() for name in _fields(text)]
    except RowError as error:
        raise UsageError(f"{path}: the header cannot be used: {error}") from error
    for name in header:
        if name not in COLUMNS:
            shown = name[:40].encode("ascii", "backslashreplace").decode()
            raise UsageError(f"{path}: unknown column '{shown}'; the columns are {', '.join(COLUMNS)}")
    for name in COLUMNS:
        if header.count(name) != 1:
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
