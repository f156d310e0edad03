"""What files say of their own making: read within bounds, and whatever is damaged left out."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from verify.capture import Decoded, decode, with_page
from verify.model.traces import Traces
from verify.settings import Limits

LIMITS = Limits()
SOFTWARE, MAKE, MODEL, EXIF, WIDTH, HEIGHT = 0x0131, 0x010F, 0x0110, 0x8769, 0xA002, 0xA003


def picture(colour: tuple[int, int, int] = (200, 30, 30)) -> Image.Image:
    return Image.new("RGB", (64, 48), colour)


def opened(image: Image.Image, form: str, **options: object) -> Decoded:
    data = io.BytesIO()
    image.save(data, form, **options)
    return decode(data.getvalue(), LIMITS)


@pytest.mark.parametrize("quality", [30, 75, 95])
def test_standard_tables_are_told_by_their_quality(quality: int) -> None:
    assert opened(picture(), "JPEG", quality=quality).traces.jpeg_quality == quality


def test_other_tables_and_formats_have_no_quality() -> None:
    odd = opened(picture(), "JPEG", qtables=[[17] * 64, [17] * 64])
    assert odd.traces.jpeg_quality is None
    assert opened(picture(), "PNG").traces.jpeg_quality is None


def test_exif_tells_program_device_and_size() -> None:
    exif = Image.Exif()
    exif[SOFTWARE], exif[MAKE], exif[MODEL] = "Invented Editor 2", "Invented", "Cam 3\0"
    exif.get_ifd(EXIF)[WIDTH] = 4000
    exif.get_ifd(EXIF)[HEIGHT] = 3000
    told = opened(picture(), "JPEG", exif=exif.tobytes()).traces
    assert told.software == ("Invented Editor 2",)
    assert (told.device, told.stated_size, told.size) == ("Invented Cam 3", (4000, 3000), (64, 48))


def test_xmp_png_text_and_pdf_name_their_programs() -> None:
    xmp = b'<x:xmpmeta xmp:CreatorTool="Invented Editor 2"/><stEvt:softwareAgent>Other 1</stEvt:softwareAgent>'
    assert opened(picture(), "JPEG", xmp=xmp).traces.software == ("Invented Editor 2", "Other 1")
    text = PngImagePlugin.PngInfo()
    text.add_text("Software", "Invented Editor 2")
    assert opened(picture(), "PNG", pnginfo=text).traces.software == ("Invented Editor 2",)
    assert opened(picture(), "PDF", producer="Invented Maker").traces.software[0] == "Invented Maker"


def test_names_are_bounded_and_printable() -> None:
    long = "".join(f"<xmp:CreatorTool>N{number}{'x' * 150}</xmp:CreatorTool>" for number in range(30)).encode()
    told = opened(picture(), "JPEG", xmp=long).traces.software
    assert len(told) == 8
    assert max(map(len, told)) <= 100
    exif = Image.Exif()
    exif[SOFTWARE] = "In\x1bvented\n"
    assert opened(picture(), "JPEG", exif=exif.tobytes()).traces.software == ("Invented",)


def test_metadata_that_make_no_sense_are_left_out() -> None:
    exif = Image.Exif()
    exif.get_ifd(EXIF)[WIDTH] = "wide"
    exif.get_ifd(EXIF)[HEIGHT] = 0
    told = opened(picture(), "JPEG", exif=exif.tobytes(), xmp=b"<xmp:CreatorTool").traces
    assert (told.software, told.device, told.stated_size) == ((), "", None)


def test_a_page_adds_its_colour_and_the_hash_of_its_pixels() -> None:
    red, grey = (with_page(Traces(), np.asarray(picture(colour))) for colour in ((200, 30, 30), (90, 90, 90)))
    assert red.chroma is not None
    assert red.chroma > 100
    assert grey.chroma == 0
    same = with_page(Traces(), next(iter(opened(picture(), "PNG").pages)))
    assert same.pixels_sha256 == red.pixels_sha256 != grey.pixels_sha256
    turned = with_page(Traces(), np.ascontiguousarray(np.asarray(picture()).transpose(1, 0, 2)))
    assert turned.pixels_sha256 != red.pixels_sha256
