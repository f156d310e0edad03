"""Elliptic curves: their parameters as data, and ECDSA for those that the library refuses.

Parameters: FIPS 186-4 (P curves), RFC 5639 (brainpool), in `curves.txt`: name, object identifier, bytes; then p, a, b,
the base point's x and y, and the order, in hexadecimal. Doc 9303-12 demands explicit parameters in certificates. Such a
curve counts as one of these only when **every** parameter is equal: one that differs in its base point alone lets
anybody sign for anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["Curve", "curve_by_oid", "curve_with", "ecdsa_verifies", "is_on_curve"]

_Point = tuple[int, int, int]  # Jacobian: x / z², y / z³; z = 0 is the neutral element
_NEUTRAL: _Point = (1, 1, 0)


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve y² = x³ + ax + b over a prime field, with its base point (x, y) of prime order and cofactor 1."""

    name: str
    oid: str
    size: int
    p: int
    a: int
    b: int
    x: int
    y: int
    order: int


def curve_by_oid(oid: str) -> Curve | None:
    """The curve of an object identifier, None when it is none of ours."""
    return next((one for one in _curves() if one.oid == oid), None)


def curve_with(parameters: tuple[int, int, int, int, int, int], cofactor: int | None) -> Curve | None:
    """The curve whose p, a, b, x, y and order are all these, None when there is none."""
    if cofactor not in (None, 1):
        return None
    return next((one for one in _curves() if (one.p, one.a, one.b, one.x, one.y, one.order) == parameters), None)


def is_on_curve(curve: Curve, x: int, y: int) -> bool:
    """Whether a point lies on a curve."""
    p = curve.p
    return 0 <= x < p and 0 <= y < p and (y * y - (x * x + curve.a) * x - curve.b) % p == 0


def ecdsa_verifies(curve: Curve, point: tuple[int, int], digest: bytes, r: int, s: int) -> bool:
    """Whether (r, s) is the signature of a digest (FIPS 186-4, 6.4). Everything in it is public: no care for timing.

    Args:
        curve: of the key.
        point: the public key, on the curve.
        digest: of the message; its leftmost bits count.
        r: first half of the signature.
        s: second half of the signature.
    """
    n = curve.order
    if not (0 < r < n and 0 < s < n):
        return False
    e = int.from_bytes(digest, "big") >> max(0, len(digest) * 8 - n.bit_length())
    w = pow(s, -1, n)
    x, _y, z = _sum_of_multiples(curve, (curve.x, curve.y), e * w % n, point, r * w % n)
    if z == 0:
        return False
    inverse = pow(z, -1, curve.p)
    return x * inverse * inverse % curve.p % n == r


def _sum_of_multiples(curve: Curve, one: tuple[int, int], k: int, other: tuple[int, int], m: int) -> _Point:
    """K times one point plus m times another, by one run over the bits of both."""
    g, q = (*one, 1), (*other, 1)
    table = (_NEUTRAL, g, q, _add(curve, g, q))
    total = _NEUTRAL
    for bit in range(max(k.bit_length(), m.bit_length()) - 1, -1, -1):
        total = _double(curve, total)
        chosen = (k >> bit & 1) | (m >> bit & 1) << 1
        if chosen:
            total = _add(curve, total, table[chosen])
    return total


def _double(curve: Curve, point: _Point) -> _Point:
    x, y, z = point
    p = curve.p
    if z == 0 or y == 0:
        return _NEUTRAL
    yy = y * y % p
    s = 4 * x * yy % p
    zz = z * z % p
    m = (3 * x * x + curve.a * zz * zz) % p
    x3 = (m * m - 2 * s) % p
    return x3, (m * (s - x3) - 8 * yy * yy) % p, 2 * y * z % p


def _add(curve: Curve, one: _Point, other: _Point) -> _Point:
    (x1, y1, z1), (x2, y2, z2), p = one, other, curve.p
    if z1 == 0:
        return other
    if z2 == 0:
        return one
    zz1, zz2 = z1 * z1 % p, z2 * z2 % p
    u1, u2 = x1 * zz2 % p, x2 * zz1 % p
    s1, s2 = y1 * zz2 * z2 % p, y2 * zz1 * z1 % p
    if u1 == u2:
        return _double(curve, one) if s1 == s2 else _NEUTRAL
    h, r = u2 - u1, s2 - s1
    hh = h * h % p
    hhh, v = hh * h % p, u1 * hh % p
    x3 = (r * r - hhh - 2 * v) % p
    return x3, (r * (v - x3) - s1 * hhh) % p, z1 * z2 * h % p


@cache
def _curves() -> tuple[Curve, ...]:
    text = files("verify.document.trust").joinpath("curves.txt").read_text(encoding="ascii")
    found, rows = [], text.splitlines()
    for index in range(0, len(rows), 7):
        name, oid, size = rows[index].split()
        p, a, b, x, y, order = (int(row, 16) for row in rows[index + 1 : index + 7])
        found.append(Curve(name, oid, int(size), p, a, b, x, y, order))
    return tuple(found)
