"""Certificates of CSCAs and of signers, tolerant of what those in use carry (ICAO Doc 9303-12, 7.1)."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

from asn1crypto import x509

from verify.document.tlv import MalformedError
from verify.document.trust.keys import PublicKey, SignatureState, public_key, scheme_of, signature_state
from verify.model.chip import SignerFacts

__all__ = ["ASN1_ERRORS", "Certificate", "folded", "parsed"]

ASN1_ERRORS = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError)
"""What asn1crypto raises on damaged bytes, mostly long after it has accepted them, since it parses as it is asked."""

_T = TypeVar("_T")
_COUNTRY, _NAME = "2.5.4.6", "2.5.4.3"
_MAX_BYTES = 20_000  # the longest certificate of a master list has under 4,000
_Parts = tuple[tuple[str, str], ...]


def parsed(action: Callable[[], _T]) -> _T:
    """What an action gives on bytes from outside.

    Raises:
        MalformedError: asn1crypto stumbled over them.
    """
    try:
        return action()
    except MalformedError:
        raise
    except ASN1_ERRORS as error:
        # without the library's own words, which quote what it could not read
        raise MalformedError(f"not encoded as its standard says ({type(error).__name__})") from None


def folded(name: x509.Name) -> _Parts:
    """A distinguished name for comparison: by attribute, without regard to case, spaces or kind of string."""
    return tuple(
        sorted(
            (part["type"].dotted, " ".join(str(part["value"].native).casefold().split()))
            for group in name.chosen
            for part in group
        )
    )


class Certificate:
    """One certificate. Its parts are parsed as they are asked for; each raises MalformedError when it cannot be."""

    def __init__(self, der: bytes) -> None:
        """Take the bytes.

        Raises:
            MalformedError: they are no certificate at all.
        """
        if len(der) > _MAX_BYTES:
            raise MalformedError("a certificate longer than any in use")
        self.der = der
        self._certificate = parsed(lambda: x509.Certificate.load(der, strict=True))
        self._tbs: Any = parsed(lambda: self._certificate["tbs_certificate"])
        self.subject, self.issuer  # noqa: B018 - without names it is of no use to anybody

    @cached_property
    def sha256(self) -> str:
        """Of its bytes, hexadecimal."""
        return hashlib.sha256(self.der).hexdigest()

    @cached_property
    def subject(self) -> _Parts:
        """Its subject, folded."""
        return parsed(lambda: folded(self._tbs["subject"]))

    @cached_property
    def issuer(self) -> _Parts:
        """Its issuer, folded."""
        return parsed(lambda: folded(self._tbs["issuer"]))

    @cached_property
    def issuer_encoded(self) -> bytes:
        """Its issuer as encoded."""
        return bytes(parsed(lambda: self._tbs["issuer"].dump()))

    @cached_property
    def serial(self) -> int:
        """Its serial number; some in use are negative."""
        return int(parsed(lambda: self._tbs["serial_number"].native))

    @cached_property
    def state(self) -> str:
        """The state that its subject names, upper case, mostly two letters; empty when it names none."""
        return next((value.upper() for oid, value in self.subject if oid == _COUNTRY), "")

    @cached_property
    def common_name(self) -> str:
        """The common name of its subject, upper case; empty when it has none."""
        return next((value.upper() for oid, value in self.subject if oid == _NAME), "")

    @cached_property
    def key_id(self) -> bytes:
        """Its subject key identifier; empty when it has none that can be read."""
        return self._extension("key_identifier")

    @cached_property
    def authority_key_id(self) -> bytes:
        """Its authority key identifier; empty when it has none that can be read."""
        try:
            value = self._certificate.authority_key_identifier_value
            return bytes(value["key_identifier"].native or b"") if value is not None else b""
        except ASN1_ERRORS:
            return b""

    @cached_property
    def is_authority(self) -> bool:
        """Whether its basic constraints say that it may issue certificates."""
        try:
            value = self._certificate.basic_constraints_value
            return value is not None and bool(value["ca"].native)
        except ASN1_ERRORS:
            return False

    @cached_property
    def key(self) -> PublicKey:
        """Its public key."""
        return parsed(lambda: public_key(self._tbs["subject_public_key_info"]))

    @cached_property
    def not_before(self) -> dt.date | None:
        """Its first day, UTC; None when it cannot be read."""
        return self._day("not_before")

    @cached_property
    def not_after(self) -> dt.date | None:
        """Its last day, UTC; None when it cannot be read."""
        return self._day("not_after")

    def signed_by(self, issuer: Certificate) -> SignatureState:
        """Whether its signature was made with the key of another certificate, or of itself."""
        return parsed(lambda: self._signed_by(issuer.key))

    def _signed_by(self, key: PublicKey) -> SignatureState:
        algorithm, value = self._certificate["signature_algorithm"], self._certificate["signature_value"].contents
        if algorithm.dump() != self._tbs["signature"].dump() or value[:1] != b"\0":
            return SignatureState.BAD  # RFC 5280, 4.1.1.2: both name one algorithm; a signature has whole octets
        scheme = scheme_of(algorithm)
        if scheme is None:
            return SignatureState.UNSUPPORTED
        return signature_state(key, scheme, self._tbs.dump(), value[1:])

    @cached_property
    def facts(self) -> SignerFacts:
        """What a person needs of it."""
        return SignerFacts(
            subject=parsed(lambda: _in_words(self._tbs["subject"])),
            issuer=parsed(lambda: _in_words(self._tbs["issuer"])),
            serial=f"{self.serial:x}",
            state=self.state,
            not_before=self.not_before,
            not_after=self.not_after,
            sha256=self.sha256,
        )

    def _extension(self, name: str) -> bytes:
        try:
            return bytes(getattr(self._certificate, name) or b"")
        except ASN1_ERRORS:
            return b""

    def _day(self, name: str) -> dt.date | None:
        try:
            moment: dt.datetime = self._tbs["validity"][name].native
            return moment.astimezone(dt.UTC).date()
        except ASN1_ERRORS:
            return None


_LABELS = {_COUNTRY: "C", _NAME: "CN", "2.5.4.10": "O", "2.5.4.11": "OU", "2.5.4.5": "serial number"}


def _in_words(name: x509.Name) -> str:
    parts = [(part["type"].dotted, str(part["value"].native)) for group in name.chosen for part in group]
    return ", ".join(f"{_LABELS[oid]}={value}" for oid, value in parts if oid in _LABELS)
