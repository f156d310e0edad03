"""Public keys and signatures: RSA (PKCS#1 v1.5, PSS) and ECDSA, as ICAO Doc 9303-12, 4.4 allows them.

The primitives are those of `cryptography`. What it refuses but certificates in use carry is done here: explicit curve
parameters, brainpool P192, P224 and P320, P-192 and P-224, and the PKCS#1 DigestInfo without its NULL.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from asn1crypto import algos, keys
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from verify.document.tlv import MalformedError
from verify.document.trust.curves import Curve, curve_by_oid, curve_with, ecdsa_verifies, is_on_curve

__all__ = [
    "DIGESTS",
    "PLAIN_ECDSA",
    "PublicKey",
    "Scheme",
    "SignatureState",
    "digest_of",
    "public_key",
    "scheme_of",
    "signature_state",
]

_MAX_RSA_BITS = 8192
_MAX_EXPONENT = 1 << 64
_NULL = (b"", b"\x05\x00")  # absent, or NULL: the two ways to say that an algorithm has no parameters

DIGESTS = {
    "1.3.14.3.2.26": "sha1",
    "2.16.840.1.101.3.4.2.4": "sha224",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
"""Object identifiers of the digests that Doc 9303-12 names."""

_LIBRARY: dict[str, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(),  # noqa: S303 - what chips in use were signed with; noted as weak, refused by nobody
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_LIBRARY_CURVES: dict[str, type[ec.EllipticCurve]] = {
    "P-256": ec.SECP256R1,
    "P-384": ec.SECP384R1,
    "P-521": ec.SECP521R1,
    "brainpoolP256r1": ec.BrainpoolP256R1,
    "brainpoolP384r1": ec.BrainpoolP384R1,
    "brainpoolP512r1": ec.BrainpoolP512R1,
}
_PKCS1, _PSS, _ECDSA = "RSA PKCS#1 v1.5", "RSA-PSS", "ECDSA"
PLAIN_ECDSA = "ECDSA, r and s side by side"
_SCHEMES = {
    "1.2.840.113549.1.1.5": (_PKCS1, "sha1"),
    "1.2.840.113549.1.1.14": (_PKCS1, "sha224"),
    "1.2.840.113549.1.1.11": (_PKCS1, "sha256"),
    "1.2.840.113549.1.1.12": (_PKCS1, "sha384"),
    "1.2.840.113549.1.1.13": (_PKCS1, "sha512"),
    "1.2.840.113549.1.1.1": (_PKCS1, ""),  # the digest is named elsewhere
    "1.2.840.10045.4.1": (_ECDSA, "sha1"),
    "1.2.840.10045.4.3.1": (_ECDSA, "sha224"),
    "1.2.840.10045.4.3.2": (_ECDSA, "sha256"),
    "1.2.840.10045.4.3.3": (_ECDSA, "sha384"),
    "1.2.840.10045.4.3.4": (_ECDSA, "sha512"),
    "1.2.840.10045.2.1": (_ECDSA, ""),  # the key's own identifier, where some issuers name the signature's
    "0.4.0.127.0.7.1.1.4.1.1": (PLAIN_ECDSA, "sha1"),
    "0.4.0.127.0.7.1.1.4.1.2": (PLAIN_ECDSA, "sha224"),
    "0.4.0.127.0.7.1.1.4.1.3": (PLAIN_ECDSA, "sha256"),
    "0.4.0.127.0.7.1.1.4.1.4": (PLAIN_ECDSA, "sha384"),
    "0.4.0.127.0.7.1.1.4.1.5": (PLAIN_ECDSA, "sha512"),
}
_PSS_OID, _MGF1_OID = "1.2.840.113549.1.1.10", "1.2.840.113549.1.1.8"
# DigestInfo up to the digest (RFC 8017, 9.2, note 1), without its outer header
_DIGEST_OID = {
    "sha1": bytes.fromhex("06052b0e03021a"),
    "sha224": bytes.fromhex("0609608648016503040204"),
    "sha256": bytes.fromhex("0609608648016503040201"),
    "sha384": bytes.fromhex("0609608648016503040202"),
    "sha512": bytes.fromhex("0609608648016503040203"),
}


class SignatureState(StrEnum):
    """The end of one comparison of a signature with a key."""

    OK = "ok"
    BAD = "bad"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Scheme:
    """How a signature was made: its kind, its digest, and for PSS the digest of MGF1 and the length of the salt."""

    kind: str
    digest: str
    mask_digest: str = ""
    salt: int = 0

    def __str__(self) -> str:
        """In words."""
        return f"{self.kind}, {self.digest.upper().replace('SHA', 'SHA-')}"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key: RSA has a modulus and an exponent, EC a curve and a point on it."""

    modulus: int = 0
    exponent: int = 0
    curve: Curve | None = None
    point: tuple[int, int] = (0, 0)

    def __str__(self) -> str:
        """In words, e.g. "RSA 2048" or "brainpoolP256r1"."""
        return self.curve.name if self.curve else f"RSA {self.modulus.bit_length()}"


