"""What the two kinds of digital seals are made of: C40 text, days, lengths, and a signature of two numbers.

ICAO Doc 9303-13, 2; C40 by ISO/IEC 16022, 5.2.5, in which a space stands for the filler of an MRZ.
"""

from __future__ import annotations

import datetime as dt

from verify.document.tlv import MalformedError
from verify.document.trust import Certificate, SignatureState
from verify.document.trust.keys import PLAIN_ECDSA, Scheme, signature_state

__all__ = ["c40_text", "cut", "day", "der_length", "signed_by"]

_SHIFT2 = "!\"#$%&'()*+,-./:;<=>?@[\\]^_"
_SHIFT3 = "`ABCDEFGHIJKLMNOPQRSTUVWXYZ{|}~\x7f"
_BASIC = "   " + " 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_UNLATCH = 0xFE


def signed_by(signer: Certificate, message: bytes, signature: bytes) -> bool:
    """The digest goes with the size of the curve (Doc 9303-13, 2.4)."""
    try:
        key = signer.key
    except MalformedError:
        return False
    if key.curve is None:
        return False
    bits = key.curve.order.bit_length()
    digest = next(
        (name for name, size in (("sha224", 224), ("sha256", 256), ("sha384", 384)) if bits <= size), "sha512"
    )
    return signature_state(key, Scheme(PLAIN_ECDSA, digest), message, signature) is SignatureState.OK


def der_length(data: bytes, place: int) -> tuple[int, int]:
    """A length as DER writes it, and where the value begins."""
    head = cut(data, place, 1)[0]
    if head < 0x80:
        return head, place + 1
    count = head & 0x7F
    if not 1 <= count <= 2:
        raise MalformedError("made of parts of impossible length")
    length = int.from_bytes(cut(data, place + 1, count), "big")
    if length < (0x80 if count == 1 else 0x100):
        raise MalformedError("made of parts whose length is not written in the shortest way")
    return length, place + 1 + count


def c40_text(data: bytes) -> str:
    """Text from its C40 encoding: three characters in two bytes, FE before a last single one.

    Raises:
        MalformedError: a value that no character has.
    """
    text: list[str] = []
    shift = 0
    for place in range(0, len(data) - 1, 2):
        if data[place] == _UNLATCH:
            text.append(chr(data[place + 1] - 1) if data[place + 1] else "")
            continue
        number = (data[place] << 8 | data[place + 1]) - 1
        for value in (number // 1600, number // 40 % 40, number % 40):
            if not 0 <= value < 40:
                raise MalformedError("not encoded as C40")
            if shift == 0 and value < 3:
                shift = value + 1
                continue
            text.append(_character(shift, value))
            shift = 0
    return "".join(text)


def _character(shift: int, value: int) -> str:
    table = {0: _BASIC, 1: "", 2: _SHIFT2, 3: _SHIFT3}[shift]
    if shift == 1 and value < 32:
        return ""  # control characters, and the padding at the end
    if value >= len(table):
        raise MalformedError("not encoded as C40")
    return table[value]


def day(data: bytes) -> dt.date | None:
    """A day as the number MMDDYYYY (2.3.1)."""
    text = f"{int.from_bytes(data, 'big'):08d}"
    try:
        return dt.date(int(text[4:8]), int(text[:2]), int(text[2:4]))
    except ValueError:
        return None


def cut(data: bytes, start: int, length: int) -> bytes:
    """So many bytes from a place.

    Raises:
        MalformedError: there are fewer.
    """
    if start + length > len(data):
        raise MalformedError("cut off")
    return data[start : start + length]
