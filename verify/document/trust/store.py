"""The site's store of trust: a folder with one file for each import, read by every worker before it is confined.

A store holds certificates of CSCAs from signed master lists, certificates that the site trusts by its own decision
(signers of seals, test authorities), and revocation lists. Its version, SHA-256 over its files, stands in the record of
every run, so a file that was changed shows.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from verify.document.tlv import MalformedError
from verify.document.trust.certificate import Certificate
from verify.document.trust.crl import RevocationList
from verify.document.trust.keys import SignatureState
from verify.errors import UsageError
from verify.model.chip import ChipOutcome

__all__ = ["SCHEMA_VERSION", "Chain", "TrustStore", "TrustVersion", "kept", "trust_version"]

SCHEMA_VERSION = 1
_MAX_FILE = 64 << 20


@dataclass(frozen=True, slots=True)
class TrustVersion:
    """Which store it was.

    Attributes:
        sha256: over the names and bytes of its files.
        text: in words, for the record of a run.
    """

    sha256: str
    text: str


@dataclass(frozen=True, slots=True)
class Chain:
    """Where a certificate leads: `outcome` is CHAIN_OK, CHAIN_UNKNOWN or CHAIN_BAD."""

    outcome: ChipOutcome
    csca: Certificate | None = None
    source: str = ""


@dataclass(slots=True)
class _Entry:
    """A certificate of the store, parsed when it is first needed; its index stands beside it in the file."""

    der: bytes
    source: str
    authority: bool
    subject: str
    key_id: str
    _certificate: Certificate | None = field(default=None)

    @property
    def certificate(self) -> Certificate:
        if self._certificate is None:
            self._certificate = Certificate(self.der)
        return self._certificate


class TrustStore:
    """Certificates and revocation lists that this site trusts, in memory."""

    def __init__(self) -> None:
        """Trust nobody."""
        self._entries: list[_Entry] = []
        self._by_subject: dict[str, list[_Entry]] = defaultdict(list)
        self._pinned: dict[str, _Entry] = {}
        self._lists: dict[str, list[RevocationList]] = defaultdict(list)
        self.version: TrustVersion | None = None

    def __len__(self) -> int:
        """Certificates."""
        return len(self._entries)

    @classmethod
    def load(cls, folder: Path | None) -> TrustStore:
        """Reads a store; None gives one that trusts nobody.

        Raises:
            UsageError: the folder or one of its files cannot be used.
        """
        store = cls()
        store.version = trust_version(folder)
        for path in _files(folder) if folder is not None else ():
            try:
                data = json.loads(path.read_text(encoding="utf-8"))
                if data["schema_version"] != SCHEMA_VERSION:
                    raise UsageError(f"{path}: was written by another release; import its source again")
                for one in data["certificates"]:
                    store._add(_entry(one, data["source"]))
                if data["revocations"]:
                    store.add_revocations(RevocationList(base64.b64decode(data["revocations"], validate=True)))
            except (OSError, KeyError, TypeError, ValueError, binascii.Error, RecursionError) as error:
                raise UsageError(
                    f"{path}: is not a file of a trust store; remove it or import its source again"
                ) from error
        return store

    def add(self, certificate: Certificate, source: str, *, authority: bool) -> None:
        """Trusts a certificate: itself, and as an `authority` also what its key has signed."""
        self._add(_entry(kept(certificate, authority=authority), source))

    def add_revocations(self, revocations: RevocationList) -> None:
        """Takes a revocation list whose signature was compared before."""
        self._lists[_key(revocations.issuer)].append(revocations)

    def _add(self, entry: _Entry) -> None:
        self._entries.append(entry)
        self._by_subject[entry.subject].append(entry)
        self._pinned.setdefault(hashlib.sha256(entry.der).hexdigest(), entry)

    def issuers(self, issuer: tuple[tuple[str, str], ...]) -> list[Certificate]:
        """Authorities of that folded name."""
        return [one.certificate for one in self._by_subject.get(_key(issuer), ()) if one.authority]

    def signers(self) -> list[Certificate]:
        """Certificates that are trusted themselves and are no authorities: signers that need not be sent along."""
        return [one.certificate for one in self._entries if not one.authority]

    def chain(self, certificate: Certificate) -> Chain:
        """Follows a signer's certificate to a CSCA of the store (ICAO Doc 9303-12, 4.1: a chain of two).

        It is CHAIN_BAD only when the very CSCA that it names, by name and key identifier, did not sign it. Another
        generation of the same authority that is missing looks just like a strange signer: CHAIN_UNKNOWN.
        """
        pinned = self._pinned.get(certificate.sha256)
        if pinned is not None:
            return Chain(ChipOutcome.CHAIN_OK, None, pinned.source)
        outcome, wanted = ChipOutcome.CHAIN_UNKNOWN, certificate.authority_key_id.hex()
        for entry in self._by_subject.get(_key(certificate.issuer), ()):
            if not entry.authority:
                continue
            try:
                state = certificate.signed_by(entry.certificate)
            except MalformedError:
                continue  # a key or a signature of a kind that is not ours: cannot tell
            if state is SignatureState.OK:
                return Chain(ChipOutcome.CHAIN_OK, entry.certificate, entry.source)
            if state is SignatureState.BAD and wanted and wanted == entry.key_id:
                outcome = ChipOutcome.CHAIN_BAD
        return Chain(outcome)

    def revocation(self, certificate: Certificate, on: dt.date) -> ChipOutcome:
        """Whether its issuer has revoked a certificate, as far as the newest list tells on a day."""
        lists = self._lists.get(_key(certificate.issuer), ())
        if any(certificate.serial in one.serials for one in lists):
            return ChipOutcome.REVOKED
        due = [one.next_update for one in lists]
        if not due:
            return ChipOutcome.REVOCATION_UNKNOWN
        fresh = any(day is None or day >= on for day in due)
        return ChipOutcome.NOT_REVOKED if fresh else ChipOutcome.REVOCATION_STALE

    def seal_signers(self, state: str, name: str, reference: str) -> list[Certificate]:
        """Signers that a seal's header names: by state, common name, and serial number in hexadecimal.

        Doc 9303-13, 2.3.1: signer identifier and certificate reference.
        """
        try:
            serial = int(reference, 16)
        except ValueError:
            return []
        return [
            one for one in self.signers() if one.state == state and one.common_name == name and one.serial == serial
        ]


def kept(certificate: Certificate, *, authority: bool) -> dict[str, Any]:
    """A certificate as a file of the store holds it."""
    return {
        "der": base64.b64encode(certificate.der).decode(),
        "authority": authority,
        "subject": _key(certificate.subject),
        "key_id": certificate.key_id.hex(),
    }


def trust_version(folder: Path | None) -> TrustVersion | None:
    """The version of a store, without reading it all; None when there is none.

    Raises:
        UsageError: the folder cannot be used.
    """
    if folder is None:
        return None
    digest, count = hashlib.sha256(), 0
    for path in _files(folder):
        digest.update(f"{path.name}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
        count += 1
    days = sorted(path.name.partition("_")[0] for path in _files(folder))
    newest = f", the newest of {days[-1]}" if days else ""
    return TrustVersion(digest.hexdigest(), f"{count} imports{newest}")


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise UsageError(f"{folder}: is not a folder; 'verify trust import' makes the trust store")
    found = sorted(folder.glob("*.json"))
    large = [path for path in found if path.stat().st_size > _MAX_FILE]
    if large:
        raise UsageError(f"{large[0]}: is too large for a file of a trust store")
    return found


def _entry(data: dict[str, Any], source: str) -> _Entry:
    der = base64.b64decode(data["der"], validate=True)
    return _Entry(der, source, bool(data["authority"]), str(data["subject"]), str(data["key_id"]))


def _key(name: tuple[tuple[str, str], ...]) -> str:
    return hashlib.sha256(json.dumps(name).encode()).hexdigest()[:32]
