"""From the data of a case file to what a check is given.

A face is told by whose it is ("of") and on which picture ("picture"): one person's pictures are alike (cosine about
0.98), people are not at all (about 0), and one picture gives the same template and appearance wherever it stands.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify.checks import Batch, Case
from verify.document.mrz import parse
from verify.face import APPEARANCE_SIDE
from verify.linkage import presence_of
from verify.model.candidate import BiographicEvidence, Candidate, CandidateList
from verify.model.face import Box, FaceQuality, FaceRole, FaceTemplate
from verify.model.gallery import DocumentStatus, Entry, EntryKind, ListedDocument, Name, Provenance
from verify.model.item import Declared, Item, ItemFile, Role, Travel
from verify.model.mrz import MrzResult
from verify.model.outcome import FileOutcome, Outcome
from verify.model.result import FileReading, ItemResult
from verify.model.score import ComparisonScore, Threshold
from verify.model.traces import Traces

from .chips import chip_of, codes_of
from .pages import page_of

DAY = "2011-11-20"  # ICAO's specimens are in force until 2012-04-15
ENGINE, MODEL, OTHER_MODEL = "invented engine 1", "ab" * 32, "cd" * 32
THRESHOLD = Threshold(0.9, ENGINE, MODEL, "FNMR 0.01", "invented, 10 pictures", "2011-11-01")
_MAIN = {Role.CAPTURE: FaceRole.LIVE}


def case_of(data: dict[str, Any]) -> Case:
    """What a check of one item is given."""
    item, readings = _item(data), _readings(data)
    threshold = THRESHOLD if data.get("threshold", True) else None
    return Case(
        item=item,
        readings=readings,
        candidates=tuple(_candidate_list(one) for one in data.get("lists", ())),
        # only a specimen profile accepts Utopia
        accepted_states=frozenset({"UTO"}) if data.get("specimen_profile", True) else frozenset(),
        comparison=threshold,
        chip_comparison=threshold,
        ghost_comparison=threshold,
    )


def batch_of(data: dict[str, Any]) -> Batch:
    """What a batch-wide check is given."""
    results = [ItemResult(_item(one), _readings(one)) for one in data["items"]]
    return Batch(tuple(presence_of(one) for one in results), THRESHOLD if data.get("threshold", True) else None)


def template(
    of: str,
    picture: str,
    role: FaceRole,
    *,
    source: str = "document",
    model: str = MODEL,
    advice: tuple[str, ...] = (),
    eyes: float = 60.0,
) -> FaceTemplate:
    """An invented person's template on an invented picture."""
    person, view = _unit(of), _unit(f"{of} on {picture}")
    look = random.Random(f"{of} on {picture}").randbytes(APPEARANCE_SIDE**2)
    return FaceTemplate(
        vector=tuple((person + 0.15 * view).tolist()),
        engine=ENGINE,
        model_sha256=model,
        role=role,
        box=Box(10, 10, 110, 130),
        quality=FaceQuality(eyes, 200.0, 120.0, advice),
        source=source,
        picture=f"{source}.face",
        appearance=look.hex(),
    )


def _unit(seed: str) -> NDArray[np.float64]:
    source = random.Random(seed)
    vector = np.array([source.gauss(0, 1) for _ in range(128)])
    return np.asarray(vector / np.linalg.norm(vector))


def _item(data: dict[str, Any]) -> Item:
    declared = dict(data.get("declared", {}))
    if "birth_date" in declared:
        declared["birth_date"] = dt.date.fromisoformat(declared["birth_date"])
    files = tuple(ItemFile(Role(one["role"]), f"{one['role']}.png") for one in data["files"])
    travel = Travel(**data.get("travel", {}))
    return Item(data.get("item_id", "A-1"), _day(data), files, Declared(**declared), travel)


def _day(data: dict[str, Any]) -> dt.date:
    return dt.date.fromisoformat(data.get("inspection_date", DAY))


def _readings(data: dict[str, Any]) -> tuple[FileReading, ...]:
    return tuple(_reading(one, _day(data)) for one in data["files"])


def _reading(data: dict[str, Any], day: dt.date) -> FileReading:
    role = Role(data["role"])
    mrz = _mrz(data, day) if "mrz" in data else None
    return FileReading(
        outcome=FileOutcome(role, f"{role}.png", Outcome(data.get("outcome", "ok")), sha256=data.get("sha256", "")),
        mrz=mrz,
        mrz_reason=data.get("mrz_reason", ""),
        faces=tuple(_face(one, role) for one in data.get("faces", ())),
        face_reason=data.get("face_reason", ""),
        chip=chip_of(data["chip"], day) if "chip" in data else None,
        codes=codes_of(data.get("codes", []), day),
        traces=_traces(data["traces"]) if "traces" in data else None,
        viz=page_of(data["viz"]) if "viz" in data else None,
        viz_reason=data.get("viz_reason", ""),
    )


def _traces(data: dict[str, Any]) -> Traces:
    return Traces(**{name: tuple(value) if isinstance(value, list) else value for name, value in data.items()})


def _mrz(data: dict[str, Any], day: dt.date) -> MrzResult:
    forced = [tuple(change) for change in data.get("forced", ())]
    result = parse(data["mrz"], reference_date=day, engine="invented reader 1", forced=forced)
    if "raw" in data:
        result = replace(result, raw_lines=tuple(data["raw"]))
    if data.get("accepted"):  # as a reader that gives margins, and vouches for the zone
        result = replace(result, margins=tuple((9.0,) * len(line) for line in result.lines))
    return result


def _face(data: dict[str, Any], source: Role) -> FaceTemplate:
    return template(
        data["of"],
        data["picture"],
        FaceRole(data.get("role", _MAIN.get(source, FaceRole.PORTRAIT))),
        source=source,
        model=OTHER_MODEL if data.get("other_model") else MODEL,
        advice=tuple(data.get("advice", ())),
        eyes=data.get("eyes", 60.0),
    )


def _candidate_list(data: dict[str, Any]) -> CandidateList:
    return CandidateList(
        gallery=data.get("gallery", "invented list"),
        gallery_version="12" * 32,
        probe=data["probe"],
        gallery_size=data.get("gallery_size", 3),
        suppressed=0,
        candidates=tuple(_candidate(rank, one) for rank, one in enumerate(data.get("candidates", ()), 1)),
        threshold=THRESHOLD if data.get("threshold", "face" in data["probe"]) else None,
        not_computable=data.get("not_computable", ""),
    )


def _candidate(rank: int, data: dict[str, Any]) -> Candidate:
    day = dt.date(2011, 1, 1)
    origin = Provenance("invented register", "R/7", "invented bureau", "invented act", "a test", day, day, day)
    documents = tuple(
        ListedDocument(one["document_number"], "P", one["issuing_state"], DocumentStatus(one["status"]))
        for one in data.get("documents", ())
    )
    entry = Entry(
        data["reference_id"], EntryKind(data["kind"]), origin, names=(Name("ERIKSSON", "ANNA"),), documents=documents
    )
    return Candidate(
        rank,
        entry.reference_id,
        entry,
        face=ComparisonScore(data["score"], "cosine similarity", ENGINE, MODEL) if "score" in data else None,
        biographic=BiographicEvidence(**data["biographic"]) if "biographic" in data else None,
        document_number=data.get("document_number", ""),
        picture=data.get("picture", ""),
    )
