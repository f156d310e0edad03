"""The manifest: which files belong to which crossing. CSV with one row a file, or JSON lines with one item a line.

Both carry schema version 1. Paths are relative to the manifest's folder and are opened only there. A manifest that is
wrong is refused before anything runs, with the line: a batch must not find out at midnight.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from verify.errors import NoInputsError, UsageError
from verify.model.item import Declared, Item, ItemFile, Role, Travel

__all__ = ["Manifest", "read_manifest"]

SCHEMA_VERSION = 1
_MAX_BYTES = 200_000_000
_MAX_FIELD = 4096

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _given_date(value: object) -> object:
    """Only one notation: a number, or "20260615", would be taken for seconds since 1970."""
    if value in ("", None):
        return None
    if not isinstance(value, str) or not _ISO_DATE.fullmatch(value):
        raise ValueError("give it as YYYY-MM-DD")
    return value


_Text = Annotated[str, Field(max_length=_MAX_FIELD)]
_Date = Annotated[dt.date | None, BeforeValidator(_given_date)]


class _FileRow(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    role: Role
    path: _Text


class _Facts(BaseModel):
    """What is given once an item."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    inspection_date: _Date = None
    declared_primary_identifier: _Text = ""
    declared_secondary_identifier: _Text = ""
    declared_birth_date: _Date = None
    declared_nationality: _Text = ""
    travel_group: _Text = ""
    travel_from: _Text = ""
    travel_to: _Text = ""


class _ItemRow(_Facts):
    schema_version: Literal[1]
    item_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
    files: Annotated[tuple[_FileRow, ...], Field(min_length=1, max_length=50)]


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest that was read whole.

    Attributes:
        path: of the manifest.
        sha256: of its bytes: a job belongs to exactly one manifest.
        items: in its order.
        root: the folder below which all files lie.
    """

    path: Path
    sha256: str
    items: tuple[Item, ...]
    root: Path


def read_manifest(path: Path, root: Path | None = None) -> Manifest:
    """Reads a manifest; `.jsonl` and `.ndjson` are JSON lines, everything else is CSV.

    Args:
        path: of the manifest.
        root: the folder below which all files lie; None for the one of the manifest.

    Raises:
        UsageError: naming the file, the line and what is wrong.
        NoInputsError: there is no item in it.
    """
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise UsageError(f"{path}: a manifest may have {_MAX_BYTES} bytes; split it")
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot read the manifest ({error.strerror})") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: is not UTF-8 (byte {error.start}); save it as UTF-8") from error
    if "\0" in text:
        raise UsageError(f"{path}:{text[: text.index(chr(0))].count(chr(10)) + 1}: holds a NUL character; is it text?")
    if not text.strip():
        raise NoInputsError(f"{path}: is empty")
    rows = _json_rows(path, text) if path.suffix in (".jsonl", ".ndjson") else _csv_rows(path, text)
    items = tuple(_unique(path, rows))
    if not items:
        raise NoInputsError(f"{path}: names no item")
    return Manifest(path, hashlib.sha256(data).hexdigest(), items, path.parent if root is None else root)


def _unique(path: Path, rows: Iterable[tuple[int, _ItemRow]]) -> Iterator[Item]:
    seen: dict[str, int] = {}
    for line, row in rows:
        if row.item_id in seen:
            raise UsageError(f"{path}:{line}: item_id '{row.item_id}' is used already in line {seen[row.item_id]}")
        seen[row.item_id] = line
        if row.inspection_date is None:
            raise UsageError(f"{path}:{line}: item '{row.item_id}' has no inspection_date; every check refers to it")
        yield Item(
            row.item_id,
            row.inspection_date,
            tuple(ItemFile(one.role, one.path) for one in row.files),
            Declared(
                row.declared_primary_identifier,
                row.declared_secondary_identifier,
                row.declared_birth_date,
                row.declared_nationality,
            ),
            Travel(row.travel_group, row.travel_from, row.travel_to),
        )


def _json_rows(path: Path, text: str) -> Iterator[tuple[int, _ItemRow]]:
    for line, content in enumerate(text.split("\n"), start=1):
        if content.strip():
            try:
                value = json.loads(content)
            except (ValueError, RecursionError) as error:
                raise UsageError(f"{path}:{line}: not a JSON object ({error})") from error
            yield line, _validated(path, line, value)


def _csv_rows(path: Path, text: str) -> Iterator[tuple[int, _ItemRow]]:
    """Rows of one item stand together or apart; its facts may be given in any one of them, not differently in two."""
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    _check_header(path, reader)
    items: dict[str, tuple[int, dict[str, object]]] = {}
    try:
        for row in reader:
            if None in row or None in row.values():
                raise UsageError(f"{path}:{reader.line_num}: has not as many columns as the header")
            line, item = items.setdefault(row["item_id"], (reader.line_num, {"files": []}))
            _add_row(path, reader.line_num, item, row)
    except csv.Error as error:
        raise UsageError(f"{path}:{reader.reader.line_num}: not a CSV row ({error})") from error
    for line, item in items.values():
        yield line, _validated(path, line, item)


def _check_header(path: Path, reader: csv.DictReader[str]) -> None:
    try:
        names = list(reader.fieldnames or ())
    except csv.Error as error:
        raise UsageError(f"{path}:1: not a CSV header ({error})") from error
    required = ["schema_version", "item_id", "role", "path"]
    missing = [name for name in (*required, "inspection_date") if name not in names]
    if missing:
        raise UsageError(f"{path}:1: missing column {', '.join(missing)}")
    unknown = [name for name in names if name not in required and name not in _Facts.model_fields]
    if unknown or len(set(names)) != len(names):
        raise UsageError(f"{path}:1: unknown or repeated column {', '.join(unknown) or names}; see docs/manifest.md")


def _add_row(path: Path, line: int, item: dict[str, object], row: dict[str, str]) -> None:
    files = item["files"]
    assert isinstance(files, list)  # noqa: S101 - made by _csv_rows
    files.append({"role": row["role"].strip(), "path": row["path"]})
    for name, value in row.items():
        if name in ("role", "path") or not value.strip():
            continue
        given: object = value.strip()
        if name == "schema_version" and given == str(SCHEMA_VERSION):
            given = SCHEMA_VERSION
        if item.setdefault(name, given) != given:
            raise UsageError(f"{path}:{line}: {name} differs from an earlier row of item '{row['item_id']}'")


def _validated(path: Path, line: int, value: object) -> _ItemRow:
    try:
        return _ItemRow.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"{path}:{line}: {where or 'row'}: {first['msg']}; see docs/manifest.md") from error
