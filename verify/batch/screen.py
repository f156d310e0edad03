"""The stages of one item, after its files were read: search the lists, then run the checks. Small records only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from verify.batch.lists import InForce, ReferenceList
from verify.batch.remarks import of_entry, of_probe
from verify.checks import Case, of_site, run_all
from verify.errors import MissingEngineError, PolicyError
from verify.face import KIND, Cohort, Described, comparison_threshold, identification_threshold, score_band
from verify.gallery import Normalised, Probe, Searcher, fuse, identify_all, locally
from verify.model.candidate import Candidate, CandidateList
from verify.model.face import FaceRole, FaceTemplate
from verify.model.gallery import Name
from verify.model.item import Item, Role
from verify.model.mrz import MrzResult
from verify.model.result import FileReading, ItemResult
from verify.model.score import ComparisonScore, Threshold
from verify.settings import Settings

__all__ = ["Screening"]

_SPECIMEN_STATES = frozenset({"UTO"})
_FACE_PROBES = {FaceRole.LIVE: "live capture", FaceRole.PORTRAIT: "document portrait"}


@dataclass(frozen=True, slots=True)
class Screening:
    """What every item of a run is searched in and checked with."""

    settings: Settings
    engine: Described
    lists: tuple[ReferenceList, ...]
    searcher: Searcher = locally

    def screen(self, item: Item, readings: tuple[FileReading, ...]) -> tuple[ItemResult, dict[str, bytes]]:
        """Searches and checks one item.

        Returns:
            The result, and the reference pictures that its candidates name.
        """
        pictures: dict[str, bytes] = {}
        candidates = fuse(self._search(item, readings, pictures))
        case = Case(
            item,
            readings,
            candidates,
            self._accepted_states,
            self.comparison_threshold(),
            self.comparison_threshold("chip"),
            self.comparison_threshold("ghost"),
        )
        checks = run_all(case, skip=self.settings.skip_checks, more=of_site(self.settings))
        return ItemResult(item, readings, candidates, checks), pictures

    @property
    def cohort(self) -> Cohort | None:
        """The site's own, where it has one."""
        return next((one.cohort for one in self.lists if one.cohort is not None), None)

    def comparison_threshold(self, pair: str = "document") -> Threshold | None:
        """Of portrait against live capture, or of another pair; None when the engine's card has no table for it."""
        try:
            return comparison_threshold(self.engine, fnmr=self.settings.fnmr, pair=pair)
        except (MissingEngineError, PolicyError):
            return None

    def identification_threshold(self, size: int, probes: int = 2, kind: str = KIND) -> Threshold | None:
        """Of a search with so many pictures of one person among `size` references; None as above."""
        try:
            return identification_threshold(
                self.engine, fpir=self.settings.fpir, gallery_size=size, probes=probes, kind=kind
            )
        except (MissingEngineError, PolicyError):
            return None

    @property
    def _accepted_states(self) -> frozenset[str]:
        return _SPECIMEN_STATES if self.settings.profile == "specimen" else frozenset()

    def _search(
        self, item: Item, readings: tuple[FileReading, ...], pictures: dict[str, bytes]
    ) -> Iterator[CandidateList]:
        mrzs = [one.mrz for one in readings if one.mrz is not None]
        holder = next((one.mrz for one in readings if one.mrz and one.outcome.role != Role.VISA), None)
        faces = [
            face for one in readings for face in one.faces if face.role in _FACE_PROBES and face.source != Role.VISA
        ]
        for one in self.lists:
            today = one.on(item.inspection_date)
            if today.references is not None:
                for found in self._by_face(one, today, faces, item, pictures):
                    yield replace(found, remarks=(*of_probe(item, holder), *today.remarks))
            if one.has_names:
                yield self._by_name(one, today, item, holder, pictures)
            if one.has_documents:
                yield self._by_document(one, today, mrzs)

    def _by_face(
        self,
        one: ReferenceList,
        today: InForce,
        faces: list[FaceTemplate],
        item: Item,
        pictures: dict[str, bytes],
    ) -> Iterator[CandidateList]:
        normalised = today.normalised
        assert normalised is not None and today.references is not None  # noqa: S101 - the caller looked
        size = len(normalised.references)
        threshold = self.identification_threshold(size, len(faces), normalised.kind)
        if threshold is None and normalised.cohort is not None:  # no table for normalised scores in this card
            normalised = Normalised(today.references, None)
            threshold = self.identification_threshold(size, len(faces))
        cohort = f"{normalised.cohort.name}, {len(normalised.cohort)} people" if normalised.cohort else ""
        base = CandidateList(one.name, one.version, "face", size, today.suppressed, threshold=threshold, cohort=cohort)
        if not faces or threshold is None:
            reason = "no face was found on the document or the capture" if not faces else "no threshold was measured"
            yield replace(base, not_computable=reason)
            return
        for face in faces:
            probe = _FACE_PROBES[face.role]
            try:
                (found,) = identify_all(
                    [face],
                    normalised.references,
                    threshold=threshold,
                    limit=self.settings.candidates,
                    biases=[normalised.bias_of(face)],
                    search=self.searcher,
                )
            except PolicyError as error:
                yield replace(base, probe=probe, not_computable=str(error))
                continue
            candidates = tuple(
                Candidate(
                    rank,
                    reference_id,
                    today.entries[reference_id],
                    face=score,
                    picture=_picture(one, reference_id, pictures),
                    band=str(score_band(self.engine, score)),
                    remarks=of_entry(today.entries[reference_id], item.inspection_date),
                )
                for rank, (reference_id, score) in enumerate(
                    (
                        (reference_id, ComparisonScore(value, normalised.kind, face.engine, face.model_sha256))
                        for reference_id, value in found
                    ),
                    start=1,
                )
            )
            yield replace(base, probe=probe, candidates=candidates)

    def _by_name(
        self,
        one: ReferenceList,
        today: InForce,
        item: Item,
        mrz: MrzResult | None,
        pictures: dict[str, bytes],
    ) -> CandidateList:
        base = CandidateList(one.name, one.version, "name and birth date", len(today.entries), today.suppressed)
        probe = _probe(item, mrz)
        if not probe.names:
            return replace(base, not_computable="no name was read or declared")
        found = today.names.search(probe, limit=self.settings.candidates)
        shown = tuple(
            replace(candidate, picture=_picture(one, candidate.reference_id, pictures)) for candidate in found
        )
        return replace(base, candidates=shown)

    def _by_document(self, one: ReferenceList, today: InForce, mrzs: list[MrzResult]) -> CandidateList:
        base = CandidateList(one.name, one.version, "document number", len(today.entries), today.suppressed)
        numbers = [(mrz.value("issuing_state"), mrz.value("document_number")) for mrz in mrzs]
        if not any(number for _state, number in numbers):
            return replace(base, not_computable="no document number was read")
        found = {
            candidate.reference_id: candidate
            for state, number in numbers
            for candidate in today.documents.search(state, number)
        }
        return replace(base, candidates=tuple(found.values()))


def _probe(item: Item, mrz: MrzResult | None) -> Probe:
    names = []
    dates = set()
    if mrz is not None and mrz.value("primary_identifier"):
        names.append(Name(mrz.value("primary_identifier"), mrz.value("secondary_identifier")))
        dates |= set(mrz.birth_date.candidates)
    if item.declared.primary_identifier:
        names.append(Name(item.declared.primary_identifier, item.declared.secondary_identifier))
    if item.declared.birth_date:
        dates.add(item.declared.birth_date)
    return Probe(
        tuple(names),
        tuple(sorted(dates)),
        nationality=mrz.value("nationality") if mrz else item.declared.nationality,
        sex=mrz.value("sex") if mrz else "",
    )


def _picture(one: ReferenceList, reference_id: str, pictures: dict[str, bytes]) -> str:
    """Keeps the reference picture beside the item, so that a report shows what was enrolled at the time."""
    name = f"reference.{one.version[:12]}.{reference_id}"
    if name not in pictures:
        found = one.picture(reference_id)
        if not found:
            return ""
        pictures[name] = found
    return name