def digest_of(algorithm: Any) -> str:
    """The digest that an AlgorithmIdentifier names, e.g. "sha256"; empty when it is none of ours or carries more."""
    plain = algorithm["parameters"].dump() in _NULL
    return DIGESTS.get(algorithm["algorithm"].dotted, "") if plain else ""


def scheme_of(algorithm: Any, digest: str = "") -> Scheme | None:
    """The scheme that a signature's AlgorithmIdentifier names, None when it is none of ours.

    Args:
        algorithm: as asn1crypto parsed it.
        digest: for the identifiers that name none.
    """
    oid = algorithm["algorithm"].dotted
    if oid == _PSS_OID:
        return _pss(algorithm["parameters"])
    kind, own = _SCHEMES.get(oid, ("", ""))
    if not kind or not (own or digest) or algorithm["parameters"].dump() not in _NULL:
        return None
    return Scheme(kind, own or digest)


def _pss(parameters: Any) -> Scheme | None:
    if not isinstance(parameters, algos.RSASSAPSSParams):
        return None
    mask = parameters["mask_gen_algorithm"]
    digest, salt = digest_of(parameters["hash_algorithm"]), parameters["salt_length"].native
    mask_digest = digest_of(mask["parameters"]) if mask["algorithm"].dotted == _MGF1_OID else ""
    if (
        not digest
        or not mask_digest
        or not 0 <= salt <= 512
        or parameters["trailer_field"].native not in (1, "trailer_field_bc")
    ):
        return None
    return Scheme(_PSS, digest, mask_digest, salt)


def public_key(info: keys.PublicKeyInfo) -> PublicKey:
    """The key of a SubjectPublicKeyInfo.

    Raises:
        MalformedError: its kind or curve is none of ours, its point is not on its curve, or it is beyond any in use.
    """
    oid = info["algorithm"]["algorithm"].dotted
    if oid in ("1.2.840.113549.1.1.1", "1.2.840.113549.1.1.7", _PSS_OID):
        parsed = info["public_key"].parsed
        modulus, exponent = parsed["modulus"].native, parsed["public_exponent"].native
        if not 512 <= modulus.bit_length() <= _MAX_RSA_BITS or not 1 < exponent < _MAX_EXPONENT:
            raise MalformedError("an RSA key beyond any in use")
        return PublicKey(modulus, exponent)
    if oid != "1.2.840.10045.2.1":
        raise MalformedError("a key that is neither RSA nor EC")
    curve = _curve(info["algorithm"]["parameters"])
    x, y = _point(bytes(info["public_key"]), curve)
    return PublicKey(curve=curve, point=(x, y))


