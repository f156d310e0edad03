"""Entries and templates as a store keeps them: canonical JSON, and vectors as little-endian float32."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from pydantic import TypeAdapter, ValidationError

from verify.errors import DamagedStoreError
from verify.model.face import FaceTemplate
from verify.model.gallery import Entry

__all__ = ["digest_of", "dump_entry", "dump_template", "load_entry", "load_template", "load_vector"]

_ENTRY = TypeAdapter(Entry)
_TEMPLATE = TypeAdapter(FaceTemplate)


def dump_entry(entry: Entry) -> bytes:
    """An entry as JSON with sorted names, so that equal entries give equal bytes."""
    return _canonical(_ENTRY.dump_python(entry, mode="json"))


def load_entry(content: bytes) -> Entry:
    """The entry of `dump_entry`; DamagedStoreError when it is none."""
    try:
        return _ENTRY.validate_json(content)
    except ValidationError as error:
        raise DamagedStoreError("gallery: an entry is not as it was written; restore the gallery") from error


def dump_template(template: FaceTemplate) -> tuple[bytes, bytes]:
    """The vector's bytes, and the rest as canonical JSON."""
    rest = _TEMPLATE.dump_python(replace(template, vector=()), mode="json")
    return np.asarray(template.vector, dtype="<f4").tobytes(), _canonical(rest)


def load_template(vector: bytes, rest: bytes) -> FaceTemplate:
    """The template of `dump_template`; DamagedStoreError when it is none."""
    try:
        template = _TEMPLATE.validate_json(rest)
    except ValidationError as error:
        raise DamagedStoreError("gallery: a template is not as it was written; restore the gallery") from error
    return replace(template, vector=tuple(load_vector(vector).tolist()))


def load_vector(vector: bytes) -> np.ndarray[Any, np.dtype[np.float32]]:
    """float32 (D)."""
    return np.frombuffer(vector, dtype="<f4").astype(np.float32)


def digest_of(entry: bytes, templates: Sequence[tuple[bytes, bytes]], picture: bytes | None) -> bytes:
    """SHA-256 over all that is kept of an entry; each part goes in with its length."""
    digest = hashlib.sha256()
    parts = [entry, b"" if picture is None else hashlib.sha256(picture).digest()]
    parts += [part for vector, rest in templates for part in (vector, rest)]
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.digest()


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
