"""Digital seals of the newer kind, ICAO's data structure for barcodes: text in any code that holds text.

    RDB1 flags | base 32 of: state, algorithm, reference, day | 61 length messages | 7E certificate | 7F signature

The flags tell whether it is signed and whether it is compressed. The signer is known by the last five bytes of the
SHA-1 of its certificate; ECDSA with r and s side by side goes over header and messages. ICAO Technical Report "ICAO
Datastructure for Barcode"; read against the specimens of vdstools.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import replace

from verify.document.mrz import parse
from verify.document.seal_coding import c40_text, cut, day, der_length, signed_by
from verify.document.tlv import MalformedError
from verify.document.trust import TrustStore
from verify.model.mrz import MrzResult
from verify.model.seal import SealReading, SealState

__all__ = ["ENGINE", "is_barcode_seal", "read_barcode_seal"]

ENGINE = "digital seal (barcode)"
_BEGINS = (b"NDB1", b"RDB1")
_MAX_BYTES = 4096
_SIGNED, _COMPRESSED = 1, 2
_MESSAGES, _SIGNER, _SIGNATURE = 0x61, 0x7E, 0x7F
_REFERENCE = 5  # bytes

# messages: document type, empty where it tells none; then field, coding. "group" holds messages of its own.
_VISA = {
    1: ("MRZ", "44+28"), 2: ("MRZ", "36+28"), 3: ("entries", "number"), 5: ("passport number", "c40"),
}  # fmt: skip
_TYPES: dict[int, tuple[str, dict[int, tuple[str, str]]]] = {
    1: ("visa", _VISA),
    2: ("emergency travel document", {2: ("MRZ", "36+36")}),
}
_FIELDS = {
    7: ("MRZ", "30+30+30"), 8: ("MRZ", "44+44"), 129: ("MRZ", "36+36"), 130: ("document reference", "c40"),
    131: ("register number", "c40"), 132: ("expiry date", "day"), 133: ("document number", "c40"),
}  # fmt: skip


def is_barcode_seal(data: bytes) -> bool:
    """Whether the content of a code begins as such a seal does."""
    return data[:4] in _BEGINS


def read_barcode_seal(data: bytes, trust: TrustStore, *, reference_date: dt.date) -> SealReading:
    """Reads a seal and compares its signature with its signer's key; arguments as of `seal.read_seal`."""
    try:
        body, signed = _body(data)
        return _read(body, trust, reference_date, signed=signed)
    except MalformedError as error:
        return SealReading(SealState.MALFORMED, f"the seal is {error}")


def _body(data: bytes) -> tuple[bytes, bool]:
    """The bytes behind the flags, and whether they are signed."""
    if len(data) > 2 * _MAX_BYTES:
        raise MalformedError("longer than any code")
    flags = cut(data, 4, 1)[0] - ord("A")
    if flags not in range(_SIGNED + _COMPRESSED + 1):
        raise MalformedError("of a kind that is none of ours")
    text = data[5:]
    try:
        body = base64.b32decode(text + b"=" * (-len(text) % 8))
    except binascii.Error as error:
        raise MalformedError("not written in base 32") from error
    if base64.b32encode(body).rstrip(b"=") != text:
        raise MalformedError("not written in base 32 as it should be")
    if flags & _COMPRESSED:
        opened = zlib.decompressobj()
        try:
            body = opened.decompress(body, _MAX_BYTES + 1)
        except zlib.error as error:
            raise MalformedError("compressed and cannot be opened") from error
        if not opened.eof or opened.unused_data:
            raise MalformedError("compressed and not whole, or longer than any code")
    return body, bool(flags & _SIGNED)


