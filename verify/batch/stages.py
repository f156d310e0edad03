"""The stages of one file, run inside a worker: decode, then MRZ and faces by the file's role, then previews."""

from __future__ import annotations

import dataclasses
import datetime as dt
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from verify.capture import Decoded, FileRefusedError, decode, read_untrusted, with_page
from verify.document.aamva import read_licence
from verify.document.barcode import read_codes
from verify.document.chip import read_chip, read_dump
from verify.document.engines import MrzEngine
from verify.document.engines import describe_engine as describe_mrz_engine
from verify.document.engines import get_engine as get_mrz_engine
from verify.document.page import turn
from verify.document.reader import MrzReading, read_mrz
from verify.document.seal import read_seal
from verify.document.trust import TrustStore, TrustVersion, trust_version
from verify.document.viz import VizReader, describe_viz, get_viz
from verify.face import AcquiredFace, FaceEngine, acquire
from verify.face import describe_engine as describe_face_engine
from verify.face import get_engine as get_face_engine
from verify.model.chip import ChipReading
from verify.model.face import Box, FaceRole
from verify.model.item import ItemFile, Role
from verify.model.mrz import MrzResult
from verify.model.outcome import FileOutcome, Outcome
from verify.model.result import FileReading, Picture
from verify.model.seal import CodeReading
from verify.model.traces import Traces
from verify.model.viz import VizReading
from verify.settings import Settings

__all__ = ["Engines", "describe_engines", "read_file"]

_PAGE_SIDE = 1000  # pixels of a preview's longer side
_STRIP_WIDTH = 1000
_FACE_HEIGHT = 260
_QUALITY = 82  # of the JPEGs that are kept
_MRZ_SHARE = 0.6  # of a file's time, so that the faces keep theirs
_CODE_SHARE = 0.2  # of what is left of it, so that the faces keep theirs
_SPARE_SHARE = 0.2  # of a file's time, in which no further search is begun: the one in hand has to end in time
_PAGE_COST = 1.5  # of a page's decoding, for its decoding and what is kept of it
_TIGHT = 0.6  # of a picture's height: a face that fills more was cut out
_WHOLE = 1000  # pixels of the longer side, from which a picture is no cut-out
_LEAST_SIDE = 32  # pixels; on less, no engine can read anything

_DOCUMENTS = {Role.DOCUMENT, Role.DOCUMENT_FRONT, Role.DOCUMENT_BACK, Role.VISA}
_WITHOUT_MRZ = {Role.DOCUMENT_FRONT}  # the front of a TD1 card carries none
_WITH_PORTRAIT = {Role.DOCUMENT, Role.DOCUMENT_FRONT, Role.VISA, Role.CHIP}

_NO_VIZ = "the reader of the printed page is not installed, or switched off: pip install 'verify-toolkit[viz]'"

_Image = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Engines:
    """The engines a worker has loaded."""

    mrz: MrzEngine
    face: FaceEngine
    trust: TrustStore = field(default_factory=TrustStore)
    viz: VizReader | None = None

    @classmethod
    def load(cls, settings: Settings) -> Engines:
        """Loads the engines and the trust store that the settings name.

        Raises:
            MissingEngineError: one is not installed.
            UsageError: the trust store cannot be used.
        """
        trust = TrustStore.load(settings.trust)
        mrz, viz = get_mrz_engine(settings.mrz_engine), get_viz(settings.viz_engine)
        return cls(mrz, get_face_engine(settings.face_engine, settings.models), trust, viz)

    def described(self) -> dict[str, str]:
        """What the supervisor needs to know of the engines, which it does not load itself."""
        return {
            "mrz": self.mrz.name,
            "face": self.face.name,
            "face_sha256": self.face.model_sha256,
            "face_card": self.face.card,
            **({} if self.viz is None else {"viz": self.viz.describe()}),
            **_told(self.trust.version),
        }


