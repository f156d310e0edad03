"""Keys, curves and signatures: what the library refuses and certificates in use carry; what must never pass."""

from __future__ import annotations

import datetime as dt

import pytest
from asn1crypto import keys, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from verify.document.tlv import MalformedError
from verify.document.trust import Certificate, SignatureState, certificate_of
from verify.document.trust.curves import curve_by_oid, curve_with, ecdsa_verifies, is_on_curve
from verify.document.trust.keys import PublicKey, Scheme, public_key, signature_state

from ..maker import CHIPS, maker

NAMED = {
    "1.2.840.10045.3.1.7": ec.SECP256R1(), "1.3.132.0.34": ec.SECP384R1(), "1.3.132.0.35": ec.SECP521R1(),
    "1.3.36.3.3.2.8.1.1.7": ec.BrainpoolP256R1(), "1.3.36.3.3.2.8.1.1.11": ec.BrainpoolP384R1(),
    "1.3.36.3.3.2.8.1.1.13": ec.BrainpoolP512R1(),
}  # fmt: skip
ALONE = ["1.2.840.10045.3.1.1", "1.3.132.0.33", *(f"1.3.36.3.3.2.8.1.1.{n}" for n in (3, 5, 9))]


@pytest.mark.parametrize("oid", [*NAMED, *ALONE])
def test_a_curve_has_its_base_point_and_its_order(oid: str) -> None:
    curve = curve_by_oid(oid)
    assert curve
    assert is_on_curve(curve, curve.x, curve.y)
    assert not is_on_curve(curve, curve.x, curve.y + 1)
    # (order - 1) times the base point is its mirror image: the public key of the private key order - 1
    point = (curve.x, curve.p - curve.y)
    digest = b"\x11" * 20
    e = int.from_bytes(digest, "big") >> max(0, 160 - curve.order.bit_length())
    r = curve.x % curve.order  # the nonce 1
    s = (e + r * (curve.order - 1)) % curve.order
    assert ecdsa_verifies(curve, point, digest, r, s)
    assert not ecdsa_verifies(curve, point, digest, r, s ^ 1)
    assert not ecdsa_verifies(curve, point, b"\x12" * 20, r, s)
    assert not ecdsa_verifies(curve, point, digest, 0, s)
    assert not ecdsa_verifies(curve, point, digest, r, curve.order)


@pytest.mark.parametrize(("oid", "named"), NAMED.items())
@pytest.mark.parametrize("digest", ["sha1", "sha256", "sha512"])
def test_our_own_ecdsa_agrees_with_the_library(oid: str, named: ec.EllipticCurve, digest: str) -> None:
    import hashlib

    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

    curve, key = curve_by_oid(oid), maker().ec_key("agreement", named)
    assert curve
    algorithm = {"sha1": hashes.SHA1(), "sha256": hashes.SHA256(), "sha512": hashes.SHA512()}[digest]
    r, s = decode_dss_signature(key.sign(b"message", ec.ECDSA(algorithm)))
    numbers = key.public_key().public_numbers()
    assert ecdsa_verifies(curve, (numbers.x, numbers.y), hashlib.new(digest, b"message").digest(), r, s)
    assert not ecdsa_verifies(curve, (numbers.x, numbers.y), hashlib.new(digest, b"massage").digest(), r, s)


def test_an_explicit_curve_counts_only_with_every_parameter() -> None:
    curve = curve_by_oid("1.3.36.3.3.2.8.1.1.7")
    assert curve
    whole = [curve.p, curve.a, curve.b, curve.x, curve.y, curve.order]
    assert curve_with(tuple(whole), 1) is curve  # type: ignore[arg-type]
    assert curve_with(tuple(whole), None) is curve  # type: ignore[arg-type]
    assert curve_with(tuple(whole), 2) is None  # type: ignore[arg-type]
    for index in range(len(whole)):
        changed = [value + (place == index) for place, value in enumerate(whole)]
        assert curve_with(tuple(changed), 1) is None  # type: ignore[arg-type]


def test_a_certificate_with_another_base_point_is_refused() -> None:
    """Whoever may choose the base point signs for anybody (CVE-2020-0601)."""
    made = maker().authority(curve=ec.BrainpoolP384R1(), explicit=True)
    assert str(Certificate(made.certificate).key) == "brainpoolP384r1"
    curve = curve_by_oid("1.3.36.3.3.2.8.1.1.11")
    assert curve
    base = curve.x.to_bytes(48, "big") + curve.y.to_bytes(48, "big")
    mirrored = curve.x.to_bytes(48, "big") + (curve.p - curve.y).to_bytes(48, "big")
    assert base in made.certificate
    forged = Certificate(made.certificate.replace(base, mirrored))
    with pytest.raises(MalformedError, match="none of the named ones"):
        _ = forged.key


@pytest.fixture(scope="module")
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def own(key: rsa.RSAPrivateKey) -> PublicKey:
    numbers = key.public_key().public_numbers()
    return PublicKey(numbers.n, numbers.e)


