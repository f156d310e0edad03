"""A site's own cohort as a file. Templates are personal data: it is sealed under the organisation's key."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from verify.errors import DamagedStoreError
from verify.face.cohort import Cohort, cohort_of
from verify.vault.sealed import read_sealed, write_sealed

__all__ = ["load_cohort", "save_cohort"]

_PURPOSE = "face cohort"
_SCHEMA_VERSION = 1


def save_cohort(path: Path, kek: bytes, cohort: Cohort) -> None:
    """Writes a cohort: one line of JSON, then float32 values, all of it encrypted.

    Raises:
        VerifyError: the disk is full or fails.
    """
    head = {
        "schema_version": _SCHEMA_VERSION,
        "name": cohort.name,
        "engine": cohort.engine,
        "model_sha256": cohort.model_sha256,
        "people": len(cohort),
    }
    data = json.dumps(head).encode() + b"\n" + cohort.matrix.astype("<f4").tobytes()
    write_sealed(path, kek, _PURPOSE, data)


def load_cohort(path: Path, kek: bytes) -> Cohort:
    """Reads a cohort.

    Raises:
        UsageError: there is no such file, or it is of another sort.
        PolicyError: it was sealed under another key.
        DamagedStoreError: it was altered, or is of another version.
    """
    head, _, body = read_sealed(path, kek, _PURPOSE).partition(b"\n")
    try:
        facts = json.loads(head)
        if facts["schema_version"] != _SCHEMA_VERSION:
            raise DamagedStoreError(f"{path}: written by another version of this tool; use that one")
        matrix = np.frombuffer(body, dtype="<f4").reshape(int(facts["people"]), -1)
        return cohort_of(facts["name"], matrix, engine=facts["engine"], model_sha256=facts["model_sha256"])
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedStoreError(f"{path}: damaged; build the cohort again") from error
