"""Everything known of one item after its stages: the payload the ledger keeps."""

from __future__ import annotations

from dataclasses import dataclass

from verify.model.candidate import CandidateList
from verify.model.chip import ChipReading
from verify.model.face import FaceTemplate
from verify.model.finding import CheckResult, Finding
from verify.model.item import Item
from verify.model.mrz import MrzResult
from verify.model.outcome import FileOutcome
from verify.model.seal import CodeReading
from verify.model.traces import Traces
from verify.model.viz import VizReading

__all__ = ["FileReading", "ItemResult", "Picture"]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture kept in the ledger for review: a JPEG re-encoded by us, never the original bytes.

    Attributes:
        name: unique in the item, e.g. "document.page".
        width, height: pixels.
        label: what it shows.
    """

    name: str
    width: int
    height: int
    label: str


@dataclass(frozen=True, slots=True)
class FileReading:
    """What was read from one file.

    Attributes:
        outcome: what became of the file.
        mrz: the MRZ; None when there is none or it was not found.
        mrz_reason: why there is no MRZ although the role calls for one; empty otherwise.
        faces: templates of the faces found, the main one first.
        face_reason: why there is no template although the role calls for one; empty otherwise.
        pictures: previews kept for review.
        chip: what the dump of a chip held; None for every other role.
        codes: seals and barcodes on the pages of a document.
        traces: what the file says of its own making; None when it was not opened.
        viz: the printed lines of a document; None when they were not read.
        viz_reason: why not, although the role calls for it; empty otherwise.
    """

    outcome: FileOutcome
    mrz: MrzResult | None = None
    mrz_reason: str = ""
    faces: tuple[FaceTemplate, ...] = ()
    face_reason: str = ""
    pictures: tuple[Picture, ...] = ()
    chip: ChipReading | None = None
    codes: tuple[CodeReading, ...] = ()
    traces: Traces | None = None
    viz: VizReading | None = None
    viz_reason: str = ""


@dataclass(frozen=True, slots=True)
class ItemResult:
    """One item after all its stages."""

    item: Item
    readings: tuple[FileReading, ...]
    candidates: tuple[CandidateList, ...] = ()
    checks: tuple[CheckResult, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, the most severe first."""
        found = [finding for check in self.checks for finding in check.findings]
        return tuple(sorted(found, key=lambda finding: (-finding.severity, finding.code)))
