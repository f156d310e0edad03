"""Codes on pages, also turned, small and soft; licences, also malformed."""

from __future__ import annotations

import datetime as dt

import cv2
import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from verify.document.aamva import read_licence
from verify.document.barcode import read_codes

LICENCE = (
    b"@\n\x1e\rANSI 636000090002DL00410278ZV03190008DLDAQT64235789\nDCSSAMPLE\nDDEN\nDACMICHAEL\nDDFN\nDADJOHN\nDDGN\n"
    b"DBD06062019\nDBB06061986\nDBA12102027\nDBC1\nDAYBRO\nDAG2300 WEST BROAD STREET\nDAIRICHMOND\nDAJVA\n"
    b"DAK232690000  \n"
    b"DCF2424244747474786102204\nDCGUSA\nDDB06062018\rZVZVA01\r"
)


def page(content: bytes, form: str, module: int, *, angle: float = 0, blur: float = 0) -> NDArray[np.uint8]:
    """A card with lines of text and a code."""
    symbol = zxingcpp.create_barcode(content, zxingcpp.barcode_format_from_str(form))
    code = np.array(symbol.to_image(scale=module, add_quiet_zones=True))
    sheet = np.full((638, 1012), 235, np.uint8)
    for row in range(6):
        cv2.putText(sheet, "UTOPIA SPECIMEN LICENCE", (40, 50 + 32 * row), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 40, 2)
    height, width = code.shape[:2]
    sheet[-height - 40 : -40, 60 : 60 + width] = code if code.ndim == 2 else code[..., 0]
    if angle:
        turn = cv2.getRotationMatrix2D((506, 319), angle, 1)
        sheet = np.asarray(cv2.warpAffine(sheet, turn, (1012, 638), borderValue=235), dtype=np.uint8)
    if blur:
        sheet = np.asarray(cv2.GaussianBlur(sheet, (0, 0), blur), dtype=np.uint8)
    return np.asarray(cv2.cvtColor(sheet, cv2.COLOR_GRAY2RGB), dtype=np.uint8)


@pytest.mark.parametrize("form", ["PDF417", "DataMatrix", "QRCode", "Aztec"])
def test_a_code_on_a_page(form: str) -> None:
    content = bytes(range(140)) if form != "PDF417" else LICENCE
    (found,) = read_codes(page(content, form, 3 if form != "PDF417" else 2), seconds=5)
    assert (found.symbology, found.content) == (form, content)


@pytest.mark.parametrize(("angle", "blur"), [(-8, 0), (8, 0), (0, 1.2), (-8, 0.6)])
def test_a_second_look_reads_what_the_first_does_not(angle: float, blur: float) -> None:
    sheet = page(LICENCE, "PDF417", 2, angle=angle, blur=blur)
    assert not zxingcpp.read_barcodes(cv2.cvtColor(sheet, cv2.COLOR_RGB2GRAY)), "else this shows nothing"
    (found,) = read_codes(sheet, seconds=30)
    assert found.content == LICENCE


def test_no_time_no_second_look() -> None:
    assert read_codes(page(LICENCE, "PDF417", 2, angle=-8), seconds=0) == ()


def test_pages_without_a_code() -> None:
    source = np.random.default_rng(3)
    assert read_codes(np.full((400, 600, 3), 240, np.uint8), seconds=5) == ()
    assert read_codes(source.integers(0, 256, (400, 600, 3)).astype(np.uint8), seconds=5) == ()
    assert read_codes(np.zeros((2, 2, 3), np.uint8), seconds=5) == ()


def test_a_licence() -> None:
    found = read_licence(LICENCE)
    assert found is not None and found.irregularities == ()
    assert (found.version, found.issuer, found.issuing_state, found.region) == (9, "636000", "USA", "VA")
    assert (found.primary_identifier, found.secondary_identifier) == ("SAMPLE", "MICHAEL JOHN")
    assert (found.birth_date, found.issue_date) == (dt.date(1986, 6, 6), dt.date(2019, 6, 6))
    assert (found.expiry_date, found.sex, found.document_number) == (dt.date(2027, 12, 10), "M", "T64235789")


def test_licences_of_canada_and_of_the_first_version() -> None:
    canada = read_licence(LICENCE.replace(b"DCGUSA", b"DCGCAN").replace(b"DBB06061986", b"DBB19860606"))
    assert canada is not None and canada.birth_date == dt.date(1986, 6, 6) and canada.issue_date is None
    assert "issue date" in canada.irregularities[0]
    old = read_licence(b"@\n\x1e\rAAMVA6360000101DL00290100DLDAASAMPLE,MICHAEL,JOHN\nDAQ1\nDBB19860606\n")
    assert old is not None
    assert (old.version, old.primary_identifier, old.secondary_identifier) == (1, "SAMPLE", "MICHAEL JOHN")
    assert old.birth_date == dt.date(1986, 6, 6)


def test_what_is_malformed_is_told() -> None:
    assert read_licence(b"") is read_licence(b"https://example.org") is None
    bare = read_licence(b"ANSI 99")
    assert bare is not None and len(bare.irregularities) == 2
    odd = read_licence(LICENCE.replace(b"DBB06061986", b"DBB13451986"))
    assert odd is not None and odd.birth_date is None and "birth date" in odd.irregularities[0]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_a_licence_never_raises(data: bytes) -> None:
    assert read_licence(b"@\n\x1e\rANSI 636000" + data) is not None


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(LICENCE) - 1), st.integers(0, 255))
def test_a_licence_with_a_changed_byte_never_raises(place: int, value: int) -> None:
    changed = bytearray(LICENCE)
    changed[place] = value
    read_licence(bytes(changed))