def describe_engines(settings: Settings) -> dict[str, str]:
    """What `Engines.described` would say, without loading them.

    Raises:
        MissingEngineError: one is not installed.
    """
    face = describe_face_engine(settings.face_engine, settings.models)
    viz = describe_viz(settings.viz_engine)
    return {
        "mrz": describe_mrz_engine(settings.mrz_engine),
        "face": face.name,
        "face_sha256": face.model_sha256,
        "face_card": face.card,
        **({"viz": viz} if viz else {}),
        **_told(trust_version(settings.trust)),
    }


def _told(version: TrustVersion | None) -> dict[str, str]:
    return {} if version is None else {"trust": version.text, "trust_sha256": version.sha256}


@dataclass(slots=True)
class _Sheet:
    """What has been gathered from the pages of one file."""

    role: Role
    border: int = 0
    prefix: str = ""
    mrz: MrzResult | None = None
    mrz_reason: str = ""
    faces: list[AcquiredFace] = field(default_factory=list)
    face_reason: str = ""
    pictures: list[Picture] = field(default_factory=list)
    jpegs: dict[str, bytes] = field(default_factory=dict)
    chip: ChipReading | None = None
    codes: list[CodeReading] = field(default_factory=list)
    traces: Traces | None = None
    viz: VizReading | None = None
    viz_reason: str = "there is no zone to hold the print against"

    def keep(self, name: str, image: _Image, label: str, *, width: int = 0, height: int = 0) -> str:
        """Keeps a picture for review, re-encoded and no larger than asked."""
        name = f"{self.prefix}.{name}"
        jpeg, (kept_width, kept_height) = _jpeg(image, width, height)
        self.jpegs[name] = jpeg
        self.pictures.append(Picture(name, kept_width, kept_height, label))
        return name


def read_file(
    descriptor: int, file: ItemFile, engines: Engines, settings: Settings, reference_date: dt.date
) -> tuple[FileReading, dict[str, bytes]]:
    """Reads one file.

    Args:
        descriptor: open for reading, at its start.
        file: its role decides what is looked for.
        engines: loaded.
        settings: limits.
        reference_date: the inspection date, to resolve centuries.

    Returns:
        The reading, and the JPEGs of the pictures it names.
    """
    started = time.monotonic()
    sheet = _Sheet(file.role, settings.border if file.role == Role.CAPTURE else 0)
    sha256, size, kind, pages = "", None, "", 0
    try:
        data, sha256 = read_untrusted(descriptor, settings.limits)
        sheet.prefix = f"{file.role}.{sha256[:16]}"  # the same bytes in another item keep their names
        size = len(data)
        if file.role is Role.CHIP:
            decoded = _read_chip(sheet, data, engines, settings, reference_date)
        else:
            decoded = decode(data, settings.limits)
            sheet.traces = decoded.traces
        kind = decoded.kind
        del data
        decoding, mark = 0.0, time.monotonic()
        for number, page in enumerate(decoded.pages, start=1):
            pages = number
            if number == 1 and sheet.traces is not None:
                sheet.traces = with_page(sheet.traces, page)
            decoding += time.monotonic() - mark
            to_come = decoding / number * (decoded.page_count - number) * _PAGE_COST
            end = started + settings.limits.seconds * (1 - _SPARE_SHARE) - to_come
            _read_page(sheet, page, number, engines, end, reference_date, alone=decoded.page_count == 1)
            mark = time.monotonic()
        outcome = FileOutcome(file.role, file.path, Outcome.OK, "", sha256, size, kind, pages)
    except FileRefusedError as refused:
        # nothing of a file that is damaged further on is used: half a document misleads
        sheet = _Sheet(file.role)
        outcome = FileOutcome(file.role, file.path, refused.outcome, str(refused), sha256, size, kind, pages)
    return _reading(outcome, sheet), sheet.jpegs


