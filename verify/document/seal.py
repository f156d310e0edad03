"""Visible digital seals: header, message, signature (ICAO Doc 9303-13, 2; BSI TR-03137-1).

    DC version state signer-and-reference two-days type | tag length value ... | FF length signature

Text is packed by C40 (ISO/IEC 16022, 5.2.5), in which a space stands for the filler of an MRZ. The signature is ECDSA
with r and s side by side over all that stands before it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from verify.document import seal_barcode
from verify.document.mrz import parse
from verify.document.seal_coding import c40_text, cut, day, der_length, signed_by
from verify.document.tlv import MalformedError
from verify.document.trust import TrustStore
from verify.model.mrz import MrzResult
from verify.model.seal import SealReading, SealState

__all__ = ["ENGINE", "MAGIC", "c40_text", "read_seal"]

MAGIC = 0xDC
ENGINE = "visible digital seal"
_VERSIONS = {2: 3, 3: 4}  # raw byte: version
_SIGNATURE = 0xFF
_MAX_BYTES = 4096

# document feature definition reference and document type category (BSI TR-03137-2, Doc 9303-13 annexes): name, then
# tag: (field, coding). "zone" is an MRZ, "c40" and "utf8" are text; of everything else only the length is told.
_ZONE, _NUMBER, _PASSPORT = ("MRZ", "zone"), ("document number", "c40"), ("passport number", "c40")
_TYPES: dict[int, tuple[str, dict[int, tuple[str, str]]]] = {
    0xFD02: ("arrival attestation", {2: _ZONE, 3: ("register number", "c40")}),
    0xF908: ("address sticker of an identity card", {1: _NUMBER, 2: ("municipality", "c40"), 3: ("address", "c40")}),
    0xF80A: ("address sticker of a passport", {1: _NUMBER, 2: ("municipality", "c40"), 3: ("postal code", "c40")}),
    0x01FE: ("document under aliens law", {2: _ZONE, 3: _PASSPORT, 4: ("register number", "c40")}),
    0xF50C: ("certificate of fictional residence", {2: _ZONE, 3: _PASSPORT, 4: ("register number", "c40")}),
    0x5E03: ("emergency travel document", {2: _ZONE}),
    0x5D01: ("visa", {1: _ZONE, 2: _ZONE, 3: ("entries", "number"), 5: _PASSPORT}),
    0xFB06: ("residence permit", {2: _ZONE, 3: _PASSPORT}),
    0xFC04: (
        "social insurance card",
        {1: ("insurance number", "c40"), 2: ("surname", "utf8"), 3: ("first name", "utf8"), 4: ("birth name", "utf8")},
    ),
    0xFA06: ("supplementary sheet of a residence permit", {4: _ZONE, 5: ("sheet number", "c40")}),
    0xF60D: ("provisional passport", {2: _ZONE}),
    0xF70B: ("provisional identity card", {2: _ZONE}),
    0xF48F: ("certificate of permanent residence", {1: _NUMBER, 2: _PASSPORT}),
}


@dataclass(frozen=True, slots=True)
class _Header:
    version: int
    issuing_state: str
    signer: str
    reference: str
    issued: dt.date | None
    signed: dt.date | None
    kind: int
    end: int


def read_seal(data: bytes, trust: TrustStore, *, reference_date: dt.date) -> SealReading | None:
    """Reads a seal and compares its signature with its signer's key.

    Args:
        data: content of the code.
        trust: whom this site trusts.
        reference_date: the day of inspection, to resolve centuries of its MRZ.

    Returns:
        The seal, also when it is malformed; None when the content does not begin as a seal does.
    """
    if seal_barcode.is_barcode_seal(data):
        return seal_barcode.read_barcode_seal(data, trust, reference_date=reference_date)
    if not data or data[0] != MAGIC:
        return None
    try:
        if len(data) > _MAX_BYTES:
            raise MalformedError("longer than any code")
        header = _header(data)
        values, signature, end = _message(data, header.end)
    except MalformedError as error:
        return SealReading(SealState.MALFORMED, f"the seal is {error}")
    name, specs = _TYPES.get(header.kind, ("", {}))
    fields = tuple(_fields(values, specs))
    reading = SealReading(
        SealState.SIGNATURE_MISSING,
        version=header.version,
        issuing_state=header.issuing_state,
        signer_reference=f"{header.signer} {header.reference}",
        issued=header.issued,
        signed=header.signed,
        document_type=name,
        fields=fields,
        mrz=_mrz(next((value for one, value in fields if one == "MRZ"), ""), reference_date),
    )
    return _compared(reading, header, data[:end], signature, trust) if signature else reading


def _compared(
    reading: SealReading, header: _Header, message: bytes, signature: bytes, trust: TrustStore
) -> SealReading:
    state, chosen = SealState.SIGNER_UNKNOWN, None
    for signer in trust.seal_signers(header.signer[:2], header.signer[2:], header.reference):
        chosen = signer
        if signed_by(signer, message, signature):
            state = SealState.SIGNATURE_OK
            break
        state = SealState.SIGNATURE_BAD
    if chosen is None:
        return replace(reading, state=state)
    return replace(reading, state=state, signer=chosen.facts, trust_source=trust.chain(chosen).source)


def _header(data: bytes) -> _Header:
    """The header (2.2): version 3 has a certificate reference of five characters, version 4 one of a given length."""
    version = _VERSIONS.get(data[1] if len(data) > 1 else 0)
    if version is None:
        raise MalformedError("of a version that is none of ours")
    state, identifier = c40_text(cut(data, 2, 2)).strip(), c40_text(cut(data, 4, 4))
    if version == 3:
        reference, end = identifier[4:] + c40_text(cut(data, 8, 2)), 10
    else:
        length = _reference_length(identifier)
        end = 8 + (length + 2) // 3 * 2
        reference = c40_text(cut(data, 8, end - 8))[:length]
    days = [day(cut(data, end + offset, 3)) for offset in (0, 3)]
    kind = int.from_bytes(cut(data, end + 6, 2), "big")
    return _Header(version, state, identifier[:4], reference.strip(), days[0], days[1], kind, end + 8)


def _reference_length(identifier: str) -> int:
    """Two hexadecimal digits (2.2.1); one authority writes its 40 characters as a decimal number."""
    try:
        length = int(identifier[4:6], 16)
    except ValueError as error:
        raise MalformedError("without the length of its certificate reference") from error
    return 40 if length == 0x40 else length


def _message(data: bytes, place: int) -> tuple[list[tuple[int, bytes]], bytes, int]:
    """The values by tag, the signature (empty when there is none), and where the signed bytes end.

    Lengths are those of DER by BSI TR-03137-1; some seals write one plain byte, as Doc 9303-13 may be read.
    """
    try:
        return _parts(data, place, plain=False)
    except MalformedError:
        return _parts(data, place, plain=True)


def _parts(data: bytes, place: int, *, plain: bool) -> tuple[list[tuple[int, bytes]], bytes, int]:
    values: list[tuple[int, bytes]] = []
    while place < len(data):
        tag = data[place]
        length, body = (cut(data, place + 1, 1)[0], place + 2) if plain else der_length(data, place + 1)
        value = cut(data, body, length)
        if tag == _SIGNATURE:
            if body + length != len(data):
                raise MalformedError("followed by more bytes than its signature")
            return values, value, place
        values.append((tag, value))
        place = body + length
    return values, b"", len(data)


def _fields(values: list[tuple[int, bytes]], specs: dict[int, tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for tag, value in values:
        name, coding = specs.get(tag, (f"tag {tag:02x}", ""))
        try:
            if coding == "zone":
                yield name, c40_text(value).rstrip().replace(" ", "<")
            elif coding == "c40":
                yield name, c40_text(value).strip()
            elif coding == "utf8":
                yield name, value.decode("utf-8")
            elif coding == "number":
                yield name, str(int.from_bytes(value, "big"))
            else:
                yield name, f"{len(value)} bytes"
        except ValueError:
            yield name, ""


def _mrz(zone: str, reference_date: dt.date) -> MrzResult | None:
    """The lines of a zone in a seal: two of 36; of a visa the first, and 28 characters of the second."""
    visa = zone.startswith("V")
    width = 44 if visa and len(zone) > 36 + 28 else 36
    if len(zone) <= width:
        return None
    lines = [zone[:width], zone[width : width + (28 if visa else 36)].ljust(width, "<")]
    try:
        return parse(lines, reference_date=reference_date, engine=ENGINE)
    except ValueError:
        return None
