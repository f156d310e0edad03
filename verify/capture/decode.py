"""Bytes from outside become pages of pixels, within limits, or a refusal that says why.

Pillow with an allow-list of formats and warnings as errors is the gate: OpenCV decodes 191 of 2,184 damaged files
that Pillow refuses, with grey areas where the MRZ should be (docs/decisions/004-decoding.md). PDFs go through
PDFium; a page that is one scanned image gives that image, not a rendering of it.
"""

from __future__ import annotations

import io
import math
import struct
import warnings
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import pillow_heif
import pypdfium2 as pdfium
from numpy.typing import NDArray
from PIL import (
    Image,
    ImageOps,
    Jpeg2KImagePlugin,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

from verify.capture.source import FileRefusedError
from verify.capture.traces import traces_of_image, traces_of_pdf
from verify.model.outcome import Outcome
from verify.model.traces import Traces
from verify.settings import Limits

__all__ = ["Decoded", "Page", "decode"]

# named so that exactly these are loaded; a JPEG with further pictures (MPO) comes through the JPEG plug-in
_PLUGINS = (JpegImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin, Jpeg2KImagePlugin)
_FORMATS = ("JPEG", "PNG", "TIFF", "WEBP", "HEIF", "JPEG2000")
pillow_heif.register_heif_opener(thumbnails=False)
_MULTI_PAGE = {"TIFF"}
_RENDER_DPI = 300
_COVERS_PAGE = 0.8  # a scan fills its PDF page but for a margin
_START_OF_SCAN = b"\xff\xda"
_NO_FRAMES = (0xC4, 0xC8, 0xCC)  # JPEG markers among those of frames: Huffman tables, reserved, arithmetic coding
_FRAMES_READ = (0xC0, 0xC1, 0xC2, 0xC9, 0xCA)  # baseline, extended and progressive, also with arithmetic coding
_BITS_READ = 8
_T = TypeVar("_T")

Page = NDArray[np.uint8]
"""One page: H x W x 3, RGB, 8 bits, upright as far as its EXIF orientation tells."""

# What Pillow's decoders raise on damaged bytes; anything else is a defect of ours and must be seen.
_DECODER_ERRORS = (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error, Warning)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file that a decoder accepts.

    Attributes:
        kind: "JPEG", "PDF", ...
        page_count: pages in the file.
        pages: decoded one at a time; may raise FileRefusedError on the way.
        traces: what the file says of its own making.
    """

    kind: str
    page_count: int
    pages: Iterator[Page]
    traces: Traces = field(default_factory=Traces)


def decode(data: bytes, limits: Limits) -> Decoded:
    """Opens an image or PDF.

    Args:
        data: the whole file.
        limits: pixels, pages and scans that are allowed.

    Raises:
        FileRefusedError: damaged, too_large, unsupported or encrypted; also while `pages` is consumed.
    """
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return _decode_pdf(data, limits)
    return _decode_image(data, limits)


def _decode_image(data: bytes, limits: Limits) -> Decoded:
    if data.startswith(b"\xff\xd8") and data.count(_START_OF_SCAN) > limits.max_scans:
        raise FileRefusedError(Outcome.TOO_LARGE, f"has more scans than limits.max_scans = {limits.max_scans}")
    Image.MAX_IMAGE_PIXELS = limits.max_pixels
    try:
        image = _guarded(lambda: Image.open(io.BytesIO(data), formats=_FORMATS))
    except FileRefusedError as refused:
        if refused.outcome is Outcome.UNSUPPORTED and _is_broken(data):
            raise FileRefusedError(Outcome.DAMAGED, "its head is damaged; capture it again") from refused
        raise
    kind = "JPEG" if image.format == "MPO" else str(image.format)
    count = _guarded(lambda: int(getattr(image, "n_frames", 1))) if kind in _MULTI_PAGE else 1
    if count > limits.max_pages:
        raise FileRefusedError(Outcome.TOO_LARGE, f"has {count} pages, over limits.max_pages = {limits.max_pages}")
    return Decoded(kind, count, _image_pages(image, count, limits), _guarded(lambda: traces_of_image(image)))


def _is_broken(data: bytes) -> bool:
    """Whether bytes that no decoder recognises begin like a format that is read, and are no variant of it that is not.

    JPEG has frames that nobody uses for documents: lossless and hierarchical ones, and those of more than 8 bits
    (ITU-T T.81, table B.1).
    """
    if data.startswith(b"\x89PNG\r\n\x1a\n") or (data.startswith(b"RIFF") and data[8:12] == b"WEBP"):
        return True
    if not data.startswith(b"\xff\xd8"):
        return False
    place = 2
    while data[place : place + 1] == b"\xff" and len(data) > place + 4:
        marker, length = data[place + 1], int.from_bytes(data[place + 2 : place + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in _NO_FRAMES:
            return marker in _FRAMES_READ and data[place + 4] == _BITS_READ
        place += 2 + length
    return True


def _image_pages(image: Image.Image, count: int, limits: Limits) -> Iterator[Page]:
    for index in range(count):
        if index:
            _guarded(lambda page=index: image.seek(page))  # type: ignore[misc]
        _check_size(*image.size, limits)
        yield _guarded(lambda: _to_rgb(image))


def _to_rgb(image: Image.Image) -> Page:
    upright = ImageOps.exif_transpose(image)
    if upright.mode.startswith("I"):  # 16 or 32 bits a sample: keep the contrast, drop the depth
        samples = np.asarray(upright, dtype=np.float64)
        top = 65535.0 if upright.mode.startswith("I;16") else max(1.0, float(samples.max()))
        upright = Image.fromarray((samples * (255.0 / top)).clip(0, 255).astype(np.uint8))
    if upright.mode in ("LA", "RGBA", "PA") or "transparency" in upright.info:
        rgba = upright.convert("RGBA")
        upright = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba)
    return np.ascontiguousarray(upright.convert("RGB"), dtype=np.uint8)


def _guarded(action: Callable[[], _T]) -> _T:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return action()
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise FileRefusedError(Outcome.TOO_LARGE, "has more pixels than limits.max_pixels allows") from error
        except UnidentifiedImageError as error:
            raise FileRefusedError(
                Outcome.UNSUPPORTED,
                "is none of JPEG, PNG, TIFF, WebP, HEIC, JPEG 2000 or PDF, or a variant that is not read",
            ) from error
        except MemoryError as error:
            raise FileRefusedError(Outcome.RESOURCE, "needs more memory than limits.memory allows") from error
        except _DECODER_ERRORS as error:
            raise FileRefusedError(
                Outcome.DAMAGED, f"cannot be decoded ({_first_line(error)}); capture it again"
            ) from error


def _check_size(width: int, height: int, limits: Limits) -> None:
    if width * height > limits.max_pixels:
        raise FileRefusedError(
            Outcome.TOO_LARGE, f"has {width} x {height} pixels, over limits.max_pixels = {limits.max_pixels}"
        )
    if max(width, height) > limits.max_side:
        raise FileRefusedError(
            Outcome.TOO_LARGE,
            f"is {max(width, height)} pixels long, over limits.max_side = {limits.max_side}",
        )


def _decode_pdf(data: bytes, limits: Limits) -> Decoded:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise FileRefusedError(Outcome.ENCRYPTED, "needs a password; save it without one") from error
        raise FileRefusedError(Outcome.DAMAGED, f"is not a readable PDF ({_first_line(error)})") from error
    count = len(document)
    if count > limits.max_pages:
        raise FileRefusedError(Outcome.TOO_LARGE, f"has {count} pages, over limits.max_pages = {limits.max_pages}")
    if count == 0:
        raise FileRefusedError(Outcome.DAMAGED, "is a PDF without a page")
    return Decoded("PDF", count, _pdf_pages(document, limits), traces_of_pdf(document.get_metadata_dict()))


def _pdf_pages(document: pdfium.PdfDocument, limits: Limits) -> Iterator[Page]:
    for index in range(len(document)):
        try:
            page = document[index]
            yield _scanned_image(page, limits) if _is_scan(page) else _rendered(page, limits)
        except (pdfium.PdfiumError, ValueError) as error:
            raise FileRefusedError(
                Outcome.DAMAGED, f"page {index + 1} cannot be read ({_first_line(error)})"
            ) from error
        except MemoryError as error:
            raise FileRefusedError(Outcome.RESOURCE, "needs more memory than limits.memory allows") from error


def _images(page: pdfium.PdfPage) -> list[pdfium.PdfImage]:
    return [one for one in page.get_objects(max_depth=3) if one.type == pdfium.raw.FPDF_PAGEOBJ_IMAGE]


def _is_scan(page: pdfium.PdfPage) -> bool:
    images = _images(page)
    if len(images) != 1 or _shows_more(page):
        return False
    if images[0].get_metadata().colorspace == pdfium.raw.FPDF_COLORSPACE_UNKNOWN:
        return False  # a stencil, whose bits say where to paint and not what is seen
    a, b, c, d, _e, _f = images[0].get_matrix().get()
    if abs(b) > 1e-3 or abs(c) > 1e-3 or a <= 0 or d <= 0:
        return False  # turned or mirrored by the page: rendering puts it right
    left, bottom, right, top = page.get_mediabox()
    return bool(a * d >= _COVERS_PAGE * abs((right - left) * (top - bottom)))


def _shows_more(page: pdfium.PdfPage) -> bool:
    """Whether anything but images can be seen; the text that a scanner recognised lies invisibly over its scan."""
    raw = pdfium.raw
    return any(
        raw.FPDFTextObj_GetTextRenderMode(one.raw) != raw.FPDF_TEXTRENDERMODE_INVISIBLE
        if one.type == raw.FPDF_PAGEOBJ_TEXT
        else one.type in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_SHADING)
        for one in page.get_objects(max_depth=3)
    )


def _scanned_image(page: pdfium.PdfPage, limits: Limits) -> Page:
    image = _images(page)[0]
    width, height = image.get_px_size()
    _check_size(width, height, limits)
    pixels = image.get_bitmap(render=False).to_pil()
    width, height = pixels.size
    _check_size(width, height, limits)  # a damaged PDF may name one size and hold another
    turned = pixels.rotate(-page.get_rotation(), expand=True) if page.get_rotation() else pixels
    return _to_rgb(turned)


def _rendered(page: pdfium.PdfPage, limits: Limits) -> Page:
    scale = _RENDER_DPI / 72
    width, height = page.get_size()
    _check_size(math.ceil(width * scale), math.ceil(height * scale), limits)
    return _to_rgb(page.render(scale=scale, may_draw_forms=False).to_pil())


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
