"""The portrait of DG2: ISO/IEC 19794-5 (header of fixed places) and ISO/IEC 39794-5 (ASN.1), in a CBEFF wrapping.

ICAO Doc 9303-10, 4.7.2. The image itself is JPEG or JPEG 2000, told by its own first bytes and decoded within limits.
Decoding JPEG 2000 is most of what a dump costs. OpenCV gives the same pixels as Pillow in half the time but does not
tell damage, so it decodes only what the signed digest says is whole.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from verify.capture import Decoded, FileRefusedError, decode
from verify.document.tlv import MalformedError, Tlv, first, tlv_at, walk
from verify.model.chip import ChipPortrait
from verify.settings import Limits

__all__ = ["read_portrait"]

_MAGIC = {b"\xff\xd8\xff": "JPEG", b"\0\0\0\x0cjP  ": "JPEG2000", b"\xff\x4f\xff\x51": "JPEG2000"}
_FACIAL_RECORD = struct.Struct(">4s4sIH")  # "FAC", version, length of the record, number of faces
_FACE_BLOCK = struct.Struct(">IH14x")  # length of the block, number of feature points; 20 bytes in all
_IMAGE_BLOCK = struct.Struct(">BBHHBBHH")  # type, data type, width, height, colour, source, device, quality
_FEATURE = 8  # bytes of a feature point
_DATA_TYPES = {0: "JPEG", 1: "JPEG2000"}


@dataclass(frozen=True, slots=True)
class _Found:
    standard: str
    image: bytes
    declared_kind: str = ""
    declared_size: tuple[int, int] | None = None
    irregularities: tuple[str, ...] = ()


def read_portrait(dg2: bytes, limits: Limits, *, whole: bool = False) -> tuple[ChipPortrait, NDArray[np.uint8] | None]:
    """Reads the first portrait of DG2.

    Args:
        dg2: the file.
        limits: for decoding the image.
        whole: its digest is the signed one.

    Returns:
        What header and image say, and the image (H x W x 3, RGB); None when it does not decode.

    Raises:
        MalformedError: no portrait is found in it.
    """
    found = _found(dg2)
    kind = _kind(found.image)
    try:
        decoded = decode(found.image, limits)
        page = _quickly(found.image, decoded, limits) if whole and kind == "JPEG2000" else None
        page = next(decoded.pages) if page is None else page
    except FileRefusedError as refused:
        irregular = (*found.irregularities, f"the image {refused}")
        facts = ChipPortrait(found.standard, kind, found.declared_kind, found.declared_size, None, irregular)
        return facts, None
    size = (page.shape[1], page.shape[0])
    facts = ChipPortrait(found.standard, kind, found.declared_kind, found.declared_size, size, found.irregularities)
    return facts, page


def _quickly(image: bytes, opened: Decoded, limits: Limits) -> NDArray[np.uint8] | None:
    """The pixels by OpenCV; None where the header's size is beyond the limits, or not what comes of it."""
    width, height = opened.traces.size or (0, 0)
    if width * height > limits.max_pixels or max(width, height) > limits.max_side:
        return None
    try:
        pixels = cv2.imdecode(np.frombuffer(image, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:
        return None
    if pixels is None or pixels.shape[:2] != (height, width):
        return None
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB), dtype=np.uint8)


def _kind(image: bytes) -> str:
    return next((kind for magic, kind in _MAGIC.items() if image.startswith(magic)), "")


def _found(dg2: bytes) -> _Found:
    whole = tlv_at(dg2, cut=True)
    if whole.tag != 0x75:
        raise MalformedError("DG2 begins with another tag than 75")
    group = first(whole, 0x7F61)
    template = first(group, 0x7F60) if group else None
    if template is None:
        raise MalformedError("DG2 holds no biometric template")
    block = first(template, 0x5F2E) or first(template, 0x7F2E)
    if block is None:
        raise MalformedError("DG2 holds no biometric data")
    return _fixed(block.value) if block.value.startswith(b"FAC\0") else _nested(block)


def _fixed(record: bytes) -> _Found:
    """ISO/IEC 19794-5:2005, section 5: the lengths in it are told where they do not add up, and not relied on."""
    try:
        _magic, _version, length, faces = _FACIAL_RECORD.unpack_from(record)
        block_length, features = _FACE_BLOCK.unpack_from(record, _FACIAL_RECORD.size)
        place = _FACIAL_RECORD.size + _FACE_BLOCK.size + features * _FEATURE
        _type, data_type, width, height, *_rest = _IMAGE_BLOCK.unpack_from(record, place)
    except struct.error as error:
        raise MalformedError("the facial record is cut off within its header") from error
    irregular = []
    if length != len(record):
        irregular.append(f"the record says {length} bytes and has {len(record)}")
    if faces != 1:
        irregular.append(f"the record says {faces} faces")
    end = _FACIAL_RECORD.size + block_length
    if not place + _IMAGE_BLOCK.size < end <= len(record) or (faces == 1 and end != len(record)):
        irregular.append(f"the facial block says {block_length} bytes, which do not fit the record")
        end = len(record)
    image = record[place + _IMAGE_BLOCK.size : end]
    if not _kind(image):
        # the header's lengths are a byte or eight off in some: the image is where it begins
        starts = [at for magic in _MAGIC if (at := record.find(magic, _FACIAL_RECORD.size)) >= 0]
        if not starts:
            raise MalformedError("the facial record holds no JPEG or JPEG 2000 image")
        irregular.append("the image does not begin where the header says")
        image = record[min(starts) :]
    declared = _DATA_TYPES.get(data_type, f"type {data_type}")
    return _Found("ISO/IEC 19794-5", image, declared, (width, height), tuple(irregular))


def _nested(block: Tlv) -> _Found:
    """ISO/IEC 39794-5: the first element of the tree that is an image."""
    for one in walk(block):
        if not one.constructed and _kind(one.value):
            return _Found("ISO/IEC 39794-5", one.value)
    raise MalformedError("the biometric data hold no JPEG or JPEG 2000 image")