def _reading(outcome: FileOutcome, sheet: _Sheet) -> FileReading:
    readable = outcome.outcome is Outcome.OK
    wants_mrz = outcome.role in _DOCUMENTS - _WITHOUT_MRZ
    wants_face = outcome.role in _WITH_PORTRAIT or outcome.role == Role.CAPTURE
    unread = f"the file is {outcome.outcome}"
    return FileReading(
        outcome,
        mrz=sheet.mrz,
        mrz_reason="" if not wants_mrz or sheet.mrz else (sheet.mrz_reason if readable else unread),
        faces=tuple(face.template for face in sheet.faces),
        face_reason=(sheet.face_reason if readable else unread) if wants_face else "",
        pictures=tuple(sheet.pictures),
        chip=sheet.chip,
        codes=tuple(sheet.codes),
        traces=sheet.traces,
        viz=sheet.viz,
        viz_reason="" if outcome.role not in _DOCUMENTS or sheet.viz else (sheet.viz_reason if readable else unread),
    )


def _read_chip(sheet: _Sheet, data: bytes, engines: Engines, settings: Settings, reference_date: dt.date) -> Decoded:
    """Authenticates a dump; the portrait of DG2 is its one page."""
    sheet.chip, page = read_chip(read_dump(data), engines.trust, settings.limits, reference_date=reference_date)
    if page is None:
        sheet.face_reason = "the dump holds no portrait that can be read (DG2)"
        return Decoded("chip dump", 0, iter(()))
    return Decoded("chip dump", 1, iter((page,)))


def _read_page(
    sheet: _Sheet, page: _Image, number: int, engines: Engines, end: float, reference_date: dt.date, *, alone: bool
) -> None:
    """Reads one page; no search is begun after `end`, on the clock of `time.monotonic`."""
    suffix = "" if number == 1 else str(number)
    found: MrzReading | None = None
    portraits: list[Box] = []
    if min(page.shape[:2]) < _LEAST_SIDE:
        if sheet.mrz is None:
            sheet.mrz_reason = _too_small(page)
        if not sheet.faces:
            sheet.face_reason = _too_small(page)
        return
    if sheet.role in _DOCUMENTS - _WITHOUT_MRZ and sheet.mrz is None:
        seconds = max(0.0, end - time.monotonic()) * _MRZ_SHARE
        found = read_mrz(page, engines.mrz, reference_date=reference_date, seconds=seconds)
        sheet.mrz, sheet.mrz_reason = found.result, found.reason
        page = found.page
        if found.strip is not None and found.result is not None:
            sheet.keep("mrz", _as_rgb(found.strip), "machine readable zone", width=_STRIP_WIDTH)
    if sheet.role in _DOCUMENTS:
        _take_codes(sheet, page, number, engines.trust, end, reference_date)
    if sheet.role == Role.CAPTURE or sheet.role in _WITH_PORTRAIT:
        page = _bordered(page, sheet.border, engines.face)
        seen = len(sheet.faces)
        page = _take_faces(sheet, page, engines.face, end)
        portraits = [face.template.box for face in sheet.faces[seen:]]
    if sheet.role in _DOCUMENTS and (not alone or sheet.mrz is not None or sheet.role in _WITHOUT_MRZ):
        _take_viz(sheet, page, number, found, portraits, engines.viz, end)
    sheet.keep(
        f"page{suffix}",
        page,
        f"{sheet.role.replace('_', ' ')}, page {number}",
        width=_PAGE_SIDE,
        height=_PAGE_SIDE,
    )


def _take_codes(
    sheet: _Sheet, page: _Image, number: int, trust: TrustStore, end: float, reference_date: dt.date
) -> None:
    """Keeps what the seals and licence barcodes of a page say; of other codes only that they are there."""
    for code in read_codes(page, seconds=max(0.0, end - time.monotonic()) * _CODE_SHARE):
        seal = read_seal(code.content, trust, reference_date=reference_date)
        licence = read_licence(code.content) if seal is None else None
        sheet.codes.append(CodeReading(code.symbology, number, len(code.content), code.sha256, seal, licence))


