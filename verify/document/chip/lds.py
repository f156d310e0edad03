"""The files of the logical data structure that hold text: EF.COM, DG1, DG11, DG12, DG14, DG15 (ICAO Doc 9303-10, 4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from asn1crypto import core, keys

from verify.document.chip.dump import GROUP_TAGS
from verify.document.tlv import MalformedError, Tlv, children, first, tlv_at
from verify.document.trust.certificate import parsed
from verify.document.trust.keys import PublicKey, public_key
from verify.model.chip import ChipDetails

__all__ = ["Common", "authentication_key", "common", "details", "mrz_lines", "protocols"]

_MEASURES = {90: 30, 72: 36, 88: 44}  # characters of a zone, and of one of its lines
_PROTOCOLS = {
    "0.4.0.127.0.7.2.2.1.1": "public key for chip authentication (DH)",
    "0.4.0.127.0.7.2.2.1.2": "public key for chip authentication (ECDH)",
    "0.4.0.127.0.7.2.2.2": "terminal authentication",
    "2.23.136.1.1.5": "active authentication",
}
_PROTOCOL_FAMILIES = {"0.4.0.127.0.7.2.2.3.": "chip authentication", "0.4.0.127.0.7.2.2.4.": "PACE"}
_MAX_TEXT = 400


@dataclass(frozen=True, slots=True)
class Common:
    """EF.COM: the LDS version, e.g. "1.7", and the numbers of the data groups it lists."""

    version: str
    groups: frozenset[int]


def _outer(data: bytes, tag: int) -> Tlv:
    whole = tlv_at(data)
    if whole.tag != tag:
        raise MalformedError(f"begins with another tag than {tag:02X}")
    return whole


def common(data: bytes) -> Common:
    """EF.COM (4.6.1).

    Raises:
        MalformedError: it does not follow its encoding.
    """
    whole = _outer(data, 0x60)
    version, listed = first(whole, 0x5F01), first(whole, 0x5C)
    if listed is None:
        raise MalformedError("has no list of data groups")
    text = _ascii(version.value) if version else ""
    told = f"{int(text[:2])}.{int(text[2:])}" if len(text) == 4 and text.isdecimal() else ""
    return Common(told, frozenset(GROUP_TAGS[tag] for tag in listed.value if tag in GROUP_TAGS))


def mrz_lines(data: bytes) -> list[str]:
    """The lines of DG1 (4.7.1).

    Raises:
        MalformedError: it holds no zone of any format.
    """
    zone = first(_outer(data, 0x61), 0x5F1F)
    text = _ascii(zone.value) if zone else ""
    width = _MEASURES.get(len(text))
    if width is None:
        raise MalformedError("holds no zone with the measures of any format")
    return [text[start : start + width] for start in range(0, len(text), width)]


def details(dg11: bytes, dg12: bytes) -> ChipDetails:
    """DG11 and DG12 (4.7.11 and 4.7.12); either may be empty. Only what checks compare is taken.

    Raises:
        MalformedError: one that is given does not follow its encoding.
    """
    person = _fields(dg11, 0x6B)
    document = _fields(dg12, 0x6C)
    born, born_text = _date(person.get(0x5F2B, b""))
    issued, _issued_text = _date(document.get(0x5F26, b""))
    return ChipDetails(
        full_name=_text(person.get(0x5F0E, b"")),
        birth_date=born,
        birth_date_text=born_text,
        place_of_birth=_text(person.get(0x5F11, b"")),
        issuing_authority=_text(document.get(0x5F19, b"")),
        issue_date=issued,
    )


def _fields(data: bytes, tag: int) -> dict[int, bytes]:
    return {one.tag: one.value for one in children(_outer(data, tag))} if data else {}


def _text(value: bytes) -> str:
    """UTF-8 by the standard; some issuers write Latin-1."""
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        text = value.decode("latin-1")
    return "".join(letter for letter in text if letter.isprintable())[:_MAX_TEXT].strip()


def _date(value: bytes) -> tuple[dt.date | None, str]:
    """CCYYMMDD, as digits or packed two to a byte; 00 where day or month are not known."""
    text = value.hex() if len(value) == 4 else _ascii(value) if len(value) == 8 else ""
    if len(text) != 8 or not text.isdecimal():
        return None, ""
    try:
        return dt.date(int(text[:4]), int(text[4:6]), int(text[6:])), text
    except ValueError:
        return None, text


def protocols(dg14: bytes) -> tuple[str, ...]:
    """What DG14 offers, in words, each once (Doc 9303-11, 9.2: SecurityInfos).

    Raises:
        MalformedError: it does not follow its encoding.
    """
    return tuple(dict.fromkeys(_protocols(_outer(dg14, 0x6E))))


def _protocols(whole: Tlv) -> Iterator[str]:
    for infos in children(whole):
        for one in children(infos):
            identifier = first(one, 0x06)
            if identifier is None:
                continue
            encoded = identifier.encoded
            oid = parsed(lambda encoded=encoded: core.ObjectIdentifier.load(encoded).dotted)  # type: ignore[misc]
            family = next((name for start, name in _PROTOCOL_FAMILIES.items() if oid.startswith(start)), "")
            if name := _PROTOCOLS.get(oid, family):
                yield name


def authentication_key(dg15: bytes) -> PublicKey:
    """The public key for Active Authentication in DG15 (4.7.15).

    Raises:
        MalformedError: it holds none that is used.
    """
    value = _outer(dg15, 0x6F).value
    return parsed(lambda: public_key(keys.PublicKeyInfo.load(value, strict=True)))


def _ascii(value: bytes) -> str:
    return value.decode("ascii") if value.isascii() else ""
