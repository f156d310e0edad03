"""Signed data (RFC 5652) as EF.SOD and master lists carry it: one signer, signed attributes, the signer's certificate.

The signature covers the content and the signed attributes, and nothing else of the message. What it does not cover
(versions, sets of algorithms, who the signer is) is compared with what the standard and the rest of the message say;
what departs from it is an *irregularity*, told apart from a bad signature, because some issuers have habits of their
own.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from asn1crypto import cms, core

from verify.document.tlv import MalformedError, is_der
from verify.document.trust.certificate import Certificate, folded, parsed
from verify.document.trust.keys import Scheme, SignatureState, digest_of, scheme_of, signature_state

__all__ = ["SignedContent", "read_signed"]

_MAX_CERTIFICATES = 64
_CONTENT_TYPE, _MESSAGE_DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
_SIGNED_DATA = "1.2.840.113549.1.7.2"


@dataclass(frozen=True, slots=True)
class SignedContent:
    """A signed message after the comparison.

    Attributes:
        content: what was signed.
        content_type: its object identifier.
        state: of the signature; UNSUPPORTED when its scheme or key is none of ours.
        signer: the certificate that the signer is identified by; None when the message does not hold it.
        certificates: all that the message holds.
        algorithm: of the signature, in words; empty when it is none of ours.
        digest: of the message, e.g. "sha256".
        signed_on: the signing time among the signed attributes, as a day; None when there is none.
        irregularities: what departs from the standard where no signature covers it.
    """

    content: bytes
    content_type: str
    state: SignatureState
    signer: Certificate | None
    certificates: tuple[Certificate, ...]
    algorithm: str
    digest: str
    signed_on: dt.date | None
    irregularities: tuple[str, ...]


def read_signed(
    data: bytes, content_types: Collection[str], *, otherwise: Collection[Certificate] = ()
) -> SignedContent:
    """Reads a signed message and compares its signature with its signer's key.

    Args:
        data: a ContentInfo, nothing behind it.
        content_types: object identifiers of contents that are wanted.
        otherwise: certificates to find the signer in when the message does not hold it.

    Raises:
        MalformedError: it is no signed message with such a content and exactly one signer.
    """
    return parsed(lambda: _read(data, content_types, otherwise))


def _read(data: bytes, content_types: Collection[str], otherwise: Collection[Certificate]) -> SignedContent:
    outer = cms.ContentInfo.load(data, strict=True)
    if outer["content_type"].dotted != _SIGNED_DATA:
        raise MalformedError("no signed message")
    message = outer["content"]
    inner = message["encap_content_info"]
    content_type = inner["content_type"].dotted
    if content_type not in content_types:
        raise MalformedError("a signed message with another content than is wanted")
    if len(message["signer_infos"]) != 1:
        raise MalformedError("a signed message must have one signer")
    info = message["signer_infos"][0]
    certificates = tuple(_certificates(message))
    signer, found = _signer(info["sid"], certificates)
    if signer is None:
        signer, _found = _signer(info["sid"], tuple(otherwise), exact=True)
    content = bytes(inner["content"])
    digest = digest_of(info["digest_algorithm"])
    scheme = scheme_of(info["signature_algorithm"], digest)
    unsigned = [] if found or not certificates else ["the signer is not named as its certificate is"]
    result = SignedContent(
        content,
        content_type,
        SignatureState.UNSUPPORTED,
        signer,
        certificates,
        str(scheme or ""),
        digest,
        _signing_day(info),
        (*unsigned, *_irregularities(data, message, info, digest)),
    )
    return _compared(result, info, scheme)


def _certificates(message: Any) -> Iterator[Certificate]:
    choices = message["certificates"]
    if isinstance(choices, core.Void):
        return
    for number, choice in enumerate(choices):
        if number == _MAX_CERTIFICATES:
            raise MalformedError("a signed message with more certificates than any in use")
        if choice.name == "certificate":
            yield Certificate(choice.chosen.dump())


def _signer(sid: Any, certificates: tuple[Certificate, ...], *, exact: bool = False) -> tuple[Certificate | None, bool]:
    """The certificate that a signer identifier names, and whether it does so letter by letter.

    Some issuers encode the issuer's name in another kind of string than the certificate does, or spell it otherwise:
    then the only certificate of the message is the signer's.
    """
    for one in certificates:
        if sid.name == "issuer_and_serial_number":
            named = sid.chosen
            if named["serial_number"].native == one.serial:
                if named["issuer"].dump() == one.issuer_encoded:
                    return one, True
                if folded(named["issuer"]) == one.issuer:
                    return one, False
        elif sid.chosen.native == one.key_id and one.key_id:
            return one, True
    return (certificates[0], False) if len(certificates) == 1 and not exact else (None, False)


def _compared(result: SignedContent, info: Any, scheme: Scheme | None) -> SignedContent:
    if result.signer is None or scheme is None or not result.digest:
        return result
    try:
        key = result.signer.key
    except MalformedError:
        return result
    signature = info["signature"].native
    attributes = info["signed_attrs"]
    if isinstance(attributes, core.Void):
        state = signature_state(key, scheme, result.content, signature)
        return replace(result, state=state, irregularities=(*result.irregularities, "it has no signed attributes"))
    expected = hashlib.new(result.digest, result.content).digest()
    if _only(attributes, _MESSAGE_DIGEST) != expected or _only(attributes, _CONTENT_TYPE) != result.content_type:
        return replace(result, state=SignatureState.BAD)
    # they are signed under the tag of a set, not under the one they stand behind (RFC 5652, 5.4)
    as_set = b"\x31" + attributes.dump()[1:]
    state = signature_state(key, scheme, as_set, signature)
    if state is SignatureState.BAD:
        resorted = cms.CMSAttributes(sorted(attributes, key=lambda one: one.dump())).dump()
        if resorted != as_set and signature_state(key, scheme, resorted, signature) is SignatureState.OK:
            more = "its signed attributes do not stand in the order of DER"
            return replace(result, state=SignatureState.OK, irregularities=(*result.irregularities, more))
    return replace(result, state=state)


def _only(attributes: Any, oid: str) -> Any:
    """The one value of an attribute; None when it is missing or not alone."""
    values = [list(one["values"]) for one in attributes if one["type"].dotted == oid]
    if len(values) != 1 or len(values[0]) != 1:
        return None
    value = values[0][0]
    return value.dotted if isinstance(value, core.ObjectIdentifier) else value.native


def _signing_day(info: Any) -> dt.date | None:
    attributes = info["signed_attrs"]
    if isinstance(attributes, core.Void):
        return None
    moment = _only(attributes, "1.2.840.113549.1.9.5")
    return moment.astimezone(dt.UTC).date() if isinstance(moment, dt.datetime) else None


def _irregularities(data: bytes, message: Any, info: Any, digest: str) -> Iterator[str]:
    """What no signature covers and is not as RFC 5652 and Doc 9303-10, 4.6.2 say."""
    if not is_der(data):
        yield "it is not encoded in DER"
    if int(message["version"]) != 3:
        yield "its version is not 3"
    expected = 1 if info["sid"].name == "issuer_and_serial_number" else 3
    if int(info["version"]) != expected:
        yield f"the version of its signer is not {expected}"
    digests = [digest_of(one) for one in message["digest_algorithms"]]
    if not digest or digests != [digest]:
        yield "its list of digests is not the one digest of its signer"
    if not isinstance(message["crls"], core.Void) or not isinstance(info["unsigned_attrs"], core.Void):
        yield "it holds more than EF.SOD or a master list has"
