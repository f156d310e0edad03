"""Visible digital seals: header, C40, signature; damaged ones; and the seals of others, where they are."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.document.seal import c40_text, read_seal
from verify.document.tlv import MalformedError
from verify.document.trust import TrustStore
from verify.model.seal import SealReading, SealState

from .maker import CHIPS, DAY, maker, trusting

VISA = ["VCUTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L8988901C4UTO7408122F1204159<<<<<<<<<<<<<<<<"]
CARD = ["I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"]


def read(data: bytes, store: TrustStore | None = None) -> SealReading:
    found = read_seal(data, store or TrustStore(), reference_date=DAY)
    assert found is not None
    return found


@pytest.mark.parametrize("version", [3, 4])
@pytest.mark.parametrize("curve", [ec.SECP224R1(), ec.SECP256R1(), ec.BrainpoolP256R1(), ec.BrainpoolP384R1()])
def test_a_seal_of_utopia(version: int, curve: ec.EllipticCurve) -> None:
    make = maker()
    signer = make.signer(make.authority(), name="TS", curve=curve)
    store = trusting(signer.certificate, authority=False)
    fields = [(1, make.c40(VISA[0] + VISA[1][:28])), (3, b"\x02"), (4, b"abc"), (5, make.c40("L898902C3"))]
    data = make.seal(signer, 0x5D01, fields, signed=dt.date(2011, 2, 28), version=version)
    found = read(data, store)
    assert (found.state, found.version, found.issuing_state) == (SealState.SIGNATURE_OK, version, "UTO")
    assert (found.document_type, found.signed) == ("visa", dt.date(2011, 2, 28))
    assert found.value("entries") == "2" and found.value("tag 04") == "3 bytes"
    assert found.value("passport number") == "L898902C3"
    assert found.mrz is not None and found.mrz.format == "MRV-A"
    assert found.mrz.value("document_number") == "L8988901C"
    assert found.signer is not None and found.signer.subject == "C=UT, CN=TS"
    assert read(data).state is SealState.SIGNER_UNKNOWN
    impostor = make.signer(make.authority(), name="TS", curve=curve, seed="another key")
    assert read(data, trusting(impostor.certificate, authority=False)).state is SealState.SIGNATURE_BAD


def test_zones_of_cards_and_small_visas() -> None:
    make = maker()
    signer = make.signer(make.authority(), name="TS")
    small = [VISA[0][:36], VISA[1][:28]]
    for kind, tag, lines, form in ((0xFB06, 2, CARD, "TD2"), (0x5D01, 2, small, "MRV-B")):
        data = make.seal(signer, kind, [(tag, make.c40("".join(lines)))], signed=dt.date(2011, 2, 28))
        found = read(data)
        assert found.mrz is not None and found.mrz.format == form
        assert found.mrz.value("primary_identifier") == "ERIKSSON"


def test_what_is_no_seal_and_what_is_a_damaged_one() -> None:
    make = maker()
    data = make.seal(
        make.signer(make.authority(), name="TS"), 0xFB06, [(2, make.c40("A" * 72))], signed=dt.date(2011, 2, 28)
    )
    assert read_seal(b"", TrustStore(), reference_date=DAY) is None
    assert read_seal(b"@\nANSI", TrustStore(), reference_date=DAY) is None
    for cut in (*range(1, 18), 20, len(data) - 1):
        assert read(data[:cut]).state is SealState.MALFORMED
        assert read(data[:cut]).reason
    assert read(data + b"\0").state is SealState.MALFORMED
    assert read(data[:1] + b"\x07" + data[2:]).state is SealState.MALFORMED
    assert read(data[:-66]).state is SealState.SIGNATURE_MISSING
    assert read(b"\xdc\x03" + bytes(5000)).state is SealState.MALFORMED


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_end_as_a_state(data: bytes) -> None:
    assert read(b"\xdc\x03" + data).state in SealState


@pytest.mark.parametrize("text", ["", "A", "AB", "ABC", "ABCD", "L898902C3UTO ", "12345"])
def test_c40_there_and_back(text: str) -> None:
    assert c40_text(maker().c40(text)) == text


def test_c40_shifts_and_illegal_values() -> None:
    with pytest.raises(MalformedError):
        c40_text(b"\xfd\xff")
    lower = 2 * 1600 + 1 * 40 + 0 + 1  # shift 3, then a
    assert c40_text(lower.to_bytes(2, "big")) == "A"
    punctuation = 1 * 1600 + 13 * 40 + 3 + 1  # shift 2, then a full stop, then a space
    assert c40_text(punctuation.to_bytes(2, "big")) == ". "


def test_the_seals_of_others() -> None:
    folder = CHIPS / "vdstools"
    if not folder.exists():
        pytest.skip(f"the seals are not here: {folder}")
    signers = [path.read_bytes() for path in sorted(folder.glob("*.crt"))]
    store = trusting(*signers, authority=False)
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("VdsRaw*")))
    seals = re.findall(r"(\w+)(?:: ByteArray)?\s*=\s*\(((?:\s*\"[0-9A-Fa-f]+\"\s*\+?)+)\)\.hexToByteArray", text)
    states = {}
    for name, data in seals:
        content = bytes.fromhex("".join(re.findall(r"[0-9A-Fa-f]{2,}", data)))
        found = read(content, store)
        states[name] = found.state
        assert (found.signer is not None) is (found.state in (SealState.SIGNATURE_OK, SealState.SIGNATURE_BAD))
    assert len(states) == 17
    assert SealState.SIGNATURE_BAD not in states.values()
    known = [name for name, state in states.items() if state is SealState.SIGNATURE_OK]
    assert sorted(known) == [
        "addressStickerId", "addressStickerPassport", "emergenyTravelDoc", "permanentResidencePermit", "residentPermit",
        "supplementSheet", "visa_224bitSig",
    ]  # fmt: skip
