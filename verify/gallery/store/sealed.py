"""A data key for each subject: with it gone, what is kept of the subject is noise, wherever a copy of it lies.

Source: cryptographic erase, NIST SP 800-88 Rev. 1, section 2.6; AES-GCM, NIST SP 800-38D.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from verify.errors import DamagedStoreError
from verify.vault.keys import derive, new_data_key

__all__ = ["SubjectKey", "SubjectKeys"]

_NONCE_BYTES = 12


class SubjectKey:
    """Seals what is kept of one subject; each part is bound to its place, so that none can be moved."""

    def __init__(self, key: bytes, subject: str) -> None:
        """Takes the key of a subject and what names the subject in the store."""
        self._cipher, self._subject = AESGCM(key), subject

    def seal(self, content: bytes, part: str) -> bytes:
        """Content under the key, bound to a part of the subject's entry."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, f"{self._subject}/{part}".encode())

    def open(self, sealed: bytes, part: str) -> bytes:
        """The content of `seal`.

        Raises:
            DamagedStoreError: altered, or of another part or subject.
        """
        try:
            nonce, text = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
            return self._cipher.decrypt(nonce, text, f"{self._subject}/{part}".encode())
        except (InvalidTag, ValueError) as error:
            raise DamagedStoreError("gallery: an entry is not as it was written; restore the gallery") from error


@dataclass(frozen=True, slots=True)
class SubjectKeys:
    """Makes and opens the wrapped keys of subjects. Made by `of`.

    Attributes:
        gallery_id: of the gallery they belong to.
        wrapping: the cipher that wraps them.
    """

    gallery_id: str
    wrapping: AESGCM

    @classmethod
    def of(cls, data_key: bytes, gallery_id: str) -> SubjectKeys:
        """Of the gallery with this data key."""
        return cls(gallery_id, AESGCM(derive(data_key, "subject keys")))

    def new(self, reference_id: str) -> tuple[bytes, SubjectKey]:
        """A new key, wrapped for the store, and ready to seal."""
        key, nonce, subject = new_data_key(), secrets.token_bytes(_NONCE_BYTES), self._subject(reference_id)
        return nonce + self.wrapping.encrypt(nonce, key, subject.encode()), SubjectKey(key, subject)

    def open(self, wrapped: bytes, reference_id: str) -> SubjectKey:
        """A wrapped key; DamagedStoreError when it was altered or belongs to another subject."""
        subject = self._subject(reference_id)
        try:
            key = self.wrapping.decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], subject.encode())
        except (InvalidTag, ValueError) as error:
            raise DamagedStoreError("gallery: the key of an entry was altered; restore the gallery") from error
        return SubjectKey(key, subject)

    def _subject(self, reference_id: str) -> str:
        return f"{self.gallery_id}/{reference_id}"
