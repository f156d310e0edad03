"""Certificate revocation lists of CSCAs (ICAO Doc 9303-12, 7.1.4; RFC 5280, section 5)."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Any

from asn1crypto import crl, pem

from verify.document.tlv import MalformedError
from verify.document.trust.certificate import ASN1_ERRORS, Certificate, folded, parsed
from verify.document.trust.keys import SignatureState, scheme_of, signature_state

__all__ = ["RevocationList"]


class RevocationList:
    """One list of one issuer."""

    def __init__(self, data: bytes) -> None:
        """Take the bytes, DER or PEM.

        Raises:
            MalformedError: they are no revocation list.
        """
        self.der = parsed(lambda: pem.unarmor(data)[2]) if pem.detect(data) else data
        self._list = parsed(lambda: crl.CertificateList.load(self.der, strict=True))
        self._tbs: Any = parsed(lambda: self._list["tbs_cert_list"])
        self.issuer = parsed(lambda: folded(self._tbs["issuer"]))
        self.issued = self._day("this_update")
        if self.issued is None:
            raise MalformedError("a revocation list without its day")

    @cached_property
    def next_update(self) -> dt.date | None:
        """When the next one was due; None when it does not say."""
        return self._day("next_update")

    @cached_property
    def serials(self) -> frozenset[int]:
        """Serial numbers of what is revoked."""
        entries = parsed(lambda: self._tbs["revoked_certificates"])
        return parsed(lambda: frozenset(one["user_certificate"].native for one in entries))

    def signed_by(self, issuer: Certificate) -> SignatureState:
        """Whether its signature was made with that certificate's key."""
        return parsed(lambda: self._signed_by(issuer))

    def _signed_by(self, issuer: Certificate) -> SignatureState:
        algorithm, value = self._list["signature_algorithm"], self._list["signature"].contents
        if algorithm.dump() != self._tbs["signature"].dump() or value[:1] != b"\0":
            return SignatureState.BAD
        scheme = scheme_of(algorithm)
        if scheme is None:
            return SignatureState.UNSUPPORTED
        return signature_state(issuer.key, scheme, self._tbs.dump(), value[1:])

    def _day(self, name: str) -> dt.date | None:
        try:
            moment = self._tbs[name].native
            return moment.astimezone(dt.UTC).date() if isinstance(moment, dt.datetime) else None
        except ASN1_ERRORS:
            return None
