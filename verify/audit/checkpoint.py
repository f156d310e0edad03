"""Signed checkpoints: the head of the chain at one moment, kept out of reach of the ledger's holder.

The signing key is derived from the job's data key and is lost with it; the public key is in the checkpoint,
so that a checkpoint can still be checked by itself when the job is purged. Source: Ed25519, RFC 8032.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from verify.ledger import LedgerReader
from verify.ledger.events import canonical_json

__all__ = ["Checkpoint", "checkpoint", "is_signed", "verify_checkpoint"]

_SIGNING_KEY = "audit checkpoint"
_LABEL = b"verify audit checkpoint 1\x00"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a job's chain, signed.

    Attributes:
        job_id: of the job.
        seq: number of the last event; 0 when there was none.
        digest: of the chain up to it, hexadecimal.
        public_key: Ed25519, 32 bytes hexadecimal.
        signature: over all of the above, 64 bytes hexadecimal.
    """

    job_id: str
    seq: int
    digest: str
    public_key: str
    signature: str


def checkpoint(ledger: LedgerReader) -> Checkpoint:
    """Signs the present head of the chain."""
    key = _signing_key(ledger)
    seq, digest = ledger.head()
    public_key = key.public_key().public_bytes_raw().hex()
    message = _message(ledger.header.job_id, seq, digest.hex(), public_key)
    return Checkpoint(ledger.header.job_id, seq, digest.hex(), public_key, key.sign(message).hex())


def is_signed(kept: Checkpoint) -> bool:
    """Whether the signature fits the checkpoint's own public key: no ledger needed, no more proven."""
    message = _message(kept.job_id, kept.seq, kept.digest, kept.public_key)
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(kept.public_key))
        key.verify(bytes.fromhex(kept.signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def verify_checkpoint(ledger: LedgerReader, kept: Checkpoint) -> bool:
    """Whether this job signed the checkpoint. `verify_chain` compares the chain with it."""
    own_key = _signing_key(ledger).public_key().public_bytes_raw().hex()
    return kept.job_id == ledger.header.job_id and kept.public_key == own_key and is_signed(kept)


def _signing_key(ledger: LedgerReader) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(ledger.derive_key(_SIGNING_KEY))


def _message(job_id: str, seq: int, digest: str, public_key: str) -> bytes:
    return _LABEL + canonical_json({"job_id": job_id, "seq": seq, "digest": digest, "public_key": public_key})
