"""Digital seals in the data structure for barcodes: signed, compressed, damaged; and the specimens, where they are."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import random
import re
import zlib
from typing import Any

import pytest
from asn1crypto import algos
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from verify.document.seal import read_seal
from verify.document.trust import TrustStore
from verify.model.seal import SealReading, SealState

from .maker import CHIPS, DAY, LINES, maker, trusting

VISA = ["VCUTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L8988901C4UTO7408122F1204159<<<<<<<<<<<<<<<<"]


@pytest.fixture(scope="module")
def signer() -> Any:
    make = maker()
    return make.signer(make.authority(), name="TS")


def seal(signer: Any, messages: bytes, *, flags: int = 1, prefix: bytes = b"RDB1") -> bytes:
    """A seal over messages, as its issuer would write it; flags 1 for signed, 2 for compressed."""
    make = maker()
    head = make.c40("UT")[:2]
    if flags & 1:
        head += b"\x01" + hashlib.sha1(signer.certificate).digest()[-5:] + b"\x00" + (2282011).to_bytes(3, "big")
    body = head + make.tlv(0x61, messages)
    if flags & 1:
        one = algos.DSASignature.load(signer.key.sign(body, ec.ECDSA(hashes.SHA256(), deterministic_signing=True)))
        body += make.tlv(0x7F, b"".join(one[half].native.to_bytes(32, "big") for half in ("r", "s")))
    packed = zlib.compress(body) if flags & 2 else body
    return prefix + bytes([ord("A") + flags]) + base64.b32encode(packed).rstrip(b"=")


def read(data: bytes, store: TrustStore) -> SealReading:
    found = read_seal(data, store, reference_date=DAY)
    assert found is not None
    return found


def visa(signer: Any, **more: Any) -> bytes:
    make = maker()
    inner = make.tlv(1, make.c40(VISA[0] + VISA[1][:28])) + make.tlv(3, b"\x02") + make.tlv(5, make.c40("L898902C3"))
    return seal(signer, make.tlv(1, inner), **more)


@pytest.mark.parametrize("flags", [1, 3])
@pytest.mark.parametrize("prefix", [b"RDB1", b"NDB1"])
def test_a_visa(signer: Any, flags: int, prefix: bytes) -> None:
    found = read(visa(signer, flags=flags, prefix=prefix), trusting(signer.certificate, authority=False))
    assert (found.state, found.document_type, found.issuing_state) == (SealState.SIGNATURE_OK, "visa", "UT")
    assert found.signed == dt.date(2011, 2, 28)
    assert found.value("passport number") == "L898902C3" and found.value("entries") == "2"
    assert found.mrz is not None
    assert found.mrz.value("primary_identifier") == "ERIKSSON" and found.mrz.value("document_number") == "L8988901C"
    assert found.signer is not None and found.trust_source == "the tests' own word"


@pytest.mark.parametrize(
    ("tag", "lines"),
    [
        (7, ["I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"]),
        (8, LINES),
        (129, ["I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"]),
    ],
)
def test_a_zone_of_each_layout(signer: Any, tag: int, lines: list[str]) -> None:
    make = maker()
    messages = make.tlv(tag, make.c40("".join(lines))) + make.tlv(132, b"\x00" + (4152012).to_bytes(3, "big"))
    found = read(seal(signer, messages), trusting(signer.certificate, authority=False))
    assert found.mrz is not None and list(found.mrz.lines) == lines
    assert found.value("expiry date") == "2012-04-15"


def test_an_unknown_signer_and_none(signer: Any) -> None:
    assert read(visa(signer), TrustStore()).state is SealState.SIGNER_UNKNOWN
    assert read(visa(signer, flags=0), TrustStore()).state is SealState.SIGNATURE_MISSING


def test_no_change_is_accepted(signer: Any) -> None:
    data, store = visa(signer), trusting(signer.certificate, authority=False)
    source = random.Random(7)
    states = set()
    for _ in range(200):
        changed = bytearray(data)
        bit = source.randrange(5 * 8, len(data) * 8)
        changed[bit // 8] ^= 1 << bit % 8
        states.add(read(bytes(changed), store).state)
    assert SealState.SIGNATURE_OK not in states
    assert {SealState.SIGNATURE_BAD, SealState.MALFORMED} <= states


@pytest.mark.parametrize(
    "data",
    [
        b"RDB1", b"RDB1Z", b"RDB1B", b"RDB1B1", b"RDB1BAAAA", b"RDB1DAAAAAAAA", b"RDB1B" + b"A" * 9000,
        b"RDB1D" + base64.b32encode(zlib.compress(bytes(100_000))).rstrip(b"="),
    ],
)  # fmt: skip
def test_what_is_no_whole_seal_is_malformed(data: bytes) -> None:
    found = read(data, TrustStore())
    assert found.state is SealState.MALFORMED and found.reason.startswith("the seal is ")


def test_specimens_verify() -> None:
    source = CHIPS / "vdstools" / "IcbRawStringsCommon.kt"
    if not source.is_file():
        pytest.skip("the specimens are not here")
    store = trusting((CHIPS / "vdstools" / "sealgen_UTTS5B.crt").read_bytes(), authority=False)
    seals = re.findall(r'"([NR]DB1[A-Z2-7]+)"', source.read_text(encoding="utf-8"))
    assert len(seals) == 9
    found = [read(one.encode(), store) for one in seals]
    assert {one.state for one in found} == {SealState.SIGNATURE_OK}
    assert sum(one.mrz is not None for one in found) == 8
    assert all(one.mrz is None or one.mrz.value("primary_identifier") for one in found)
