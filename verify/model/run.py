"""The facts of one run: who ran what, why, with which engines, thresholds and lists."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from verify.model.score import Threshold

__all__ = ["EngineUse", "GalleryUse", "RunRecord"]


@dataclass(frozen=True, slots=True)
class EngineUse:
    """An engine that took part.

    Attributes:
        role: what it did, e.g. "face template" or "MRZ reading".
        name: name and version.
        sha256: of its model file, hexadecimal; empty for an engine without weights.
    """

    role: str
    name: str
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class GalleryUse:
    """A gallery or list that was searched.

    Attributes:
        name: of the gallery.
        kind: e.g. "face gallery" or "documents".
        version: SHA-256 over its entries.
        size: references that took part.
        suppressed: entries left out because they had expired.
        quarantined: lines of the list that could not be taken in.
        unsearchable: entries that cannot be found by name, since none of their names can be transliterated.
    """

    name: str
    kind: str
    version: str
    size: int
    suppressed: int
    quarantined: int = 0
    unsearchable: int = 0


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What a report must be able to say about the run it comes from.

    Attributes:
        job_id: of the run.
        started, ended: aware times; `ended` is None for a run that was interrupted.
        operator: the person who started it.
        purpose: why it was run, in the operator's words.
        profile: the set of checks and settings used.
        tool_version: of this toolkit.
        manifest_sha256: of the manifest's bytes.
        engines: every engine that took part.
        thresholds: every threshold that was applied.
        galleries: every gallery or list that was searched.
        sandbox_layers: what isolated the decoding of untrusted files; empty when nothing did.
        audit_head: hash of the last entry of the audit log when the report was made.
        audit_length: entries of the audit log up to that head.
        audit_public_key, audit_signature: with job id, head and length the whole signed checkpoint
            (`verify.audit.Checkpoint`), so that this report can testify about the audit log later.
        retention_until: when the job is to be deleted; None when no date is set.
        policy: sentences of the policy the run was made under.
        counts: what was counted in the job after the run, by name.
    """

    job_id: str
    started: dt.datetime
    ended: dt.datetime | None
    operator: str
    purpose: str
    profile: str
    tool_version: str
    manifest_sha256: str
    engines: tuple[EngineUse, ...]
    thresholds: tuple[Threshold, ...]
    galleries: tuple[GalleryUse, ...] = ()
    sandbox_layers: tuple[str, ...] = ()
    audit_head: str = ""
    audit_length: int = 0
    audit_public_key: str = ""
    audit_signature: str = ""
    retention_until: dt.date | None = None
    policy: tuple[str, ...] = ()
    counts: tuple[tuple[str, int], ...] = ()
