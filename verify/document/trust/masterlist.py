"""Signed lists of CSCA certificates (ICAO Doc 9303-12, 8: CscaMasterList)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from asn1crypto import pem

from verify.document.tlv import MalformedError, children, tlv_at
from verify.document.trust.certificate import Certificate, parsed
from verify.document.trust.keys import SignatureState
from verify.document.trust.signed import read_signed

__all__ = ["MasterList", "certificate_of", "is_vouched", "read_master_list"]

_CSCA_MASTER_LIST = "2.23.136.1.1.2"
_MAX_CERTIFICATES = 20_000


@dataclass(frozen=True, slots=True)
class MasterList:
    """A master list whose signature leads to the root it was compared with.

    Attributes:
        signer: of the list.
        signed_on: the day that its signer gives; None when it gives none.
        certificates: that can be read.
        unreadable: how many cannot.
        supported: of the certificates, how many are signed by their own key or by that of another in the list.
    """

    signer: Certificate
    signed_on: dt.date | None
    certificates: tuple[Certificate, ...]
    unreadable: int
    supported: int


def certificate_of(data: bytes) -> Certificate:
    """A certificate from a file, DER or PEM.

    Raises:
        MalformedError: it is none.
    """
    return Certificate(parsed(lambda: pem.unarmor(data)[2]) if pem.detect(data) else data)


def read_master_list(data: bytes, root: Certificate) -> MasterList:
    """Reads a list and follows its signature to the root.

    Args:
        data: the whole file.
        root: the certificate of the CSCA that its signer's certificate must come from.

    Raises:
        MalformedError: it is no master list, or its signature does not lead to this root.
    """
    signed = read_signed(data, {_CSCA_MASTER_LIST})
    if signed.signer is None:
        raise MalformedError("the list does not hold its signer's certificate")
    if signed.state is not SignatureState.OK:
        raise MalformedError(f"the signature of the list is {signed.state}")
    if signed.irregularities:
        raise MalformedError(f"the list departs from its standard: {signed.irregularities[0]}")
    if signed.signer.sha256 != root.sha256 and signed.signer.signed_by(root) is not SignatureState.OK:
        raise MalformedError("the signer of the list was not certified by this root")
    certificates, unreadable = _listed(signed.content)
    return MasterList(signed.signer, signed.signed_on, certificates, unreadable, _supported(certificates))


def is_vouched(certificate: Certificate, issuers: Iterable[Certificate]) -> bool:
    """Whether one of these certificates' keys signed a certificate."""
    for issuer in issuers:
        try:
            if certificate.signed_by(issuer) is SignatureState.OK:
                return True
        except MalformedError:
            continue  # a key that cannot be read signs nothing
    return False


def _listed(content: bytes) -> tuple[tuple[Certificate, ...], int]:
    whole = tlv_at(content)
    parts = list(children(whole))
    if whole.end != len(content) or len(parts) != 2 or parts[0].value != b"\0":
        raise MalformedError("the content is no list of certificates of version 0")
    found, unreadable = [], 0
    for number, one in enumerate(children(parts[1])):
        if number == _MAX_CERTIFICATES:
            raise MalformedError("the list has more certificates than there are CSCAs")
        try:
            found.append(Certificate(one.encoded))
        except MalformedError:
            unreadable += 1
    return tuple(found), unreadable


def _supported(certificates: tuple[Certificate, ...]) -> int:
    by_subject = defaultdict(list)
    for one in certificates:
        by_subject[one.subject].append(one)
    return sum(is_vouched(one, by_subject[one.issuer]) for one in certificates)
