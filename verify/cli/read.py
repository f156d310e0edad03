"""`verify read`: the MRZ of a few files, and the print around it."""

from __future__ import annotations

import csv
import datetime as dt
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from verify.cli._options import FILE, day, settings_from, settings_options, today
from verify.errors import ExitCode, UsageError
from verify.model.item import Role
from verify.model.mrz import MrzResult
from verify.model.outcome import Outcome
from verify.model.result import FileReading

__all__ = ["command"]


@click.command("read")
@click.argument("files", type=FILE, nargs=-1, required=True)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "jsonl", "csv"]),
    default="table",
    show_default=True,
    help="for people, for programs, or for spreadsheets",
)
@click.option("--date", callback=day, help="inspection date, to resolve centuries; default today")
@click.option(
    "--explain", metavar="DIR", type=FILE, help="write a page for each file: the strip, and the characters in doubt"
)
@settings_options
def command(
    files: tuple[Path, ...],
    form: str,
    date: dt.date | None,
    explain: Path | None,
    settings_file: Path | None,
    **flags: object,
) -> ExitCode:
    """Read the machine readable zone and the printed page of FILES. Fields that could not be read say so."""
    from verify.batch.single import read_files
    from verify.report import csv_cell, explain_html

    settings = settings_from(settings_file, **flags)
    unread = 0
    table = csv.writer(sys.stdout)
    if form == "csv":
        table.writerow(["schema_version", "file", "outcome", "reason", "format", "line", "name", "value", "state"])
    readings = read_files(files, settings, role=Role.DOCUMENT, reference_date=date or today())
    for number, (path, (reading, pictures)) in enumerate(zip(files, readings, strict=True), start=1):
        if explain is not None:
            _write(explain, f"{number:03}-{path.stem}.html", explain_html(path.name, reading, pictures))
        unread += reading.outcome.outcome is not Outcome.OK
        if form == "jsonl":
            click.echo(json.dumps(_as_json(path, reading), ensure_ascii=False))
        elif form == "csv":
            table.writerows([csv_cell(str(cell)) for cell in row] for row in _rows(path, reading))
        else:
            _show(path, reading)
    return ExitCode.SOME_UNREADABLE if unread else ExitCode.OK


def _write(folder: Path, name: str, page: str) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(page, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{folder / name}: cannot be written ({error.strerror})") from error


def _as_json(path: Path, reading: FileReading) -> dict[str, Any]:
    mrz = reading.mrz
    return {
        "schema_version": 1,
        "file": str(path),
        "outcome": reading.outcome.outcome,
        "reason": reading.outcome.detail or reading.mrz_reason,
        "mrz": mrz
        and {
            "format": mrz.format,
            "engine": mrz.engine,
            "lines": mrz.lines,
            "raw_lines": mrz.raw_lines,
            "unconstrained": mrz.unconstrained,
            "accepted": mrz.accepted,
            "objections": mrz.objections,
            "doubtful": mrz.doubtful,
            "fields": {one.name: {"value": one.value, "raw": one.raw, "state": one.state} for one in mrz.fields},
            "check_digits": {one.name: one.verifies for one in mrz.check_digits},
            "birth_date": [date.isoformat() for date in mrz.birth_date.candidates],
            "expiry_date": [date.isoformat() for date in mrz.expiry_date.candidates],
            "forced": mrz.forced,
            "suggestions": [{"lines": one.lines, "changes": one.changes, "odds": one.odds} for one in mrz.suggestions],
        },
        "viz": _viz_as_json(reading),
    }


def _viz_as_json(reading: FileReading) -> dict[str, Any]:
    from verify.document.viz import compare

    if reading.viz is None:
        return {"reason": reading.viz_reason}
    return {
        "engine": reading.viz.engine,
        "reason": reading.viz.reason,
        "lines": [one.text for one in reading.viz.lines],
        "fields": {
            one.name: {"state": one.state, "printed": one.printed, "expected": one.expected}
            for one in compare(reading.viz.lines, reading.mrz)
            if one.printed
        },
    }


def _rows(path: Path, reading: FileReading) -> list[list[object]]:
    from verify.document.viz import compare

    start: list[object] = [
        1,
        str(path),
        reading.outcome.outcome,
        reading.outcome.detail or reading.mrz_reason,
    ]
    if reading.mrz is None:
        return [[*start, "", "", "", "", ""]]
    zone = [[*start, reading.mrz.format, one.line + 1, one.name, one.value, one.state] for one in reading.mrz.fields]
    lines = reading.viz.lines if reading.viz is not None else ()
    page = [[*start, "VIZ", "", one.name, one.printed, one.state] for one in compare(lines, reading.mrz) if one.printed]
    return zone + page


def _show(path: Path, reading: FileReading) -> None:
    from verify.document.viz import compare

    click.echo(f"{path}: {reading.outcome.outcome}{': ' if reading.outcome.detail else ''}{reading.outcome.detail}")
    if reading.mrz is None:
        click.echo(f"  no MRZ: {reading.mrz_reason}")
        return
    for line in reading.mrz.lines:
        click.echo(f"  {line}")
    for line in _said(reading.mrz):
        click.echo(f"  {line}")
    for one in reading.mrz.fields:
        click.echo(f"  {one.name:24} {one.value or '-':32} {one.state}")
    for digit in reading.mrz.check_digits:
        says = {True: "verifies", False: f"does not verify, {digit.computed} computed", None: "not demanded"}
        click.echo(f"  {digit.name:32} {digit.printed}  {says[digit.verifies]}")
    if reading.viz is None:
        click.echo(f"  printed page: {reading.viz_reason}")
        return
    click.echo(f"  printed page, against the zone ({reading.viz.engine})")
    if reading.viz.reason:
        click.echo(f"  {reading.viz.reason}")
    for field in compare(reading.viz.lines, reading.mrz):
        if field.printed:
            click.echo(f"  {field.name:24} {field.printed:32} {field.state}")


def _said(mrz: MrzResult) -> Iterator[str]:
    """Whether the reader vouches for the lines, and what else they might be."""
    if mrz.accepted:
        yield "the reader vouches for every character; that says nothing about the document"
    elif mrz.margins:
        yield f"not vouched for: {'; '.join(mrz.objections)}"
    for one in mrz.suggestions:
        meant = ", ".join(f"{new} for {old} at {line + 1}:{column + 1}" for line, column, old, new in one.changes)
        yield f"the check digits would support {meant} (odds {one.odds}); not applied"