def _curve(parameters: Any) -> Curve:
    curve = None
    if parameters.name == "named":
        curve = curve_by_oid(parameters.chosen.dotted)
    elif parameters.name == "specified":
        one = parameters.chosen
        field = one["field_id"]
        cofactor = one["cofactor"].native
        if field["field_type"].dotted == "1.2.840.10045.1.1":
            p = field["parameters"].native
            a, b = (int.from_bytes(one["curve"][name].native, "big") for name in ("a", "b"))
            x, y = _coordinates(bytes(one["base"]), (p.bit_length() + 7) // 8, (p, a, b))
            curve = curve_with((p, a, b, x, y, one["order"].native), cofactor)
    if curve is None:
        raise MalformedError("a curve that is none of the named ones in every parameter")
    return curve


def _point(data: bytes, curve: Curve) -> tuple[int, int]:
    x, y = _coordinates(data, curve.size, (curve.p, curve.a, curve.b))
    if not is_on_curve(curve, x, y):
        raise MalformedError("a public key that is no point of its curve")
    return x, y


def _coordinates(data: bytes, size: int, field: tuple[int, int, int]) -> tuple[int, int]:
    """A point from its octets (SEC 1, 2.3.4), also compressed where p = 3 (mod 4): for all curves but P-224."""
    head, rest = data[:1], data[1:]
    if head == b"\x04" and len(rest) == 2 * size:
        return int.from_bytes(rest[:size], "big"), int.from_bytes(rest[size:], "big")
    p, a, b = field
    if head in (b"\x02", b"\x03") and len(rest) == size and p % 4 == 3 and size <= 66:
        x = int.from_bytes(rest, "big")
        y = pow((x * x + a) * x + b, (p + 1) // 4, p)
        return x, y if y & 1 == head[0] & 1 else p - y
    raise MalformedError("a point that is not encoded as SEC 1 says")


def signature_state(key: PublicKey, scheme: Scheme, message: bytes, signature: bytes) -> SignatureState:
    """Whether a signature over a message was made with the private half of a key."""
    if (key.curve is None) == (scheme.kind in (_ECDSA, PLAIN_ECDSA)):
        return SignatureState.BAD  # an RSA signature for an EC key, or the other way round
    if key.curve is None:
        return _rsa(key, scheme, message, signature)
    halves = _halves(signature, key.curve) if scheme.kind == PLAIN_ECDSA else _der_halves(signature)
    if halves is None:
        return SignatureState.BAD
    return _stated(_ecdsa(key, key.curve, scheme, message, halves))


def _stated(sound: bool) -> SignatureState:
    return SignatureState.OK if sound else SignatureState.BAD


def _halves(signature: bytes, curve: Curve) -> tuple[int, int] | None:
    size = (curve.order.bit_length() + 7) // 8
    if len(signature) != 2 * size:
        return None
    return int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big")


def _der_halves(signature: bytes) -> tuple[int, int] | None:
    try:
        one = algos.DSASignature.load(signature, strict=True)
        r, s = one["r"].native, one["s"].native
    except (ValueError, TypeError):
        return None
    same = algos.DSASignature({"r": r, "s": s}).dump() == signature
    return (r, s) if same else None


def _ecdsa(key: PublicKey, curve: Curve, scheme: Scheme, message: bytes, halves: tuple[int, int]) -> bool:
    library = _LIBRARY_CURVES.get(curve.name)
    if library is not None:
        try:
            known = ec.EllipticCurvePublicNumbers(*key.point, library()).public_key()
            encoded = algos.DSASignature({"r": halves[0], "s": halves[1]}).dump()
            known.verify(encoded, message, ec.ECDSA(_LIBRARY[scheme.digest]))
        except InvalidSignature:
            return False
        except (UnsupportedAlgorithm, ValueError):
            pass  # a build of the library without this curve
        else:
            return True
    return ecdsa_verifies(curve, key.point, hashlib.new(scheme.digest, message).digest(), *halves)


def _rsa(key: PublicKey, scheme: Scheme, message: bytes, signature: bytes) -> SignatureState:
    size = (key.modulus.bit_length() + 7) // 8
    if len(signature) != size:
        return SignatureState.BAD
    if scheme.kind == _PKCS1:
        value = int.from_bytes(signature, "big")
        if value >= key.modulus:
            return SignatureState.BAD
        shown = pow(value, key.exponent, key.modulus).to_bytes(size, "big")
        digest = hashlib.new(scheme.digest, message).digest()
        return _stated(any(shown == _padded(scheme.digest, digest, size, null) for null in (_NULL[1], _NULL[0])))
    pss = padding.PSS(padding.MGF1(_LIBRARY[scheme.mask_digest]), scheme.salt)
    try:
        known = rsa.RSAPublicNumbers(key.exponent, key.modulus).public_key()
        known.verify(signature, message, pss, _LIBRARY[scheme.digest])
    except InvalidSignature:
        return SignatureState.BAD
    except (UnsupportedAlgorithm, ValueError):
        return SignatureState.UNSUPPORTED
    return SignatureState.OK


def _padded(name: str, digest: bytes, size: int, null: bytes) -> bytes:
    """The only bytes that a PKCS#1 v1.5 signature may stand for (RFC 8017, 9.2), compared whole: no parsing to fool."""
    identifier = _DIGEST_OID[name] + null
    body = bytes((0x30, len(identifier))) + identifier + bytes((0x04, len(digest))) + digest
    info = bytes((0x30, len(body))) + body
    return b"\x00\x01" + b"\xff" * (size - len(info) - 3) + b"\x00" + info
