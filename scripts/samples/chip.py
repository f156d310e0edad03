"""Makes chips and seals of Utopia: a CSCA, signers of documents and seals, EF.SOD, master and revocation lists.

Independent of the reader it helps to test. Keys come from a seed and ECDSA is deterministic (RFC 6979), so that two
runs give the same bytes. The keys are public with this file: nothing they sign proves anything, and no site may trust
them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from asn1crypto import algos, cms, core, crl, keys, x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

__all__ = [
    "Signer", "answer", "authority", "data_groups", "dump", "dumped", "ec_key", "master_list", "portrait_group",
    "revocation_list", "seal", "security_object", "signer", "tlv",
]  # fmt: skip

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
_DIGESTS: dict[str, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(), "sha224": hashes.SHA224(), "sha256": hashes.SHA256(), "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}  # fmt: skip
_LDS, _MASTER_LIST = "2.23.136.1.1.1", "2.23.136.1.1.2"
_TAGS = {1: 0x61, 2: 0x75, 3: 0x63, 4: 0x76, 7: 0x67, 11: 0x6B, 12: 0x6C, 13: 0x6D, 14: 0x6E, 15: 0x6F, 16: 0x70}


@dataclass(frozen=True, slots=True)
class Signer:
    """A certificate with its private key, and how it signs."""

    certificate: bytes
    key: PrivateKey
    digest: str
    pss: bool = False


def ec_key(seed: str, curve: ec.EllipticCurve | None = None) -> ec.EllipticCurvePrivateKey:
    """Give the key of a seed."""
    chosen = curve or ec.SECP256R1()
    number = int.from_bytes(hashlib.shake_256(seed.encode()).digest(80), "big")
    return ec.derive_private_key(number % (1 << (chosen.key_size - 2)) + 1, chosen)


def authority(
    state: str = "UT", *, seed: str = "CSCA of Utopia", curve: ec.EllipticCurve | None = None, digest: str = "sha384",
    key: PrivateKey | None = None, pss: bool = False, explicit: bool = False,
) -> Signer:  # fmt: skip
    """Make a CSCA that signs its own certificate."""
    own = key or ec_key(seed, curve or ec.SECP384R1())
    name = {"country_name": state, "organization_name": "Registry", "common_name": f"CSCA {seed}"}
    bare = Signer(b"", own, digest, pss)
    start, end = dt.date(2015, 1, 1), dt.date(2040, 1, 1)
    return Signer(_certificate(bare, name, name, own, own, 1, start, end, ca=True, explicit=explicit), own, digest, pss)


def signer(
    issuer: Signer, state: str = "UT", *, seed: str = "DS of Utopia", curve: ec.EllipticCurve | None = None,
    digest: str = "sha256", key: PrivateKey | None = None, pss: bool = False, explicit: bool = False,
    serial: int = 0x5B, name: str = "", start: dt.date = dt.date(2018, 1, 1), end: dt.date = dt.date(2036, 1, 1),
) -> Signer:  # fmt: skip
    """Make a signer of documents or seals that an authority certifies; seals name it by `name` and `serial`."""
    own = key or ec_key(seed, curve)
    subject = {"country_name": state, "common_name": name or seed}
    parent = x509.Certificate.load(issuer.certificate).subject.native
    made = _certificate(issuer, subject, parent, own, issuer.key, serial, start, end, ca=False, explicit=explicit)
    return Signer(made, own, digest, pss)


def _certificate(
    issuer: Signer, subject: Mapping[str, str], parent: Mapping[str, str], own: PrivateKey, above: PrivateKey,
    serial: int, start: dt.date, end: dt.date, *, ca: bool, explicit: bool,
) -> bytes:  # fmt: skip
    spki = _spki(own, explicit=explicit)
    extensions = [
        {"extn_id": "authority_key_identifier", "critical": False, "extn_value": {"key_identifier": _spki(above).sha1}},
        {"extn_id": "key_identifier", "critical": False, "extn_value": _spki(own).sha1},
        {
            "extn_id": "key_usage",
            "critical": True,
            "extn_value": {"key_cert_sign", "crl_sign"} if ca else {"digital_signature"},
        },
    ]
    if ca:
        extensions.append(
            {"extn_id": "basic_constraints", "critical": True, "extn_value": {"ca": True, "path_len_constraint": 0}}
        )
    tbs = x509.TbsCertificate({
        "version": "v3", "serial_number": serial, "signature": _algorithm(issuer),
        "issuer": x509.Name.build(dict(parent)),
        "validity": {"not_before": _time(start), "not_after": _time(end)}, "subject": x509.Name.build(dict(subject)),
        "subject_public_key_info": spki, "extensions": extensions,
    })  # fmt: skip
    return bytes(
        x509.Certificate({
            "tbs_certificate": tbs, "signature_algorithm": _algorithm(issuer),
            "signature_value": _sign(issuer, tbs.dump()),
        }).dump()
    )  # fmt: skip


def _time(day: dt.date) -> x509.Time:
    return x509.Time({"utc_time": dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)})


def _spki(key: PrivateKey, *, explicit: bool = False) -> keys.PublicKeyInfo:
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    info = keys.PublicKeyInfo.load(public)
    if explicit and isinstance(key, ec.EllipticCurvePrivateKey):
        info["algorithm"]["parameters"] = keys.ECDomainParameters({"specified": _explicit(key.curve.name)})
        return keys.PublicKeyInfo.load(info.dump(force=True))
    return info


def _explicit(name: str) -> keys.SpecifiedECDomain:
    """Every parameter of a curve written out, as Doc 9303-12 demands."""
    from verify.document.trust.curves import curve_by_oid

    oid = {
        "secp256r1": "1.2.840.10045.3.1.7", "secp384r1": "1.3.132.0.34", "brainpoolP256r1": "1.3.36.3.3.2.8.1.1.7",
        "brainpoolP384r1": "1.3.36.3.3.2.8.1.1.11", "brainpoolP512r1": "1.3.36.3.3.2.8.1.1.13",
    }[name]  # fmt: skip
    one = curve_by_oid(oid)
    assert one is not None
    octets = [value.to_bytes(one.size, "big") for value in (one.a, one.b, one.x, one.y)]
    return keys.SpecifiedECDomain({
        "version": "ecdpVer1", "field_id": {"field_type": "prime_field", "parameters": core.Integer(one.p)},
        "curve": {"a": octets[0], "b": octets[1]}, "base": keys.ECPoint(b"\x04" + octets[2] + octets[3]),
        "order": one.order, "cofactor": 1,
    })  # fmt: skip


def _algorithm(by: Signer) -> algos.SignedDigestAlgorithm:
    if isinstance(by.key, ec.EllipticCurvePrivateKey):
        return algos.SignedDigestAlgorithm({"algorithm": f"{by.digest}_ecdsa"})
    if not by.pss:
        return algos.SignedDigestAlgorithm({"algorithm": f"{by.digest}_rsa", "parameters": core.Null()})
    plain = {"algorithm": by.digest, "parameters": core.Null()}
    parameters = algos.RSASSAPSSParams({
        "hash_algorithm": plain, "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": plain},
        "salt_length": _DIGESTS[by.digest].digest_size,
    })  # fmt: skip
    return algos.SignedDigestAlgorithm({"algorithm": "rsassa_pss", "parameters": parameters})


def _sign(by: Signer, message: bytes) -> bytes:
    digest = _DIGESTS[by.digest]
    if isinstance(by.key, ec.EllipticCurvePrivateKey):
        return by.key.sign(message, ec.ECDSA(digest, deterministic_signing=True))
    if by.pss:
        return by.key.sign(message, padding.PSS(padding.MGF1(digest), digest.digest_size), digest)
    return by.key.sign(message, padding.PKCS1v15(), digest)


def _signed(content_type: str, content: bytes, by: Signer, more: Sequence[bytes] = ()) -> bytes:
    """Wrap content as signed data (RFC 5652) with the two attributes that must be signed."""
    own = x509.Certificate.load(by.certificate)
    attributes = cms.CMSAttributes([
        cms.CMSAttribute({"type": "content_type", "values": [cms.ContentType(content_type)]}),
        cms.CMSAttribute({"type": "message_digest", "values": [hashlib.new(by.digest, content).digest()]}),
    ])  # fmt: skip
    digest = {"algorithm": by.digest, "parameters": core.Null()}
    info = cms.SignerInfo({
        "version": "v1", "digest_algorithm": digest, "signed_attrs": attributes, "signature_algorithm": _algorithm(by),
        "sid": {"issuer_and_serial_number": {"issuer": own.issuer, "serial_number": own.serial_number}},
        "signature": _sign(by, attributes.dump()),
    })  # fmt: skip
    data = cms.SignedData({
        "version": "v3", "digest_algorithms": [digest],
        "encap_content_info": {"content_type": content_type, "content": core.ParsableOctetString(content)},
        "certificates": [x509.Certificate.load(one) for one in (by.certificate, *more)], "signer_infos": [info],
    })  # fmt: skip
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": data}).dump())


def tlv(tag: int, *values: bytes) -> bytes:
    """Wrap values under a tag."""
    value, head = b"".join(values), tag.to_bytes((tag.bit_length() + 7) // 8, "big")
    if len(value) < 128:
        return head + bytes([len(value)]) + value
    length = len(value).to_bytes((len(value).bit_length() + 7) // 8, "big")
    return head + bytes([0x80 | len(length)]) + length + value


def portrait_group(image: bytes, width: int, height: int) -> bytes:
    """Give DG2 with one face by ISO/IEC 19794-5; the image is JPEG or JPEG 2000."""
    kind = 0 if image.startswith(b"\xff\xd8") else 1
    block = bytes(14) + bytes([1, kind]) + width.to_bytes(2, "big") + height.to_bytes(2, "big") + bytes(6) + image
    face = (len(block) + 6).to_bytes(4, "big") + bytes(2) + block
    record = b"FAC\x00010\x00" + (len(face) + 14).to_bytes(4, "big") + (1).to_bytes(2, "big") + face
    header = tlv(0xA1, tlv(0x81, b"\x02"), tlv(0x87, b"\x01\x01"), tlv(0x88, b"\x00\x08"))
    return tlv(0x75, tlv(0x7F61, tlv(0x02, b"\x01"), tlv(0x7F60, header, tlv(0x5F2E, record))))


def data_groups(
    lines: Sequence[str], portrait: bytes = b"", *, full_name: str = "", birth: dt.date | None = None,
    place: str = "", office: str = "", issued: dt.date | None = None, answers: PrivateKey | None = None,
) -> dict[int, bytes]:  # fmt: skip
    """Give the data groups of a holder: DG1, and DG2, DG11, DG12 and DG15 where there is something to write."""
    groups = {1: tlv(0x61, tlv(0x5F1F, "".join(lines).encode()))}
    if portrait:
        groups[2] = portrait
    person = [
        (0x5F0E, full_name.encode()),
        (0x5F2B, birth.strftime("%Y%m%d").encode() if birth else b""),
        (0x5F11, place.encode()),
    ]
    document = [(0x5F19, office.encode()), (0x5F26, issued.strftime("%Y%m%d").encode() if issued else b"")]
    for number, fields in ((11, person), (12, document)):
        given = [(tag, value) for tag, value in fields if value]
        if given:
            listed = b"".join(tag.to_bytes(2, "big") for tag, _value in given)
            groups[number] = tlv(_TAGS[number], tlv(0x5C, listed), *(tlv(tag, value) for tag, value in given))
    if answers is not None:
        groups[15] = tlv(0x6F, _spki(answers).dump())
    return groups


def security_object(groups: Mapping[int, bytes], by: Signer) -> bytes:
    """Give EF.SOD over data groups."""
    digests = [
        core.Sequence.load(
            tlv(0x30, core.Integer(number).dump(), core.OctetString(hashlib.new(by.digest, data).digest()).dump())
        )
        for number, data in sorted(groups.items())
    ]
    algorithm = algos.DigestAlgorithm({"algorithm": by.digest}).dump()
    content = tlv(0x30, core.Integer(0).dump(), algorithm, tlv(0x30, *(one.dump() for one in digests)))
    return tlv(0x77, _signed(_LDS, content, by))


def dump(groups: Mapping[int, bytes], by: Signer) -> dict[str, bytes]:
    """Give the files of a chip by name."""
    tags = bytes(_TAGS[number] for number in sorted(groups))
    common = tlv(0x60, tlv(0x5F01, b"0107"), tlv(0x5F36, b"040000"), tlv(0x5C, tags))
    files = {"EF.COM": common, "EF.SOD": security_object(groups, by)}
    return files | {f"EF.DG{number}": data for number, data in sorted(groups.items())}


def dumped(files: Mapping[str, bytes]) -> bytes:
    """Pack files into a zip; the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(f"{name}.bin", (2026, 6, 15, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def master_list(certificates: Sequence[bytes], by: Signer) -> bytes:
    """Give a signed list of CSCA certificates."""
    content = tlv(0x30, core.Integer(0).dump(), tlv(0x31, *sorted(certificates)))
    return _signed(_MASTER_LIST, content, by)


def revocation_list(serials: Sequence[int], by: Signer, issued: dt.date, due: dt.date) -> bytes:
    """Give a revocation list of an authority."""
    tbs = crl.TbsCertList({
        "version": "v2", "signature": _algorithm(by), "issuer": x509.Certificate.load(by.certificate).subject,
        "this_update": _time(issued), "next_update": _time(due),
        "revoked_certificates": [{"user_certificate": one, "revocation_date": _time(issued)} for one in serials],
    })  # fmt: skip
    return bytes(
        crl.CertificateList({
            "tbs_cert_list": tbs, "signature_algorithm": _algorithm(by), "signature": _sign(by, tbs.dump()),
        }).dump()
    )  # fmt: skip


def answer(key: PrivateKey, challenge: bytes) -> bytes:
    """Give the answer of Active Authentication that a chip with this key would give (Doc 9303-11, 6.1)."""
    if isinstance(key, ec.EllipticCurvePrivateKey):
        one = algos.DSASignature.load(key.sign(challenge, ec.ECDSA(hashes.SHA256(), deterministic_signing=True)))
        size = (key.curve.key_size + 7) // 8
        return b"".join(one[half].native.to_bytes(size, "big") for half in ("r", "s"))
    numbers = key.private_numbers()
    size = (key.key_size + 7) // 8
    body = bytes(range(256))[: size - 22] if size - 22 <= 256 else bytes(size - 22)
    block = b"\x6a" + body + hashlib.sha1(body + challenge, usedforsecurity=False).digest() + b"\xbc"
    return pow(int.from_bytes(block, "big"), numbers.d, numbers.public_numbers.n).to_bytes(size, "big")


def seal(
    by: Signer, kind: int, fields: Sequence[tuple[int, bytes]], *, state: str = "UTO", signed: dt.date, version: int = 4
) -> bytes:
    """Give a visible digital seal; `kind` is the two bytes of its type, values are encoded already (`c40`)."""
    own = x509.Certificate.load(by.certificate)
    name, reference = (
        f"{own.subject.native['country_name']}{own.subject.native['common_name']}",
        f"{own.serial_number:X}",
    )
    if version == 4:
        head = c40(f"{name}{len(reference):02X}") + c40(reference)
    else:
        head = c40(f"{name}{reference.rjust(5, '0')}")
    day = int(signed.strftime("%m%d%Y")).to_bytes(3, "big")
    body = bytes([0xDC, version - 1]) + c40(state.ljust(3)) + head + day + day + kind.to_bytes(2, "big")
    body += b"".join(_feature(tag, value) for tag, value in fields)
    assert isinstance(by.key, ec.EllipticCurvePrivateKey)
    size = (by.key.curve.key_size + 7) // 8
    digest = {28: "sha224", 32: "sha256", 48: "sha384"}.get(size, "sha512")
    one = algos.DSASignature.load(by.key.sign(body, ec.ECDSA(_DIGESTS[digest], deterministic_signing=True)))
    return body + _feature(0xFF, b"".join(one[half].native.to_bytes(size, "big") for half in ("r", "s")))


def _feature(tag: int, value: bytes) -> bytes:
    return bytes([tag]) + tlv(1, value)[1:]


def c40(text: str) -> bytes:
    """Pack text of capitals, digits and spaces; a filler of an MRZ is a space."""
    values = [3 if c in " <" else ord(c) - 44 if c.isdigit() else ord(c) - 51 for c in text]
    packed = b""
    for start in range(0, len(values), 3):
        part = values[start : start + 3]
        if len(part) == 1:
            packed += bytes([0xFE, ord(text[start].replace("<", " ")) + 1])
            continue
        one, two, three = (*part, 0)[:3]
        packed += (1600 * one + 40 * two + three + 1).to_bytes(2, "big")
    return packed