def _take_viz(
    sheet: _Sheet,
    page: _Image,
    number: int,
    found: MrzReading | None,
    portraits: list[Box],
    reader: VizReader | None,
    end: float,
) -> None:
    """Adds the printed lines of a page; above its zone where it has one, else as on the front of a card."""
    if reader is None:
        sheet.viz_reason = _NO_VIZ
        return
    mrz, quad = (found.result, found.quad) if found is not None else (None, None)
    seconds = max(0.0, end - time.monotonic())
    read = reader.read(page, mrz, quad, seconds=seconds, without=portraits, number=number)
    if sheet.viz is None:
        sheet.viz = read
    else:
        reason = sheet.viz.reason or read.reason
        sheet.viz = dataclasses.replace(sheet.viz, lines=sheet.viz.lines + read.lines, reason=reason)


def _too_small(page: _Image) -> str:
    height, width = page.shape[:2]
    return f"a page of {width} x {height} pixels is too small to read anything from"


def _take_faces(sheet: _Sheet, page: _Image, engine: FaceEngine, end: float) -> _Image:
    """Keeps the faces of the first page that has any; a page without an MRZ to go by is tried in other turns.

    Of several turns that show a face, the one counts in which the detector is surest.
    """
    main = FaceRole.LIVE if sheet.role == Role.CAPTURE else FaceRole.PORTRAIT
    if sheet.faces:
        return page
    best: tuple[list[AcquiredFace], _Image] | None = None
    for turns in (0, 1, 3, 2) if sheet.mrz is None and sheet.chip is None else (0,):
        if time.monotonic() > end:
            sheet.face_reason = "the time for this file ran out before a face was found; raise limits.seconds"
            break
        turned = turn(page, turns)
        faces, sheet.face_reason = acquire(turned, engine, main=main, source=sheet.role)
        if faces and (best is None or faces[0].surety > best[0][0].surety):
            best = faces, turned
        if best is not None and best[0][0].surety >= engine.sure:
            break
    if best is None:
        return page
    sheet.faces = [_kept(sheet, face, index) for index, face in enumerate(best[0])]
    sheet.face_reason = ""
    return best[1]


def _bordered(page: _Image, border: int, engine: FaceEngine) -> _Image:
    """Room around a face that was cut out, as it fills a small picture or is not found there: detectors expect some."""
    if not border or max(page.shape[:2]) >= _WHOLE:
        return page
    found = engine.detect(page)
    if found and found[0].box.height <= _TIGHT * page.shape[0]:
        return page
    sides = (border, border, border, border)
    return np.asarray(cv2.copyMakeBorder(page, *sides, cv2.BORDER_CONSTANT, value=(0, 0, 0)), dtype=np.uint8)


def _kept(sheet: _Sheet, face: AcquiredFace, index: int) -> AcquiredFace:
    role = face.template.role
    name = sheet.keep(f"face{index}", face.crop, f"{role} on the {sheet.role}", height=_FACE_HEIGHT)
    return AcquiredFace(dataclasses.replace(face.template, picture=name), face.crop)


def _as_rgb(image: NDArray[np.uint8]) -> _Image:
    return image if image.ndim == 3 else np.asarray(cv2.cvtColor(image, cv2.COLOR_GRAY2RGB), dtype=np.uint8)


def _jpeg(image: _Image, width: int, height: int) -> tuple[bytes, tuple[int, int]]:
    scales = [limit / side for limit, side in _bounds(image, width, height)]
    scale = min([1.0, *scales])
    size = max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA) if scale < 1 else image
    _done, data = cv2.imencode(".jpg", cv2.cvtColor(small, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return data.tobytes(), (small.shape[1], small.shape[0])


def _bounds(image: _Image, width: int, height: int) -> Iterable[tuple[int, int]]:
    if width:
        yield width, image.shape[1]
    if height:
        yield height, image.shape[0]
