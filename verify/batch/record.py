"""What a run writes down about itself: its facts, its fingerprints, and the events of its searches."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from verify import __version__
from verify.audit import kinds
from verify.batch.codec import ITEM
from verify.batch.commission import Commission
from verify.batch.lists import ReferenceList
from verify.batch.screen import Screening
from verify.errors import PolicyError
from verify.face import KIND, LEAST_COHORT, NORMALISED, linkage_threshold
from verify.ledger import Event
from verify.linkage import Presence
from verify.model.face import FaceRole
from verify.model.item import Item
from verify.model.result import FileReading, ItemResult
from verify.model.run import EngineUse, GalleryUse, RunRecord
from verify.model.score import Threshold
from verify.settings import Settings

__all__ = ["Basis", "difference", "link_threshold", "run_record", "searches", "sha256_text"]

_SORTED = json.JSONEncoder(sort_keys=True)
_LINKAGE_SHARE = 0.1  # aimed-at chance of one false pair of faces in the whole batch
_POLICY = (
    "Every finding is a suggestion: a named person decides, a second one where policy says so.",
    "An expired list entry never yields a candidate; how many were left out is counted.",
    "A name alone never yields a candidate.",
)


def sha256_text(text: str) -> str:
    """SHA-256 of a text in UTF-8, hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


class Basis:
    """What decides how an item comes out: its bytes, its row, engines, lists, settings and this tool's version."""

    def __init__(self, settings: Settings, engines: Mapping[str, str], lists: Iterable[ReferenceList]) -> None:
        """Takes what is the same for all items of a run."""
        self._shared: dict[str, str] = {"tool": __version__, "settings": settings.result_fingerprint()}
        self._shared |= {f"engine {role}": name for role, name in engines.items()}
        self._reading = json.dumps([__version__, settings.reading_fingerprint(), sorted(engines.items())])
        for one in lists:
            self._shared[f"list {one.name}"] = one.version
            if one.cohort is not None:
                self._shared["cohort"] = one.cohort.version
        self._shared_sha256 = sha256_text(_SORTED.encode(self._shared))

    def fingerprint(self, item: Item, hashes: Iterable[str]) -> str:
        """One digest of what `of` names: cheap, as a resumed job asks for it of each of its items."""
        digest = hashlib.sha256(self._shared_sha256.encode())
        digest.update(ITEM.dump_json(item))  # with the paths of the files
        for sha256 in hashes:
            digest.update(f"\n{sha256}".encode())
        return digest.hexdigest()

    def of(self, item: Item, hashes: Iterable[str]) -> dict[str, str]:
        """By name, for one item whose files have these hashes."""
        row = {"manifest row": hashlib.sha256(ITEM.dump_json(item)).hexdigest()}
        files = {f"file {file.path}": sha256 for file, sha256 in zip(item.files, hashes, strict=True)}
        return {**self._shared, **row, **files}

    def reading(self, role: str, day: dt.date, sha256: str) -> str:
        """The key of what is read from a file of these bytes, whatever it is called."""
        return sha256_text(json.dumps([self._reading, role, day.isoformat(), sha256]))


def difference(earlier: Mapping[str, str], now: Mapping[str, str]) -> str:
    """In which parts two bases differ, for a person."""
    names = sorted(name for name in {*earlier, *now} if earlier.get(name) != now.get(name))
    return "changed: " + ", ".join(names) if names else "nothing had changed"


def run_record(
    commission: Commission,
    settings: Settings,
    screening: Screening,
    *,
    job_id: str,
    started: dt.datetime,
    retention_until: dt.date,
    engines: dict[str, str],
    layers: tuple[str, ...],
) -> RunRecord:
    """The facts of a run, as far as they are known before it has ended."""
    days = {item.inspection_date for item in commission.manifest.items}
    thresholds: list[Threshold | None] = [screening.comparison_threshold()]
    galleries = []
    for one in screening.lists:
        today = one.on(max(days))
        size = len(today.entries)
        if today.references is not None:
            kind = today.normalised.kind if today.normalised is not None else KIND
            thresholds.append(
                screening.identification_threshold(len(today.references), kind=kind)
                or screening.identification_threshold(len(today.references))
            )
        galleries.append(
            GalleryUse(
                one.name, one.kind, one.version, size, today.suppressed, len(one.quarantined), today.names.unsearchable
            )
        )
    return RunRecord(
        job_id=job_id,
        started=started,
        ended=None,
        operator=commission.operator,
        purpose=commission.purpose,
        profile=settings.profile,
        tool_version=__version__,
        manifest_sha256=commission.manifest.sha256,
        engines=(
            EngineUse("MRZ reading", engines["mrz"]),
            *([EngineUse("VIZ reading", engines["viz"])] if "viz" in engines else ()),
            EngineUse("face template", engines["face"], engines["face_sha256"]),
            *([EngineUse("trust store", engines["trust"], engines["trust_sha256"])] if "trust" in engines else ()),
        ),
        thresholds=tuple(dict.fromkeys(one for one in thresholds if one is not None)),
        galleries=tuple(galleries),
        sandbox_layers=layers,
        retention_until=retention_until,
        policy=_POLICY,
    )


def link_threshold(screening: Screening, presences: Sequence[Presence]) -> Threshold | None:
    """The threshold for pairs of faces within a batch; None without a measured model.

    With a cohort, or with items enough to be their own, it is one for normalised scores.
    """
    if screening.comparison_threshold() is None:
        return None
    faces = sum(len(one.faces) for one in presences)
    model = screening.engine.model_sha256
    people = sum(any(face.model_sha256 == model for face in one.faces) for one in presences)
    if screening.cohort is not None or people >= LEAST_COHORT:
        try:
            return linkage_threshold(screening.engine, fpir=_LINKAGE_SHARE, faces=faces, kind=NORMALISED)
        except PolicyError:
            pass  # this engine's card has no table for normalised scores
    return linkage_threshold(screening.engine, fpir=_LINKAGE_SHARE, faces=faces)


def searches(commission: Commission, result: ItemResult, key: bytes) -> Iterator[Event]:
    """One event for each face search of an item: what was searched where, and how many came back.

    Args:
        commission: who searched, and why.
        result: of the item.
        key: of the job, for the commitments to the probes; lost with it.
    """
    parts = [(one, part) for one in result.candidates for part in one.parts]
    for one, part in parts:
        face = _probe(part.probe, result.readings)
        if one.threshold is None or face is None:
            continue
        yield kinds.gallery_searched(
            commission.operator,
            commission.purpose,
            item_id=result.item.item_id,
            probe_commitment=hmac.new(key, bytes.fromhex(face), hashlib.sha256).hexdigest(),
            gallery_id=one.gallery,
            gallery_sha256=one.gallery_version,
            gallery_size=part.gallery_size,
            model_sha256=one.threshold.model_sha256,
            threshold=one.threshold.value,
            candidates=part.candidates,
        )


def _probe(probe: str, readings: tuple[FileReading, ...]) -> str | None:
    """SHA-256 of the file that the searched face came from."""
    wanted = {"live capture": FaceRole.LIVE, "document portrait": FaceRole.PORTRAIT}.get(probe)
    for reading in readings:
        if any(face.role is wanted for face in reading.faces):
            return reading.outcome.sha256
    return None
