"""Decoding within limits: each kind gives upright RGB pixels, and what cannot be used says why."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pillow_heif
import pypdfium2 as pdfium
import pytest
from numpy.typing import NDArray
from PIL import Image

from verify.capture.decode import decode
from verify.capture.source import FileRefusedError
from verify.model.outcome import Outcome
from verify.settings import Limits

LIMITS = Limits()
RED, GREEN, BLUE, WHITE = (200, 30, 40), (20, 180, 60), (30, 40, 190), (250, 250, 250)
ORIENTATION = 0x0112
_TURNED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}  # how the camera held the picture that each EXIF orientation tells to put upright


def quarters(mode: str = "RGB") -> Image.Image:
    """96 x 64 with four flat quarters: red, green / blue, white. No turn or mirror leaves it as it is."""
    image = Image.new("RGB", (96, 64), RED)
    image.paste(GREEN, (48, 0, 96, 32))
    image.paste(BLUE, (0, 32, 48, 64))
    image.paste(WHITE, (48, 32, 96, 64))
    return image.convert(mode)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def heic(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    pillow_heif.from_pillow(image).save(buffer, quality=95)
    return buffer.getvalue()


def pages(data: bytes, limits: Limits = LIMITS) -> list[NDArray[np.uint8]]:
    return list(decode(data, limits).pages)


def refusal(data: bytes, limits: Limits = LIMITS) -> FileRefusedError:
    with pytest.raises(FileRefusedError) as refused:
        pages(data, limits)
    return refused.value


def assert_is(page: NDArray[np.uint8], expected: Image.Image, *, within: float = 12) -> None:
    """Compares the middles of the quarters: flat, so no compression reaches them."""
    wanted = np.asarray(expected.convert("RGB"))
    assert page.dtype == np.uint8
    assert page.shape == wanted.shape
    assert page.flags.c_contiguous
    height, width = wanted.shape[:2]
    for y in (height // 4, 3 * height // 4):
        for x in (width // 4, 3 * width // 4):
            assert np.abs(page[y, x].astype(int) - wanted[y, x].astype(int)).max() <= within, (y, x)


# --- every kind on the allow-list ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "make"),
    [
        ("JPEG", lambda image: saved(image, "JPEG", quality=95)),
        ("JPEG", lambda image: saved(image, "JPEG", quality=95, progressive=True)),
        ("JPEG", lambda image: saved(image, "MPO", save_all=True, append_images=[image.rotate(180)])),
        ("PNG", lambda image: saved(image, "PNG")),
        ("TIFF", lambda image: saved(image, "TIFF")),
        ("TIFF", lambda image: saved(image, "TIFF", compression="tiff_lzw")),
        ("WEBP", lambda image: saved(image, "WEBP", lossless=True)),
        ("JPEG2000", lambda image: saved(image, "JPEG2000")),
        ("HEIF", heic),
        ("PDF", lambda image: saved(image, "PDF", resolution=72)),
    ],
)
def test_each_kind_gives_its_pixels(kind: str, make: Callable[[Image.Image], bytes]) -> None:
    decoded = decode(make(quarters()), LIMITS)
    assert (decoded.kind, decoded.page_count) == (kind, 1)
    (page,) = decoded.pages
    assert_is(page, quarters())


def test_each_page_of_a_tiff_is_given_in_order() -> None:
    turned = quarters().rotate(180)
    decoded = decode(saved(quarters(), "TIFF", save_all=True, append_images=[turned, quarters()]), LIMITS)
    assert decoded.page_count == 3
    for page, expected in zip(decoded.pages, [quarters(), turned, quarters()], strict=True):
        assert_is(page, expected)


@pytest.mark.parametrize("orientation", sorted(_TURNED))
@pytest.mark.parametrize("kind", ["JPEG", "TIFF", "PNG", "WEBP"])
def test_exif_orientation_is_put_upright(kind: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    held = quarters().transpose(_TURNED[orientation])
    (page,) = pages(saved(held, kind, exif=exif, **({"quality": 95} if kind in ("JPEG", "WEBP") else {})))
    assert_is(page, quarters())


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK"])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "PDF"])
def test_other_modes_become_rgb(kind: str, mode: str) -> None:
    if (kind, mode) in {("JPEG", "P"), ("PNG", "CMYK")}:
        pytest.skip("the format has no such mode")
    image = quarters().convert("L").point(lambda v: 255 * (v > 100)).convert("1") if mode == "1" else quarters(mode)
    options = {"resolution": 72} if kind == "PDF" else {}
    (page,) = pages(saved(image, kind, **options))
    if (kind, mode) == ("PDF", "CMYK"):  # PDFium has inks of its own; so only the hue
        assert page[16, 24].argmax() == 0
        assert page[48, 24].argmax() == 2
    else:
        assert_is(page, image)


def test_sixteen_bits_keep_their_contrast() -> None:
    samples = np.zeros((64, 96), dtype=np.uint16)
    samples[:, 48:] = 32768
    for kind in ("PNG", "TIFF"):
        (page,) = pages(saved(Image.fromarray(samples), kind))
        assert page[32, 24].tolist() == [0, 0, 0]
        assert page[32, 72].tolist() == [127, 127, 127]


def test_what_is_transparent_is_seen_on_white() -> None:
    palette = Image.new("P", (96, 64), 0)
    palette.putpalette([200, 30, 40, 20, 180, 60])
    palette.paste(1, (48, 0, 96, 64))
    half = quarters("RGBA")
    half.paste((0, 0, 0, 0), (0, 0, 48, 64))
    for data, left, right in (
        (saved(palette, "PNG", transparency=0), (255, 255, 255), (20, 180, 60)),
        (saved(palette, "PNG", transparency=bytes([0, 255])), (255, 255, 255), (20, 180, 60)),
        (saved(half, "PNG"), (255, 255, 255), GREEN),
        (saved(half, "WEBP", lossless=True), (255, 255, 255), GREEN),
        (saved(half.convert("LA"), "PNG"), (255, 255, 255), (120, 120, 120)),
    ):
        (page,) = pages(data)
        assert page[16, 24].tolist() == list(left)
        assert np.abs(page[16, 72].astype(int) - right).max() <= 8


# --- PDF -------------------------------------------------------------------------------------------------------------


def pdf(contents: bytes, *, resources: bytes = b"", objects: tuple[bytes, ...] = (), page: bytes = b"") -> bytes:
    """A PDF of one page of 96 x 64 points; further `objects` are numbered from 5."""
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 96 64] /Contents 4 0 R /Resources << %s >> %s >>"
        % (resources, page),
        stream(b"", contents),
        *objects,
    ]
    data = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, body in enumerate(bodies, start=1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    data += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    data += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, table)
    return bytes(data)


def stream(entries: bytes, body: bytes) -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(body), entries, body)


def scan(size: tuple[int, int] = (192, 128)) -> bytes:
    image = quarters().resize(size, Image.Resampling.NEAREST)
    head = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8" % size
    return stream(head, image.tobytes())


WHOLE = b"q 96 0 0 64 0 0 cm /Im0 Do Q\n"
IMAGE = b"/XObject << /Im0 5 0 R >>"


def test_a_pdf_page_that_is_one_scan_gives_its_own_pixels_not_a_rendering() -> None:
    (page,) = pages(pdf(WHOLE, resources=IMAGE, objects=(scan(),)))
    assert_is(page, quarters().resize((192, 128), Image.Resampling.NEAREST), within=0)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_scan_on_a_turned_page_comes_upright(turn: int) -> None:
    (page,) = pages(pdf(WHOLE, resources=IMAGE, objects=(scan(),), page=b"/Rotate %d" % turn))
    assert_is(page, quarters().resize((192, 128), Image.Resampling.NEAREST).rotate(-turn, expand=True), within=0)


@pytest.mark.parametrize(
    "matrix", [b"-96 0 0 64 96 0", b"96 0 0 -64 0 64", b"0 96 -64 0 96 0"], ids=["mirrored", "upside down", "turned"]
)
def test_a_scan_that_the_page_turns_or_mirrors_is_rendered_as_it_is_seen(matrix: bytes) -> None:
    data = pdf(b"q %s cm /Im0 Do Q" % matrix, resources=IMAGE, objects=(scan(),))
    (page,) = pages(data)
    seen = pdfium.PdfDocument(data)[0].render(scale=300 / 72).to_pil()
    assert_is(page, seen)


def test_an_invisible_text_layer_leaves_a_scan_a_scan() -> None:
    layer = b"BT /F0 12 Tf 3 Tr 10 10 Td (P<UTO) Tj ET"
    font = b"/Font << /F0 << /Type /Font /Subtype /Type1 /BaseFont /Courier >> >>"
    (page,) = pages(pdf(WHOLE + layer, resources=IMAGE + font, objects=(scan(),)))
    assert page.shape == (128, 192, 3)


@pytest.mark.parametrize(
    "over",
    [b"0 0 0 rg 0 0 48 32 re f", b"BT 0 0 0 rg /F0 90 Tf 0 0 Td (MM) Tj ET"],
    ids=["a drawing", "visible text"],
)
def test_what_is_drawn_over_a_scan_is_not_lost(over: bytes) -> None:
    font = b"/Font << /F0 << /Type /Font /Subtype /Type1 /BaseFont /Courier-Bold >> >>"
    (page,) = pages(pdf(WHOLE + over, resources=IMAGE + font, objects=(scan(),)))
    assert (page.max(axis=2) < 20).mean() > 0.03  # black, of which the scan has none


def test_a_vector_page_is_rendered_at_300_dpi() -> None:
    (page,) = pages(pdf(b"0.8 0.1 0.1 rg 0 0 48 64 re f"))
    assert page.shape == (267, 400, 3)
    assert page[130, 100].tolist() == pytest.approx([204, 26, 26], abs=2)
    assert page[130, 300].tolist() == [255, 255, 255]


def test_a_stencil_is_black_on_white() -> None:
    head = b"/Type /XObject /Subtype /Image /Width 8 /Height 2 /ImageMask true /BitsPerComponent 1"
    mask = stream(head, bytes([0b00001111, 0b00001111]))  # 0 paints
    (page,) = pages(pdf(b"0 0 0 rg " + WHOLE, resources=IMAGE, objects=(mask,)))
    width = page.shape[1]
    assert page[page.shape[0] // 2, width // 4].tolist() == [0, 0, 0]
    assert page[page.shape[0] // 2, 3 * width // 4].tolist() == [255, 255, 255]


def test_each_page_of_a_pdf_is_given() -> None:
    data = saved(quarters(), "PDF", save_all=True, append_images=[quarters().rotate(180)], resolution=72)
    decoded = decode(data, LIMITS)
    assert decoded.page_count == 2
    for page, expected in zip(decoded.pages, [quarters(), quarters().rotate(180)], strict=True):
        assert_is(page, expected)


def test_a_pdf_that_needs_a_password_is_encrypted() -> None:
    # Without the password nobody can say what is inside, so any key material will do: PDF 1.7, 7.6.3, revision 3.
    data = pdf(b"").replace(
        b"/Root 1 0 R >>",
        b"/Root 1 0 R /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>] "
        b"/Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O <%s> /U <%s> >> >>" % (b"5a" * 32, b"a5" * 32),
    )
    error = refusal(data)
    assert error.outcome is Outcome.ENCRYPTED
    assert "password" in str(error)


def test_a_pdf_with_an_encryption_nobody_knows_is_encrypted_too() -> None:
    data = pdf(b"").replace(b"/Root 1 0 R >>", b"/Root 1 0 R /Encrypt << /Filter /Unheard /V 9 /R 9 >> >>")
    assert refusal(data).outcome is Outcome.ENCRYPTED


# --- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("JPEG", {"quality": 95}),
        ("JPEG", {"progressive": True}),
        ("PNG", {}),
        ("TIFF", {}),
        ("WEBP", {"lossless": True}),
    ],
)
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_a_truncated_picture_is_damaged_never_half_grey(kind: str, options: dict[str, object], share: float) -> None:
    noise = Image.fromarray(np.random.default_rng(7).integers(0, 256, (128, 128, 3), dtype=np.uint8))
    data = saved(noise, kind, **options)
    assert len(pages(data)) == 1
    error = refusal(data[: int(len(data) * share)])
    assert error.outcome is Outcome.DAMAGED
    assert "capture it again" in str(error)


@pytest.mark.parametrize(
    "data",
    [b"only a line of text\n", b"\0" * 2000, b"\x7fELF", saved(quarters("P"), "GIF"), saved(quarters(), "BMP")],
    ids=["text", "zeros", "program", "GIF", "BMP"],
)
def test_what_is_not_on_the_allow_list_is_unsupported(data: bytes) -> None:
    error = refusal(data)
    assert error.outcome is Outcome.UNSUPPORTED
    assert "JPEG 2000" in str(error)


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.7\nnothing of the kind\n%%EOF"])
def test_a_pdf_that_is_none_is_damaged(data: bytes) -> None:
    assert refusal(data).outcome is Outcome.DAMAGED


SCANS = b"\xff\xd8" + b"\xff\xda\0\x02" * 201


def three_pages(kind: str) -> bytes:
    return saved(quarters(), kind, save_all=True, append_images=[quarters(), quarters()])


@pytest.mark.parametrize(
    ("data", "limits"),
    [
        (saved(quarters(), "PNG"), Limits(max_pixels=6143)),
        (saved(quarters(), "PNG"), Limits(max_pixels=100)),
        (heic(quarters()), Limits(max_pixels=6143)),
        (saved(quarters(), "JPEG2000"), Limits(max_pixels=6143)),
        (pdf(b"0 0 9 9 re f"), Limits(max_pixels=400 * 267 - 1)),
        (pdf(WHOLE, resources=IMAGE, objects=(scan(),)), Limits(max_pixels=192 * 128 - 1)),
        (saved(quarters(), "PNG"), Limits(max_side=95)),
        (pdf(b"0 0 9 9 re f"), Limits(max_side=399)),
        (three_pages("TIFF"), Limits(max_pages=2)),
        (three_pages("PDF"), Limits(max_pages=2)),
        (SCANS, LIMITS),
    ],
)
def test_over_a_limit_is_too_large_and_names_the_setting(data: bytes, limits: Limits) -> None:
    error = refusal(data, limits)
    assert error.outcome is Outcome.TOO_LARGE
    (name,) = [name for name in Limits.model_fields if f"limits.{name}" in str(error)]
    if name != "max_scans":
        at_limit = limits.model_copy(update={name: Limits.model_fields[name].default})
        assert pages(data, at_limit), "only the limit stood in the way"


def test_a_picture_is_decoded_at_just_its_limits() -> None:
    data = three_pages("TIFF")
    assert len(pages(data, Limits(max_pixels=96 * 64, max_side=96, max_pages=3))) == 3


def test_a_refusal_further_on_leaves_the_earlier_pages_to_the_caller() -> None:
    big = quarters().resize((960, 640))
    data = saved(quarters(), "TIFF", save_all=True, append_images=[big])
    found = decode(data, Limits(max_side=500)).pages
    assert next(found).shape == (64, 96, 3)
    with pytest.raises(FileRefusedError, match=r"limits\.max_side"):
        next(found)


def test_a_sample_photograph_is_decoded() -> None:
    folder = Path(__file__).parents[2] / "samples" / "faces"
    path = min(folder.glob("*.jpg"))
    (page,) = pages(path.read_bytes())
    with Image.open(path) as image:
        assert page.shape == (image.height, image.width, 3)
