"""Tag, length, value: the encoding of chip files and certificates, read within bounds.

ISO/IEC 7816-4 (BER-TLV of chip files) and X.690 (DER of certificates). Nothing here recurses deeper than it is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["MalformedError", "Tlv", "children", "first", "is_der", "tlv_at", "walk"]

_MAX_DEPTH = 24
_MAX_NODES = 20_000
_CONSTRUCTED = 0x20


class MalformedError(ValueError):
    """Bytes that do not follow their encoding; the message says where, never what they hold."""


@dataclass(frozen=True, slots=True)
class Tlv:
    """One element of `data`.

    Attributes:
        tag: all its bytes as one number, e.g. 0x61 or 0x5F1F.
        start, body, end: offsets of the tag, of the value and behind the value.
        constructed: the value is made of elements.
    """

    data: bytes
    tag: int
    start: int
    body: int
    end: int
    constructed: bool

    @property
    def value(self) -> bytes:
        """The value."""
        return self.data[self.body : self.end]

    @property
    def encoded(self) -> bytes:
        """Tag, length and value."""
        return self.data[self.start : self.end]


def tlv_at(data: bytes, start: int = 0, end: int | None = None, *, cut: bool = False) -> Tlv:
    """The element that begins at `start`.

    Args:
        data: that holds it.
        start: offset of its tag.
        end: where the data ends; None for its length.
        cut: let a value that is longer than the data end with the data.

    Raises:
        MalformedError: it has no whole tag or length, an indefinite length, or goes beyond the end.
    """
    stop = len(data) if end is None else end
    if start >= stop:
        raise MalformedError(f"no element at byte {start}")
    head = data[start]
    tag, place = head, start + 1
    if head & 0x1F == 0x1F:
        while True:
            if place >= stop or place > start + 3:
                raise MalformedError(f"the tag at byte {start} does not end")
            tag = tag << 8 | data[place]
            place += 1
            if not data[place - 1] & 0x80:
                break
    if place >= stop:
        raise MalformedError(f"the element at byte {start} has no length")
    length = data[place]
    place += 1
    if length & 0x80:
        count = length & 0x7F
        if not 1 <= count <= 4 or place + count > stop:
            raise MalformedError(f"the length at byte {place - 1} is indefinite, too long or cut off")
        length = int.from_bytes(data[place : place + count], "big")
        place += count
    if place + length > stop and not cut:
        raise MalformedError(f"the element at byte {start} goes beyond the end")
    return Tlv(data, tag, start, place, min(stop, place + length), bool(head & _CONSTRUCTED))


def children(parent: Tlv) -> Iterator[Tlv]:
    """The elements that a value is made of.

    Raises:
        MalformedError: on the way, where one does not follow its encoding.
    """
    place = parent.body
    for _ in range(_MAX_NODES):
        if place >= parent.end:
            return
        one = tlv_at(parent.data, place, parent.end)
        yield one
        place = one.end
    raise MalformedError("more elements than any chip file has")


def first(parent: Tlv, tag: int) -> Tlv | None:
    """The first element with that tag within a value, None when there is none."""
    return next((one for one in children(parent) if one.tag == tag), None)


def walk(parent: Tlv, depth: int = _MAX_DEPTH) -> Iterator[Tlv]:
    """All elements within a value, outer before inner.

    Raises:
        MalformedError: one does not follow its encoding, or they are nested too deeply.
    """
    if depth == 0:
        raise MalformedError("elements are nested too deeply")
    for one in children(parent):
        yield one
        if one.constructed:
            yield from walk(one, depth - 1)


def is_der(data: bytes) -> bool:
    """Whether bytes are exactly one element, with the shortest lengths throughout (X.690, 10.1)."""
    try:
        return tlv_at(data).end == len(data) and _is_shortest(data, 0, len(data), _MAX_DEPTH)
    except MalformedError:
        return False


def _is_shortest(data: bytes, place: int, stop: int, depth: int) -> bool:
    """Whether elements in their shortest form fill a place exactly; without making a record of each, for its speed."""
    while place < stop:
        constructed = data[place] & _CONSTRUCTED
        place += _tag_bytes(data, place)
        if place >= stop:
            return False
        length, place = data[place], place + 1
        if length & 0x80:
            count = length & 0x7F
            length = int.from_bytes(data[place : place + count], "big")
            if not 1 <= count <= 4 or length < (0x80 if count == 1 else 1 << 8 * (count - 1)):
                return False
            place += count
        if place + length > stop or (
            constructed and not (depth and _is_shortest(data, place, place + length, depth - 1))
        ):
            return False
        place += length
    return True


def _tag_bytes(data: bytes, place: int) -> int:
    """How many bytes the tag at a place has."""
    if data[place] & 0x1F != 0x1F:
        return 1
    more = data[place + 1 : place + 4]
    return next((count for count, byte in enumerate(more, start=2) if not byte & 0x80), len(more) + 2)
