"""A chip dump: the EF files that a reader copied, in one zip. Nothing is unpacked to disk.

File identifiers and tags: ICAO Doc 9303-10, table 2 and section 4.7.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from verify.capture import FileRefusedError
from verify.document.tlv import MalformedError, tlv_at
from verify.model.outcome import Outcome

__all__ = ["COM", "GROUP_TAGS", "SOD", "ChipDump", "read_dump"]

_MAX_ENTRIES = 64
_MAX_FILE = 1 << 20  # an elementary file has at most 65,535 bytes, with extended length a little more
_MAX_TOTAL = 8 << 20
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_ZIP_ERRORS = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, IndexError, NotImplementedError,
)  # fmt: skip

COM, SOD = "EF.COM", "EF.SOD"
GROUP_TAGS = {
    0x61: 1, 0x75: 2, 0x63: 3, 0x76: 4, 0x65: 5, 0x66: 6, 0x67: 7, 0x68: 8, 0x69: 9, 0x6A: 10, 0x6B: 11, 0x6C: 12,
    0x6D: 13, 0x6E: 14, 0x6F: 15, 0x70: 16,
}  # fmt: skip
"""The outer tag of each data group's file."""

_TAGS = {0x60: COM, 0x77: SOD}
_BY_NAME = re.compile(r"(?:ef[._ -]?)?(?:(?:dg|data[._ -]?group)[._ -]?0*(?P<group>\d{1,2})|(?P<file>com|sod))", re.I)
_BY_IDENTIFIER = re.compile(r"(?:ef[._ -]?)?01(?P<file>[01][0-9a-f])", re.I)
_ANSWERS = {"aa_challenge": "challenge", "aa_response": "response"}


@dataclass(slots=True)
class ChipDump:
    """The files of one chip.

    Attributes:
        com, sod: empty when they were not given.
        groups: data groups by number.
        challenge, response: of Active Authentication, where the reader has kept them; empty otherwise.
        unrecognised: files that are none of these.
    """

    com: bytes = b""
    sod: bytes = b""
    groups: dict[int, bytes] = field(default_factory=dict)
    challenge: bytes = b""
    response: bytes = b""
    unrecognised: int = 0


def read_dump(data: bytes) -> ChipDump:
    """Reads a zip of EF files, within fixed limits.

    A file is known by its name (EF.DG1, DG1.bin, Datagroup1.bin, or its identifier: ef0101.bin), otherwise by the tag
    it begins with.

    Raises:
        FileRefusedError: it is no zip (unsupported), damaged, encrypted, too large for a chip, or holds a file twice.
    """
    dump = ChipDump()
    seen: set[str] = set()
    for name, content in _entries(data):
        what = _identified(name, content)
        if what in seen:
            raise FileRefusedError(Outcome.DAMAGED, f"holds {what} twice; put one chip into one file")
        if not what:
            dump.unrecognised += 1
            continue
        seen.add(what)
        if what == COM:
            dump.com = content
        elif what == SOD:
            dump.sod = content
        elif what.startswith("DG"):
            dump.groups[int(what[2:])] = content
        else:
            setattr(dump, what, content)
    if not dump.sod and not dump.groups:
        raise FileRefusedError(Outcome.UNSUPPORTED, "holds no file of a chip (EF.SOD, DG1 to DG16)")
    return dump


def _identified(name: str, content: bytes) -> str:
    """What a file is; empty when it is no file of a chip."""
    stem = name.replace("\\", "/").rpartition("/")[2]
    bare = stem.rpartition(".")[0] if stem.lower().endswith((".bin", ".dat", ".der", ".raw")) else stem
    if bare.lower() in _ANSWERS:
        return _ANSWERS[bare.lower()]
    if found := _BY_NAME.fullmatch(bare):
        number = found["group"]
        if number is None:
            return f"EF.{found['file'].upper()}"
        return f"DG{int(number)}" if 1 <= int(number) <= 16 else ""
    if found := _BY_IDENTIFIER.fullmatch(bare):
        number = int(found["file"], 16)
        return {0x1E: COM, 0x1D: SOD}.get(number, f"DG{number}" if 1 <= number <= 16 else "")
    try:
        tag = tlv_at(content).tag
    except MalformedError:
        return ""
    return _TAGS.get(tag) or (f"DG{GROUP_TAGS[tag]}" if tag in GROUP_TAGS else "")


def _entries(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The files of a zip, each read only as far as allowed, whatever its directory says of its size."""
    if not data.startswith(b"PK"):
        raise FileRefusedError(Outcome.UNSUPPORTED, "is no zip of EF files; pack the files of one chip into one zip")
    total = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [one for one in archive.infolist() if not one.is_dir()]
            if len(entries) > _MAX_ENTRIES:
                raise FileRefusedError(Outcome.TOO_LARGE, f"holds {len(entries)} files; a chip has at most 18")
            for one in entries:
                if one.flag_bits & _ENCRYPTED:
                    raise FileRefusedError(Outcome.ENCRYPTED, "needs a password; save it without one")
                if one.compress_type not in _METHODS:
                    raise FileRefusedError(Outcome.UNSUPPORTED, "is packed by a method that is not read; use deflate")
                with archive.open(one) as stream:
                    content = stream.read(_MAX_FILE + 1)
                total += len(content)
                if len(content) > _MAX_FILE or total > _MAX_TOTAL:
                    raise FileRefusedError(Outcome.TOO_LARGE, "holds more than any chip does")
                yield one.filename, content
    except _ZIP_ERRORS as error:
        raise FileRefusedError(Outcome.DAMAGED, f"is no whole zip ({type(error).__name__}); copy it again") from error
    except RuntimeError as error:  # what zipfile raises for passwords
        raise FileRefusedError(Outcome.ENCRYPTED, "needs a password; save it without one") from error