def _read(body: bytes, trust: TrustStore, reference_date: dt.date, *, signed: bool) -> SealReading:
    state = c40_text(cut(body, 0, 2)).strip()
    reference, place = (cut(body, 3, _REFERENCE), 12) if signed else (b"", 2)
    parts = dict(_elements(body, place))
    if _MESSAGES not in parts or set(parts) - {_MESSAGES, _SIGNER, _SIGNATURE} or signed is not (_SIGNATURE in parts):
        raise MalformedError("without its messages or its signature, or followed by something else")
    start, group = parts[_MESSAGES]
    name, fields, mrz = _told(list(_elements(group, 0)), reference_date)
    reading = SealReading(
        SealState.SIGNATURE_MISSING,
        version=1,
        issuing_state=state,
        signer_reference=reference.hex().upper(),
        signed=_masked(cut(body, 8, 4)) if signed else None,
        document_type=name,
        fields=fields,
        mrz=mrz,
    )
    if not signed:
        return reading
    return _compared(reading, body[: start + len(group)], parts[_SIGNATURE][1], reference, trust)


def _compared(
    reading: SealReading, message: bytes, signature: bytes, reference: bytes, trust: TrustStore
) -> SealReading:
    """The certificate that a seal brings along is not looked at: nobody vouches for it."""
    reading = replace(reading, state=SealState.SIGNER_UNKNOWN)
    for signer in trust.signers():
        if hashlib.sha1(signer.der, usedforsecurity=False).digest().endswith(reference):
            sound = signed_by(signer, message, signature)
            state = SealState.SIGNATURE_OK if sound else SealState.SIGNATURE_BAD
            reading = replace(reading, state=state, signer=signer.facts, trust_source=trust.chain(signer).source)
            if sound:
                break
    return reading


def _elements(data: bytes, place: int) -> Iterator[tuple[int, tuple[int, bytes]]]:
    """(tag, (where its value begins, value)) of each element, none of them twice."""
    seen = set()
    while place < len(data):
        tag = data[place]
        if tag in seen:
            raise MalformedError("made of parts that stand in it twice")
        seen.add(tag)
        length, body = der_length(data, place + 1)
        yield tag, (body, cut(data, body, length))
        place = body + length


def _told(
    messages: list[tuple[int, tuple[int, bytes]]], reference_date: dt.date
) -> tuple[str, tuple[tuple[str, str], ...], MrzResult | None]:
    """Type of the document, fields and zone."""
    name, fields, mrz = "", list[tuple[str, str]](), None
    for tag, (_place, value) in messages:
        kind, specs = _TYPES.get(tag, ("", {}))
        name = name or kind
        inner = list(_elements(value, 0)) if kind else [(tag, (0, value))]
        for number, (_at, content) in inner:
            field, coding = (specs if kind else _FIELDS).get(number, (f"tag {number:02x}", ""))
            fields.append((field, _value(content, coding)))
            if field == "MRZ" and mrz is None:
                mrz = _zone(fields[-1][1], coding, reference_date)
    return name, tuple(fields), mrz


def _value(content: bytes, coding: str) -> str:
    if coding == "c40":
        return c40_text(content).strip()
    if coding == "number":
        return str(int.from_bytes(content, "big"))
    if coding == "day":
        found = _masked(content)
        return found.isoformat() if found else ""
    if coding:
        return c40_text(content).rstrip().replace(" ", "<")
    return f"{len(content)} bytes"


def _masked(data: bytes) -> dt.date | None:
    """A day behind a byte that tells which of its digits are not known; None where any is not."""
    return day(data[1:]) if len(data) == 4 and data[0] == 0 else None


def _zone(text: str, coding: str, reference_date: dt.date) -> MrzResult | None:
    """The lines of a zone; of a visa 28 characters of the second are sealed as a rule."""
    whole = len(text) > sum(map(int, coding.split("+")))
    lengths = [int(one) for one in ("44+44" if whole else coding).split("+")]
    lines, place = [], 0
    for length in lengths:
        lines.append(text[place : place + length].ljust(max(lengths), "<"))
        place += length
    try:
        return parse(lines, reference_date=reference_date, engine=ENGINE)
    except ValueError:
        return None
