"""One self-contained HTML file a run: no script, no request. It is written while it is made."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files
from typing import TextIO

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from verify.document.viz import compare
from verify.model.face import Box, FaceRole, FaceTemplate
from verify.model.finding import CheckState, Confidence, Severity
from verify.model.gallery import EntryKind
from verify.model.mrz import FieldState, MrzDate, MrzResult
from verify.model.outcome import Outcome
from verify.model.result import FileReading, ItemResult, Picture
from verify.model.viz import VizField, VizLine, VizState
from verify.report import blind, words
from verify.report.charts import FEWEST_SCORES, SHOWN_CLUSTERS, Node
from verify.report.data import Report
from verify.report.marked import marked_lines
from verify.report.reasons import REASONS
from verify.report.summary import document_of, gaps_of, holder_of, summarise
from verify.report.text import isolate, label, reveal

__all__ = ["environment", "picture_source", "write_html"]

# Pictures of these entries stay folded away until a reader asks for them.
_FOLDED = (EntryKind.VICTIM, EntryKind.UNIDENTIFIED_PERSON)


def write_html(report: Report, stream: TextIO) -> None:
    """Write the report; items are read three times and never held together.

    Items without findings are one folded line each, without pictures: what nobody has to look at does not
    leave the ledger.

    Args:
        report: what to write.
        stream: opened for text in UTF-8.

    Raises:
        VerifyError: a batch-wide finding names an item that is not in the run.
    """
    summary = summarise(report)
    page = environment().get_template("report.html.j2")
    context = {
        "run": report.run,
        "summary": summary,
        "cases": (case for case in report.cases() if case.findings),
        "quiet": (case for case in report.cases() if not case.findings),
        "picture": picture_source(report.picture),
    }
    for piece in page.generate(context):
        stream.write(piece)


@lru_cache(maxsize=2)
def environment(*packages: str) -> Environment:
    """The templates of reports, after those of other packages that build on them; everything printed is escaped."""
    made = Environment(
        loader=ChoiceLoader([PackageLoader(package) for package in (*packages, "verify.report")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalise,
    )
    made.filters.update(bdi=isolate, label=label, when=_when, dates=_dates)
    made.globals.update(
        css=Markup(files("verify.report").joinpath("templates/report.css").read_text(encoding="utf-8")),  # noqa: S704 - ours
        words=words,
        REASONS=REASONS,
        blind=blind,
        marked_lines=marked_lines,
        document_of=document_of,
        holder_of=holder_of,
        gaps_of=gaps_of,
        portraits=_portraits,
        faceless=_faceless,
        kept=_kept,
        printed=_printed,
        sketch=_sketch,
        VizState=VizState,
        days_old=_days_old,
        Severity=Severity,
        Confidence=Confidence,
        CheckState=CheckState,
        FieldState=FieldState,
        Outcome=Outcome,
        FOLDED=_FOLDED,
        charts_fewest=FEWEST_SCORES,
        item_anchor=_anchor,
        charts_shown=SHOWN_CLUSTERS,
    )
    return made


def _finalise(value: object) -> object:
    """Each printed string shows its control characters; markup was made from such strings."""
    return reveal(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def picture_source(picture: Callable[[str, str], bytes | None]) -> Callable[[str, str], str]:
    """What templates call for a picture, by item and name."""

    def source(item_id: str, name: str) -> str:
        """A data URI (RFC 2397); empty when the picture is not kept."""
        data = picture(item_id, name) if name else None
        return f"data:image/jpeg;base64,{base64.b64encode(data).decode('ascii')}" if data else ""

    return source


def _anchor(node: Node) -> str:
    return f"#item-{node.number}" if node.number else ""


def _when(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S} UTC"


def _dates(mrz: MrzResult, name: str) -> str:
    """What a six-digit date may stand for; empty for other fields."""
    date: MrzDate | None = {"birth_date": mrz.birth_date, "expiry_date": mrz.expiry_date}.get(name)
    if date is None:
        return ""
    if date.partial:
        return f"partly unknown, year {date.year if date.year is not None else 'unknown'}"
    return " or ".join(str(one) for one in date.candidates) or "no real date"


def _portraits(result: ItemResult) -> list[tuple[FileReading, FaceTemplate]]:
    """Every face of the item with its file: the portrait first, the live capture beside it, then the rest."""
    order = (FaceRole.PORTRAIT, FaceRole.LIVE, FaceRole.GHOST, FaceRole.OTHER)
    found = [(reading, face) for reading in result.readings for face in reading.faces]
    return sorted(found, key=lambda pair: order.index(pair[1].role))


def _faceless(result: ItemResult) -> list[FileReading]:
    return [reading for reading in result.readings if reading.face_reason]


def _kept(reading: FileReading) -> tuple[list[Picture], list[Picture]]:
    """The pages of a file, and its MRZ strips; face crops are shown elsewhere."""
    crops = {face.picture for face in reading.faces}
    shown = [one for one in reading.pictures if one.name not in crops]
    strips = [one for one in shown if one.name.endswith(".mrz")]
    return [one for one in shown if one not in strips], strips


def _printed(reading: FileReading) -> list[VizField]:
    """The printed fields of a file held against its own MRZ; those that were found first."""
    fields = compare(reading.viz.lines, reading.mrz) if reading.viz else ()
    return sorted(fields, key=lambda one: one.state is VizState.NOT_FOUND)


def _sketch(reading: FileReading) -> tuple[Box, list[tuple[VizLine, bool]]] | None:
    """The printed lines where they stand on the first page that has any, and which of them differ from the MRZ."""
    lines = reading.viz.lines if reading.viz else ()
    if not lines:
        return None
    differing = {at for one in _printed(reading) if one.state is VizState.DIFFERS for at in one.lines}
    here = [(line, at in differing) for at, line in enumerate(lines) if line.page == lines[0].page]
    boxes = [line.box for line, _ in here]
    left, top = min(one.left for one in boxes), min(one.top for one in boxes)
    return Box(left, top, max(one.right for one in boxes), max(one.bottom for one in boxes)), here


def _days_old(collected: dt.date, inspection: dt.date) -> int:
    return (inspection - collected).days
