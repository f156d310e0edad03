"""Taking a file into the store of trust: a master list, a revocation list, or one certificate. Nothing unproven enters.

A master list is taken when its signature leads to the root that the operator names. A single certificate is taken when
that root signed it, or when it *is* that root: then the operator vouches for it. A revocation list is taken when a CSCA
of the store signed it.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from verify.document.tlv import MalformedError
from verify.document.trust.certificate import Certificate
from verify.document.trust.crl import RevocationList
from verify.document.trust.keys import SignatureState
from verify.document.trust.masterlist import certificate_of, is_vouched, read_master_list
from verify.document.trust.store import SCHEMA_VERSION, TrustStore, kept
from verify.errors import PolicyError, UsageError

__all__ = ["Imported", "import_trust"]

_MAX_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import.

    Attributes:
        kind: "master list", "certificate" or "revocation list".
        source: in words, as chips and seals name it later.
        path: the file of the store.
        certificates: taken in.
        supported: of these, signed by their own key or by another certificate's in the list.
        unreadable: certificates of the list that are left out.
        revoked: serial numbers of a revocation list.
    """

    kind: str
    source: str
    path: Path
    certificates: int = 0
    supported: int = 0
    unreadable: int = 0
    revoked: int = 0


def import_trust(folder: Path, file: Path, root: Path | None, *, today: dt.date) -> Imported:
    """Takes a file into a store.

    Args:
        folder: of the store; it is made when it is missing.
        file: to take in.
        root: certificate that vouches for it; a revocation list needs none.
        today: the day of the import.

    Raises:
        UsageError: a file cannot be read, or is none of the three kinds.
        PolicyError: nobody vouches for it: its signature does not lead to the root.
    """
    data = _read(file)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    revocations = _revocation_list(data)
    if revocations is not None:
        return _take_revocations(folder, data, revocations, today)
    if root is None:
        raise UsageError(f"{file}: name by --root the certificate that vouches for it")
    try:
        anchor = certificate_of(_read(root))
    except MalformedError as error:
        raise UsageError(f"{root}: is not a certificate in DER or PEM") from error
    try:
        certificate = certificate_of(data)
    except MalformedError:
        return _take_list(folder, file, data, anchor, today)
    return _take_certificate(folder, file, data, certificate, anchor, today)


def _take_list(folder: Path, file: Path, data: bytes, anchor: Certificate, today: dt.date) -> Imported:
    try:
        found = read_master_list(data, anchor)
    except MalformedError as error:
        raise PolicyError(f"{file}: is not taken in: {error}") from error
    day = found.signed_on.isoformat() if found.signed_on else "without a day"
    source = f"master list of {found.signer.state or 'an unnamed state'}, {day}"
    usable = [one for one in found.certificates if _has_key(one)]
    path = _write(folder, data, anchor, source, today, "master list", [kept(one, authority=True) for one in usable])
    unreadable = found.unreadable + len(found.certificates) - len(usable)
    return Imported("master list", source, path, len(usable), found.supported, unreadable)


def _take_certificate(
    folder: Path, file: Path, data: bytes, certificate: Certificate, anchor: Certificate, today: dt.date
) -> Imported:
    own_word = certificate.sha256 == anchor.sha256
    if not own_word and not is_vouched(certificate, [anchor]):
        raise PolicyError(f"{file}: is not taken in: its signature was not made with the key of the root")
    if not _has_key(certificate):
        raise PolicyError(f"{file}: is not taken in: its key is of a kind that is not used")
    source = "certificate named by the operator" if own_word else f"certificate signed by {anchor.facts.subject}"
    one = kept(certificate, authority=certificate.is_authority)
    path = _write(folder, data, anchor, source, today, "certificate", [one])
    return Imported("certificate", source, path, 1, int(is_vouched(certificate, [anchor])))


def _take_revocations(folder: Path, data: bytes, found: RevocationList, today: dt.date) -> Imported:
    issuers = TrustStore.load(folder).issuers(found.issuer)
    for issuer in issuers:
        try:
            if found.signed_by(issuer) is SignatureState.OK:
                break
        except MalformedError:
            continue
    else:
        raise PolicyError("the revocation list is not taken in: no CSCA of the store signed it; import its CSCA first")
    source = f"revocation list of {found.issued}"
    encoded = base64.b64encode(found.der).decode()
    path = _write(folder, data, issuer, source, today, "revocation list", [], encoded)
    return Imported("revocation list", source, path, revoked=len(found.serials))


def _revocation_list(data: bytes) -> RevocationList | None:
    try:
        return RevocationList(data)
    except MalformedError:
        return None


def _has_key(certificate: Certificate) -> bool:
    try:
        return bool(str(certificate.key))
    except MalformedError:
        return False


def _write(
    folder: Path,
    data: bytes,
    anchor: Certificate,
    source: str,
    today: dt.date,
    kind: str,
    certificates: list[dict[str, Any]],
    revocations: str = "",
) -> Path:
    """Writes the file of an import; the same file imported again takes its own place."""
    sha256 = hashlib.sha256(data).hexdigest()
    content = {
        "schema_version": SCHEMA_VERSION,
        "kind": kind,
        "source": source,
        "sha256": sha256,
        "root_sha256": anchor.sha256,
        "imported": today.isoformat(),
        "certificates": certificates,
        "revocations": revocations,
    }
    path = folder / f"{today.isoformat()}_{sha256[:16]}.json"
    for earlier in folder.glob(f"*_{sha256[:16]}.json"):
        if earlier != path:
            earlier.unlink()
    partial = path.with_suffix(".partial")
    with partial.open("w", encoding="utf-8") as stream:
        json.dump(content, stream, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(path)
    return path


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise UsageError(f"{path}: is larger than any list of certificates")
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})") from error