def test_pkcs1_with_and_without_its_null(rsa_key: rsa.RSAPrivateKey) -> None:
    scheme, key = Scheme("RSA PKCS#1 v1.5", "sha256"), own(rsa_key)
    usual = rsa_key.sign(b"message", padding.PKCS1v15(), hashes.SHA256())
    assert signature_state(key, scheme, b"message", usual) is SignatureState.OK
    assert signature_state(key, scheme, b"massage", usual) is SignatureState.BAD
    digest = hashes.Hash(hashes.SHA256())
    digest.update(b"message")
    info = bytes.fromhex("302f300b0609608648016503040201") + b"\x04\x20" + digest.finalize()
    for filling, state in ((b"\xff", SignatureState.OK), (b"\xfe", SignatureState.BAD)):
        block = b"\x00\x01" + filling * (256 - len(info) - 3) + b"\x00" + info
        private = rsa_key.private_numbers()
        value = pow(int.from_bytes(block, "big"), private.d, private.public_numbers.n)
        assert signature_state(key, scheme, b"message", value.to_bytes(256, "big")) is state
    assert signature_state(key, scheme, b"message", b"\xff" * 256) is SignatureState.BAD
    assert signature_state(key, scheme, b"message", usual[1:]) is SignatureState.BAD


def test_pss_needs_its_own_salt_and_digest(rsa_key: rsa.RSAPrivateKey) -> None:
    signature = rsa_key.sign(b"message", padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
    key = own(rsa_key)
    for digest, mask, salt, state in (
        ("sha256", "sha256", 32, SignatureState.OK),
        ("sha256", "sha1", 32, SignatureState.BAD),
        ("sha256", "sha256", 20, SignatureState.BAD),
        ("sha1", "sha256", 32, SignatureState.BAD),
    ):
        assert signature_state(key, Scheme("RSA-PSS", digest, mask, salt), b"message", signature) is state


def test_a_signature_of_the_other_kind_is_bad(rsa_key: rsa.RSAPrivateKey) -> None:
    curve = curve_by_oid("1.2.840.10045.3.1.7")
    assert signature_state(own(rsa_key), Scheme("ECDSA", "sha256"), b"", b"") is SignatureState.BAD
    elliptic = PublicKey(curve=curve, point=(1, 1))
    assert signature_state(elliptic, Scheme("RSA-PSS", "sha256", "sha256", 32), b"", b"") is SignatureState.BAD


def test_keys_beyond_any_in_use_are_refused(rsa_key: rsa.RSAPrivateKey) -> None:
    def info(modulus: int, exponent: int) -> keys.PublicKeyInfo:
        bare = keys.RSAPublicKey({"modulus": modulus, "public_exponent": exponent})
        made = keys.PublicKeyInfo({"algorithm": {"algorithm": "rsa"}, "public_key": bare})
        return keys.PublicKeyInfo.load(made.dump())

    assert public_key(info(own(rsa_key).modulus, 38129)).exponent == 38129, "such exponents are in use"
    for modulus, exponent in ((1 << 9000, 65537), (1 << 300, 65537), (1 << 2047, 1), (1 << 2047, 1 << 2000)):
        with pytest.raises(MalformedError):
            public_key(info(modulus, exponent))


def test_a_certificate_names_one_algorithm_twice() -> None:
    above = maker().authority()
    made = x509.Certificate.load(above.certificate)
    made["signature_algorithm"] = {"algorithm": "sha256_ecdsa"}
    changed = Certificate(made.dump(force=True))
    assert Certificate(above.certificate).signed_by(Certificate(above.certificate)) is SignatureState.OK
    assert changed.signed_by(Certificate(above.certificate)) is SignatureState.BAD


def test_facts_of_a_certificate() -> None:
    above = maker().authority("ut")
    made = Certificate(maker().signer(above, "ut", seed="A signer", serial=0xAB).certificate)
    assert (made.state, made.common_name, made.facts.serial) == ("UT", "A SIGNER", "ab")
    assert (made.not_before, made.is_authority) == (dt.date(2018, 1, 1), False)
    assert made.issuer == Certificate(above.certificate).subject
    assert made.authority_key_id == Certificate(above.certificate).key_id != b""


@pytest.mark.parametrize("data", [b"", b"\x30", b"0\x03abc", b"\x30\x80" + bytes(40), bytes(30_000)])
def test_what_is_no_certificate_is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedError):
        certificate_of(data)


@pytest.mark.parametrize("folder", sorted((CHIPS / "mock_certs").glob("*/")), ids=lambda path: path.name)
def test_mock_signers_of_others(folder) -> None:  # type: ignore[no-untyped-def]
    pair = [folder / "mock_dsc.pem", folder / "mock_csca.pem"]
    if not all(path.exists() for path in pair):
        pytest.skip("one of the pair is not here")
    signer, above = (certificate_of(path.read_bytes()) for path in pair)
    assert signer.signed_by(above) is SignatureState.OK
    assert above.signed_by(signer) is SignatureState.BAD
