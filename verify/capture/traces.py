"""What an image or a PDF says of its own making: read beside the pixels, in the same confined process, within bounds.

XMP is searched for two names and never parsed as XML, so that no entity of it is ever expanded.
"""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, JpegImagePlugin

from verify.model.traces import Traces

__all__ = ["traces_of_image", "traces_of_pdf", "with_page"]

_MOST_NAMES = 8
_LONGEST = 100  # characters of a name
_MOST_XMP = 1 << 18  # bytes that are searched
_SIDE = 256  # pixels of the longer side on which colour is measured
_SOFTWARE, _MAKE, _MODEL, _EXIF, _WIDTH, _HEIGHT = 0x0131, 0x010F, 0x0110, 0x8769, 0xA002, 0xA003  # tags of EXIF
_IN_XMP = re.compile(rb"(?:xmp:CreatorTool|stEvt:softwareAgent|pdf:Producer)(?:=\"|>)([^\"<]{1,200})")
_IN_TEXT = ("Software", "Creator", "software")
_IN_PDF = ("Producer", "Creator")
# what Pillow's readers of metadata raise on damaged bytes
_ERRORS = (OSError, SyntaxError, ValueError, KeyError, TypeError, EOFError, IndexError, struct.error, Warning)

_Page = NDArray[np.uint8]

# ITU-T T.81, annex K: the tables that the common library scales by its quality, in the order of rows
_LUMINANCE = (
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51,
    87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101,
    72, 92, 95, 98, 112, 100, 103, 99,
)  # fmt: skip


def traces_of_image(image: Image.Image) -> Traces:
    """The metadata of an opened image; what cannot be read of them is left out."""
    try:
        exif = _exif(image)
        inner = exif.get_ifd(_EXIF)
    except _ERRORS:
        exif, inner = Image.Exif(), {}
    device = " ".join(_text(exif.get(tag)) for tag in (_MAKE, _MODEL)).strip()
    return Traces(
        software=_names([_text(exif.get(_SOFTWARE)), *_of_image(image)]),
        device=device[:_LONGEST],
        stated_size=_size(inner.get(_WIDTH), inner.get(_HEIGHT)),
        size=image.size,
        jpeg_quality=_quality(image),
    )


def traces_of_pdf(metadata: dict[str, str]) -> Traces:
    """The names that the information dictionary of a PDF gives."""
    return Traces(software=_names(metadata.get(name, "") for name in _IN_PDF))


def with_page(traces: Traces, page: _Page) -> Traces:
    """The same traces, with what the pixels of the first page add to them."""
    scale = min(1.0, _SIDE / max(page.shape[:2]))
    size = max(1, round(page.shape[1] * scale)), max(1, round(page.shape[0] * scale))
    small = np.asarray(cv2.resize(page, size, interpolation=cv2.INTER_AREA), dtype=np.int16)
    chroma = float(np.percentile(small.max(axis=2) - small.min(axis=2), 99))
    digest = hashlib.sha256(repr(page.shape).encode())
    digest.update(np.ascontiguousarray(page).data)
    return replace(traces, chroma=round(chroma, 1), pixels_sha256=digest.hexdigest())


def _exif(image: Image.Image) -> Image.Exif:
    """Of a PNG what stands before its pixels: to look behind them Pillow loads them, and damage is then not told."""
    if image.format != "PNG":
        return image.getexif()
    exif = Image.Exif()
    exif.load(image.info.get("exif", b""))
    return exif


def _size(width: object, height: object) -> tuple[int, int] | None:
    if isinstance(width, int) and isinstance(height, int) and min(width, height) > 0:
        return width, height
    return None


def _of_image(image: Image.Image) -> Iterator[str]:
    for name in _IN_TEXT:
        yield _text(image.info.get(name))
    xmp = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    data = xmp.encode("utf-8", "replace") if isinstance(xmp, str) else bytes(xmp) if isinstance(xmp, bytes) else b""
    for found in _IN_XMP.finditer(data[:_MOST_XMP]):
        yield found[1].decode("utf-8", "replace")


def _names(found: Iterable[str]) -> tuple[str, ...]:
    """Each once, printable, no longer and no more than the bounds."""
    clean = ("".join(c for c in one if c.isprintable()).strip()[:_LONGEST] for one in found)
    return tuple(dict.fromkeys(one for one in clean if one))[:_MOST_NAMES]


def _text(value: object) -> str:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return value.strip("\0 ") if isinstance(value, str) else ""


def _quality(image: Image.Image) -> int | None:
    """The quality whose luminance table is the image's; None when it is no scaled standard table."""
    if not isinstance(image, JpegImagePlugin.JpegImageFile) or not image.quantization:
        return None
    table = tuple(next(iter(image.quantization.values())))
    return next((quality for quality in range(1, 101) if table == _scaled(quality)), None)


def _scaled(quality: int) -> tuple[int, ...]:
    factor = 5000 // quality if quality < 50 else 200 - 2 * quality
    return tuple(min(255, max(1, (value * factor + 50) // 100)) for value in _LUMINANCE)
