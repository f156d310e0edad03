"""The answer of Active Authentication, where a reader has kept challenge and response (ICAO Doc 9303-11, 6.1).

Passive authentication cannot tell a chip from its copy. An answer can: it is made with a private key that no reader
gets. RSA keys answer by ISO/IEC 9796-2, scheme 1 with the message partly in the signature; EC keys by ECDSA with r
and s side by side.
"""

from __future__ import annotations

import hashlib

from verify.document.trust.curves import Curve, ecdsa_verifies
from verify.document.trust.keys import PublicKey

__all__ = ["CHALLENGE_BYTES", "answer_verifies"]

CHALLENGE_BYTES = 8
_TRAILERS = {0x33: "sha1", 0x34: "sha256", 0x36: "sha384", 0x35: "sha512", 0x38: "sha224"}
_DIGESTS = ("sha256", "sha1", "sha224", "sha384", "sha512")


def answer_verifies(key: PublicKey, challenge: bytes, response: bytes) -> bool:
    """Whether a response to a challenge was made with the private half of DG15's key."""
    if len(challenge) != CHALLENGE_BYTES:
        return False
    return _ec(key.curve, key.point, challenge, response) if key.curve else _rsa(key, challenge, response)


def _ec(curve: Curve, point: tuple[int, int], challenge: bytes, response: bytes) -> bool:
    half = len(response) // 2
    r, s = int.from_bytes(response[:half], "big"), int.from_bytes(response[half:], "big")
    # the digest is named in DG14 or goes with the curve's size; trying the five costs nothing in certainty
    return any(ecdsa_verifies(curve, point, hashlib.new(name, challenge).digest(), r, s) for name in _DIGESTS)


def _rsa(key: PublicKey, challenge: bytes, response: bytes) -> bool:
    size = (key.modulus.bit_length() + 7) // 8
    value = int.from_bytes(response, "big")
    if len(response) != size or value >= key.modulus:
        return False
    shown = pow(value, key.exponent, key.modulus)
    # the answerer may have taken the smaller of a signature and its complement (ISO/IEC 9796-2, B.5)
    return any(_recovers(one.to_bytes(size, "big"), challenge) for one in (shown, key.modulus - shown))


def _recovers(block: bytes, challenge: bytes) -> bool:
    """6A, the recoverable part of the message, its digest with the challenge behind, and the trailer."""
    if block[-1] == 0xBC:
        name, trailer = "sha1", 1
    elif block[-1] == 0xCC and block[-2] in _TRAILERS:
        name, trailer = _TRAILERS[block[-2]], 2
    else:
        return False
    length = hashlib.new(name).digest_size
    body = block[1 : len(block) - trailer - length]
    digest = block[len(block) - trailer - length : len(block) - trailer]
    return block[0] == 0x6A and hashlib.new(name, body + challenge).digest() == digest
