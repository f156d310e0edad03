"""ANSI/NIST-ITL transactions, traditional encoding: who (Type-2) and the face (Type-10) of one subject a file.

Source: ANSI/NIST-ITL 1-2011, Update 2015 (NIST Special Publication 500-290e3): record types 1, 2 and 10, separators FS,
GS, RS and US. A Type-2 record is the sender's own: names and dates are read from the fields of the FBI's EBTS (2.018
name, 2.019 aliases, 2.021 citizenship, 2.022 date of birth, 2.024 sex), and only where they look like it. Records of
other types are passed over by their length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from verify.errors import UsageError
from verify.gallery.imports.record import Given, Quarantined, Record
from verify.gallery.imports.row import RowError
from verify.gallery.imports.values import date_of, split_name, state_of

__all__ = ["MAX_FILE", "Fields", "read_transaction", "transaction_records"]

MAX_FILE = 1 << 26
_FS, _GS, _RS, _US = b"\x1c", b"\x1d", b"\x1e", b"\x1f"
_TAG = re.compile(rb"([0-9]{1,2})\.([0-9]{1,9}):")
_LENGTH = re.compile(rb"[0-9]{1,2}\.0*1:([0-9]{1,9})\x1d")
_BINARY = (3, 4, 5, 6, 7, 8)  # records of fixed places, which begin with their length in four bytes
_DATA = 999
_DATA_AGAIN = re.compile(rb"[^\x1d]{0,64}\x1d[0-9]{1,2}\.999:")  # some writers put a length or a mark before
_MAX_RECORDS = 1_000
_SUFFIXES = {b"\xff\xd8\xff": ".jpg", b"\x89PNG": ".png", b"\x00\x00\x00\x0cjP": ".jp2"}

Fields = dict[int, bytes]
"""Of one record: field number to its bytes, without the tag."""


@dataclass(frozen=True, slots=True)
class _Place:
    kind: int
    begin: int
    end: int


def transaction_records(path: Path, given: Given) -> Iterator[Record | Quarantined]:
    """The subject of a transaction, or of each transaction (*.an2, *.eft, *.nist) in a folder, by name.

    The picture of the first Type-10 record that holds a face goes into the folder of `given.pictures`, undecoded.

    Raises:
        UsageError: a path that is not there, or more than `MAX_FILE` bytes.
    """
    files = sorted(one for one in path.iterdir() if one.is_file()) if path.is_dir() else [path]
    for number, file in enumerate(files, 1):
        try:
            size = file.stat().st_size
            if size > MAX_FILE:
                raise RowError(f"{file.name}: more than {MAX_FILE} bytes")
            yield _subject(number, file, read_transaction(file.read_bytes()), given)
        except RowError as error:
            yield Quarantined(number, file.name, str(error))
        except OSError as error:
            raise UsageError(f"{file}: cannot be read ({error.strerror}); check the path") from error


def read_transaction(data: bytes) -> list[tuple[int, Fields]]:
    """Type and fields of the tagged records of a transaction, the Type-1 record first; binary ones have no fields.

    Raises:
        RowError: not a transaction, or a length or a separator in it is wrong.
    """
    first = _tagged(data, 0, 1)
    fields = _fields(data[first.begin : first.end], 1)
    counted = [part.split(_US) for part in fields.get(3, b"").split(_RS)]
    kinds = [_number(part[0]) for part in counted[1:]]  # the first part counts the others
    if len(kinds) > _MAX_RECORDS:
        raise RowError(f"more than {_MAX_RECORDS} records")
    found, place = [(1, fields)], first.end
    for kind in kinds:
        where = _binary(data, place, kind) if kind in _BINARY else _tagged(data, place, kind)
        found.append((kind, {} if kind in _BINARY else _fields(data[where.begin : where.end], kind)))
        place = where.end
    return found


def _tagged(data: bytes, begin: int, kind: int) -> _Place:
    """Its first field says how long the record is, the separator at its end included."""
    found = _LENGTH.match(data, begin)
    if found is None or not data.startswith(f"{kind}.".encode(), begin):
        raise RowError(f"no Type-{kind} record at byte {begin}")
    end = begin + int(found[1])
    if end > len(data) or end <= found.end() or data[end - 1 : end] != _FS:
        raise RowError(f"the length of the Type-{kind} record at byte {begin} is wrong")
    return _Place(kind, begin, end)


def _binary(data: bytes, begin: int, kind: int) -> _Place:
    length = int.from_bytes(data[begin : begin + 4], "big")
    if length < 5 or begin + length > len(data):
        raise RowError(f"the length of the Type-{kind} record at byte {begin} is wrong")
    return _Place(kind, begin, begin + length)


def _fields(record: bytes, kind: int) -> Fields:
    """Picture data may hold any byte, so it is what follows its tag to the end of the record."""
    fields: Fields = {}
    place, end = 0, len(record) - 1
    while place < end:
        tag = _TAG.match(record, place)
        if tag is None or int(tag[1]) != kind:
            raise RowError(f"a field of the Type-{kind} record has no tag")
        number = int(tag[2])
        stop = end if number == _DATA else record.find(_GS, tag.end(), end)
        stop = end if stop < 0 else stop
        begin = tag.end()
        if number == _DATA and (again := _DATA_AGAIN.match(record, begin)):
            begin = again.end()
        fields.setdefault(number, record[begin:stop])
        place = stop + 1
    return fields


def _number(text: bytes) -> int:
    if not (text.isdigit() and len(text) <= 2):
        raise RowError("field 1.003 does not tell the types of the records")
    return int(text)


def _subject(line: int, file: Path, records: list[tuple[int, Fields]], given: Given) -> Record:
    header = records[0][1]
    who = next((fields for kind, fields in records if kind == 2), {})
    faces = [fields for kind, fields in records if kind == 10 and _text(fields, 3).upper() == "FACE"]
    name, parted = _text(who, 18), "," in _text(who, 18)
    main = split_name(name) if parted else (name, "")
    control = _text(header, 9)
    sender = _text(header, 8)
    sex = _text(who, 24).upper()
    date = date_of(_text(who, 22))
    return Record(
        line,
        {
            "source": sender,
            "source_record": control or file.stem,
            "collected": date_of(_text(header, 5)),
            "primary_identifier": main[0],
            "secondary_identifier": main[1],
            "birth_date": date if date[:4].isdigit() else "",
            "sex": sex if sex in ("M", "F", "X") else "",
            "nationalities": ";".join(
                state_of(code) for code in _parts(who, 21) if code.isascii() and code.isalpha() and len(code) in (2, 3)
            ),
            "image": _extracted(file, faces, given),
        },
        names=tuple(split_name(alias) for alias in _parts(who, 19) if "," in alias),
    )


def _text(fields: Fields, number: int) -> str:
    """The first part of a field; ASCII, or UTF-8 where the sender says so."""
    return next(iter(_parts(fields, number)), "")


def _parts(fields: Fields, number: int) -> list[str]:
    parts = re.split(rb"[\x1e\x1f]", fields.get(number, b""))
    return [text for part in parts if (text := part.decode("utf-8", "replace").strip())]


def _extracted(file: Path, faces: list[Fields], given: Given) -> str:
    """Writes the first face to the folder for pictures, as it is; what it is gets found out in a confined process."""
    for face in faces:
        data = face.get(_DATA, b"")
        suffix = next((suffix for magic, suffix in _SUFFIXES.items() if data.startswith(magic)), "")
        if suffix and given.pictures is not None:
            name = f"{file.name}{suffix}"  # whole: two files of a folder may differ in their last part only
            (given.pictures / name).write_bytes(data)
            return name
    return ""
