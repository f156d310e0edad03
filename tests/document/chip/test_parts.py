"""Zips, files, portraits and elements: what is read, and what is refused within limits."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from verify.capture import FileRefusedError
from verify.document.alpha2 import same_state
from verify.document.chip import read_dump
from verify.document.chip.lds import common, details, mrz_lines, protocols
from verify.document.chip.portrait import read_portrait
from verify.document.tlv import MalformedError, children, is_der, tlv_at, walk
from verify.model.outcome import Outcome
from verify.settings import Limits

from ..maker import CHIPS, LINES, groups, maker, picture


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def refused(data: bytes) -> Outcome:
    with pytest.raises(FileRefusedError) as error:
        read_dump(data)
    return error.value.outcome


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("EF.DG1.bin", 1), ("dg01", 1), ("DG-14.dat", 14), ("chip/Datagroup14.bin", 14), ("ef0102.bin", 2),
        ("ef010F.BIN", 15),
        ("0110", 16), ("..\\..\\EF_DG11.raw", 11),
    ],
)  # fmt: skip
def test_names_of_data_groups(name: str, number: int) -> None:
    assert read_dump(zipped({name: b"\x99\x01a"})).groups == {number: b"\x99\x01a"}


def test_names_of_the_others_and_files_without_one() -> None:
    dump = read_dump(
        zipped({"ef011d.bin": b"s", "EF_COM.bin": b"c", "x/": b"", "one": b"\x75\x00", "readme.txt": b"hello"})
    )
    assert (dump.sod, dump.com, dump.groups, dump.unrecognised) == (b"s", b"c", {2: b"\x75\x00"}, 1)
    assert read_dump(zipped({"DG17.bin": b"a", "sod": b"\x77\x00"})).unrecognised == 1
    answered = read_dump(zipped({"sod": b"s", "AA_challenge.bin": b"12345678", "AA_response": b"r"}))
    assert (answered.challenge, answered.response) == (b"12345678", b"r")


def test_hostile_zips_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused(b"") is Outcome.UNSUPPORTED
    assert refused(b"\x89PNG") is Outcome.UNSUPPORTED
    assert refused(zipped({"readme.txt": b"hello"})) is Outcome.UNSUPPORTED
    assert refused(zipped({"dg1": b"\x61\x00", "EF.DG1.bin": b"\x61\x00"})) is Outcome.DAMAGED
    assert refused(zipped({f"f{n}": b"" for n in range(65)})) is Outcome.TOO_LARGE
    assert refused(zipped({"dg2": bytes(3 << 20)})) is Outcome.TOO_LARGE, "three megabytes in three kilobytes"
    assert refused(zipped({f"dg{n}": bytes(1 << 20) for n in range(1, 10)})) is Outcome.TOO_LARGE
    assert refused(zipped({"dg1": b"\x61\x00"}, zipfile.ZIP_BZIP2)) is Outcome.UNSUPPORTED
    whole = zipped({"dg1": b"\x61\x00", "dg2": bytes(500)})
    for cut in (3, 40, len(whole) // 2, len(whole) - 30):
        assert refused(whole[:cut]) is Outcome.DAMAGED
    locked = bytearray(whole)
    for place in range(len(whole) - 4):
        if whole[place : place + 4] == b"PK\x01\x02":
            locked[place + 8] |= 1
        elif whole[place : place + 4] == b"PK\x03\x04":
            locked[place + 6] |= 1
    assert refused(bytes(locked)) is Outcome.ENCRYPTED


def test_a_directory_that_lies_about_sizes_is_damaged() -> None:
    data = bytearray(zipped({"dg1": bytes(300)}))
    place = bytes(data).index(b"PK\x01\x02")
    data[place + 24 : place + 28] = (20).to_bytes(4, "little")
    try:
        assert len(read_dump(bytes(data)).groups[1]) <= 300
    except FileRefusedError as error:
        assert error.outcome is Outcome.DAMAGED


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 255))
def test_changed_zips_end_as_an_outcome(place: int, value: int) -> None:
    data = bytearray(zipped({"EF.SOD": b"\x77\x00", "dg1": bytes(range(200))}))
    data[place % len(data)] = value
    try:
        read_dump(bytes(data))
    except FileRefusedError as error:
        assert str(error)


def test_texts_of_the_files() -> None:
    make = maker()
    found = groups()
    assert mrz_lines(found[1]) == LINES
    assert common(make.dump(found, make.signer(make.authority()))["EF.COM"]).groups == {1, 2, 11, 12}
    assert mrz_lines(make.tlv(0x61, make.tlv(0x5F1F, b"A" * 90))) == ["A" * 30] * 3
    packed = make.tlv(0x6C, make.tlv(0x5F26, bytes.fromhex("20070416")))
    assert str(details(b"", packed).issue_date) == "2007-04-16"
    partly = details(make.tlv(0x6B, make.tlv(0x5F2B, b"19740000")), b"")
    assert (partly.birth_date, partly.birth_date_text) == (None, "19740000")
    latin = make.tlv(0x6B, make.tlv(0x5F0E, "MÜLLER<<JÖRG".encode("latin-1")))
    assert details(latin, b"").full_name == "MÜLLER<<JÖRG"
    for broken in (b"", b"\x61\x05\x5f", b"\x61\x00", make.tlv(0x61, make.tlv(0x5F1F, b"A" * 89)), b"\x75\x00"):
        with pytest.raises(MalformedError):
            mrz_lines(broken)


def test_a_portrait_is_found_whatever_its_header_says() -> None:
    make, image = maker(), picture()
    right, page = read_portrait(make.portrait_group(image, 60, 80), Limits())
    assert (right.declared_size, right.size, right.irregularities, right.kind) == ((60, 80), (60, 80), (), "JPEG")
    assert page is not None and page.shape == (80, 60, 3)
    wrong, _page = read_portrait(make.portrait_group(image, 61, 80), Limits())
    assert (wrong.declared_size, wrong.size) == ((61, 80), (60, 80))
    longer = make.portrait_group(image, 60, 80)
    at = longer.index(b"FAC\0") + 8
    bent = longer[:at] + (int.from_bytes(longer[at : at + 4], "big") + 8).to_bytes(4, "big") + longer[at + 4 :]
    told, page = read_portrait(bent, Limits())
    assert page is not None and len(told.irregularities) == 1
    none, page = read_portrait(make.portrait_group(b"\xff\xd8\xff" + bytes(50), 60, 80), Limits())
    assert (none.size, page) == (None, None) and none.irregularities
    small, page = read_portrait(make.portrait_group(image, 60, 80), Limits(max_pixels=100))
    assert (small.size, page) == (None, None)
    two, page = read_portrait(make.portrait_group(picture("JPEG2000"), 60, 80), Limits())
    assert (two.kind, two.declared_kind, page is not None) == ("JPEG2000", "JPEG2000", True)
    nested = make.tlv(0x7F2E, make.tlv(0xA1, make.tlv(0x30, make.tlv(0x80, image))))
    wrapped = make.tlv(0x75, make.tlv(0x7F61, make.tlv(0x02, b"\x01"), make.tlv(0x7F60, make.tlv(0xA1), nested)))
    later, page = read_portrait(wrapped, Limits())
    assert (later.standard, later.size) == ("ISO/IEC 39794-5", (60, 80))
    for broken in (
        b"",
        b"\x75\x00",
        b"\x61\x00",
        make.tlv(0x75, make.tlv(0x7F61, make.tlv(0x7F60, make.tlv(0x5F2E, b"FAC\0")))),
    ):
        with pytest.raises(MalformedError):
            read_portrait(broken, Limits())


@pytest.mark.parametrize("name", ["ICAO_39794_5_AP_DG2_AllFields.dat", "ICAO_39794_5_AP_DG2_MandFields.dat"])
def test_portraits_of_others(name: str) -> None:
    file = CHIPS / "gmrtd_iso39794" / name
    if not file.exists():
        pytest.skip(f"the vector is not here: {file}")
    found, page = read_portrait(file.read_bytes(), Limits())
    assert (found.standard, found.size) == ("ISO/IEC 39794-5", (413, 531))
    assert page is not None


def test_the_protocols_of_the_icao_example() -> None:
    file = CHIPS / "jmrtd_doc9303" / "spec_sample_encoded_dg14.bin"
    if not file.exists():
        pytest.skip(f"the vector is not here: {file}")
    assert protocols(file.read_bytes())[:2] == ("public key for chip authentication (DH)", "chip authentication")


def test_elements_are_bounded() -> None:
    assert tlv_at(b"\x5f\x1f\x01a").tag == 0x5F1F
    assert [one.tag for one in children(tlv_at(b"\x30\x04\x02\x00\x04\x00"))] == [2, 4]
    for broken in (
        b"",
        b"\x30",
        b"\x30\x80\x00\x00",
        b"\x30\x85" + bytes(9),
        b"\x30\x05\x00",
        b"\x5f",
        b"\x7f\xff\xff\xff\xff\x01",
    ):
        with pytest.raises(MalformedError):
            tlv_at(broken)
    deep = b""
    for _ in range(40):
        deep = maker().tlv(0x30, deep)
    with pytest.raises(MalformedError, match="deeply"):
        list(walk(tlv_at(deep)))
    assert is_der(b"\x30\x03\x02\x01\x00")
    assert not is_der(b"\x30\x81\x03\x02\x01\x00")
    assert not is_der(b"\x30\x03\x02\x01\x00\x00")


@pytest.mark.parametrize(
    ("certificate", "zone", "same"),
    [
        ("DE", "D", True), ("de", "DEU", True), ("GB", "GBO", True), ("CN", "HKG", True),
        ("KS", "RKS", True), ("UT", "UTO", True),
        ("LTU", "LTU", True), ("FR", "D", False), ("FR", "GBR", False), ("", "D", None),
        ("FR", "", None), ("QQ", "FRA", None),
        ("ZZ", "UNO", True),
    ],
)  # fmt: skip
def test_states(certificate: str, zone: str, same: bool | None) -> None:
    assert same_state(certificate, zone) is same


def test_a_portrait_that_its_digest_vouches_for_is_decoded_to_the_same_pixels() -> None:
    image = picture("JPEG2000")
    dg2 = maker().portrait_group(image, 60, 80)
    for whole in (False, True):
        facts, page = read_portrait(dg2, Limits(), whole=whole)
        assert page is not None and np.array_equal(page, np.asarray(Image.open(io.BytesIO(image)).convert("RGB")))
        assert (facts.kind, facts.size) == ("JPEG2000", (60, 80))


def test_a_portrait_beyond_the_limits_or_damaged_is_refused_whatever_its_digest_says() -> None:
    image = picture("JPEG2000")
    facts, page = read_portrait(maker().portrait_group(image, 60, 80), Limits(max_side=70), whole=True)
    assert page is None and facts.size is None and "max_side" in facts.irregularities[-1]
    facts, page = read_portrait(maker().portrait_group(image[:90], 60, 80), Limits(), whole=True)
    assert page is None and facts.size is None
