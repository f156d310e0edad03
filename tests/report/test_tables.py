from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from verify.model.finding import Finding, Severity
from verify.model.result import ItemResult
from verify.model.run import RunRecord
from verify.report import Report, write_findings_csv, write_jsonl
from verify.report.table import COLUMNS
from verify.report.text import csv_cell


def rows(report: Report) -> list[dict[str, str]]:
    stream = io.StringIO(newline="")
    write_findings_csv(report, stream)
    return list(csv.DictReader(io.StringIO(stream.getvalue(), newline="")))


def lines(report: Report) -> list[dict[str, object]]:
    stream = io.StringIO()
    write_jsonl(report, stream)
    assert stream.getvalue().isascii()
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+ANNA", "'+ANNA"),
        ("-ANNA", "'-ANNA"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\r'=1"),
        (" =1", "' =1"),
        ("＝1+1", "'＝1+1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠A", "'＠A"),
        ("\u202e=1", "'=1"),
        ("\x00=1", "'=1"),
        ("a;=1", "a;'=1"),
        ("a\n=1", "a\n'=1"),
        ("-12.5", "-12.5"),
        ("+3", "+3"),
        ("-1e-3", "-1e-3"),
        ("-1+cmd", "'-1+cmd"),
        ("O'NEIL-SMITH", "O'NEIL-SMITH"),
        ("a = b", "a = b"),
        ("\u202dERIKSSON\u2069", "ERIKSSON"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("", ""),
    ],
)
def test_cells_are_no_formulas(text: str, cell: str) -> None:
    assert csv_cell(text) == cell


@given(st.text(alphabet=st.sampled_from("=+-@\t\r\n; ＝a1.'\u202e\x00\"<"), max_size=12))
def test_no_cell_starts_a_formula(text: str) -> None:
    cell = csv_cell(text)
    try:
        float(cell)
    except ValueError:
        assert not cell.lstrip(" \n").startswith(tuple("=+-@\t\r＝"))
    assert not set("\u202e\x00") & set(cell)


def test_one_row_a_finding(report: Report) -> None:
    found = rows(report)
    assert tuple(found[0]) == COLUMNS
    assert [(row["item_id"], row["code"], row["severity"]) for row in found] == [
        ("X-002", "D01", "strong"),
        ("X-003", "L01", "critical"),
        ("X-004<b>", "N02", "review"),
        ("X-006", "K01", "strong"),
    ]
    assert {row["schema_version"] for row in found} == {"1"}
    assert found[3]["related"] == "X-003"
    assert found[1]["evidence"] == "face similarity: hidden until a first judgement is saved | listed number: L898902C3"


def test_the_rows_are_safe(make: SimpleNamespace) -> None:
    hostile = make.finding("N02", "=cmd", Severity.REVIEW, explanation=make.formula, source="\u2067@A")
    first = make.results()[0]
    (row,) = rows(make.synthetic(items=(first,), linkage=((first.item.item_id, hostile),)))
    assert row["title"] == "'=cmd"
    assert row["explanation"] == "'" + make.formula
    assert row["source"] == "'@A"


def test_jsonl_round_trip(report: Report, make: SimpleNamespace) -> None:
    first, *rest = lines(report)
    assert first["record"] == "run"
    assert first["severities"] == {"1": "info", "2": "review", "3": "strong", "4": "critical"}
    assert TypeAdapter(RunRecord).validate_python(first["run"]) == make.run()
    assert [line["schema_version"] for line in (first, *rest)] == [1] * 7
    read = []
    for line in rest:
        for reading in line["result"]["readings"]:  # type: ignore[index]
            for face in reading["faces"]:
                assert "vector" not in face
                face["vector"] = []
        read.append(TypeAdapter(ItemResult).validate_python(line["result"]))
    assert tuple(read) == tuple(without_vectors(result) for result in make.results())
    linked = TypeAdapter(tuple[Finding, ...]).validate_python(rest[5]["linkage"])
    assert linked == (report.linkage[0][1],)


def test_jsonl_keeps_scores_but_no_vectors(report: Report) -> None:
    stream = io.StringIO()
    write_jsonl(report, stream)
    assert "0.61234" in stream.getvalue()
    assert "0.1234567" not in stream.getvalue()
    assert '"left_out": ["readings.faces.vector"]' in stream.getvalue()


def test_jsonl_keeps_unpaired_surrogates(make: SimpleNamespace) -> None:
    first = lines(make.synthetic(run=make.run(purpose="search \udcff\u202e")))[0]
    assert first["run"]["purpose"] == "search \udcff\u202e"  # type: ignore[index]


def without_vectors(result: ItemResult) -> ItemResult:
    readings = (
        replace(reading, faces=tuple(replace(face, vector=()) for face in reading.faces)) for reading in result.readings
    )
    return replace(result, readings=tuple(readings))
