"""JSON Lines, the lossless form: the run first, then one object an item. ASCII only: nothing hides."""

from __future__ import annotations

import json
from typing import Any, TextIO

from pydantic import TypeAdapter

from verify.batch.codec import REVIEW_ENTRY
from verify.model.finding import Finding, Severity
from verify.model.result import ItemResult
from verify.model.run import RunRecord
from verify.report.data import SCHEMA_VERSION, Report
from verify.report.earlier import Earlier

__all__ = ["LEFT_OUT", "write_jsonl"]

# A template is personal data that no reader can use without the engine; it stays in the ledger.
LEFT_OUT = ("readings.faces.vector",)
_EXCLUDE = {"readings": {"__all__": {"faces": {"__all__": {"vector"}}}}}

_RUN = TypeAdapter(RunRecord)
_ITEM = TypeAdapter(ItemResult)
_LINKAGE = TypeAdapter(tuple[Finding, ...])
_EARLIER = TypeAdapter(dict[str, Earlier])


def write_jsonl(report: Report, stream: TextIO) -> None:
    """Write the run and its items, one JSON object a line (RFC 8259).

    Each line has "schema_version" and "record" ("run" or "item"). Severities are numbers; the first line
    names them. Face templates keep everything but their vector.

    Args:
        report: what to write; read once.
        stream: opened for text.

    Raises:
        VerifyError: a batch-wide finding names an item that is not in the run.
        ValueError: a number that JSON cannot hold (infinite or not a number).
    """
    head = {
        "run": _RUN.dump_python(report.run, mode="json"),
        "severities": {level.value: level.name.lower() for level in Severity},
        "left_out": LEFT_OUT,
    }
    _write(stream, "run", head)
    for case in report.cases():
        body = {
            "result": _ITEM.dump_python(case.result, mode="json", exclude=_EXCLUDE),
            "linkage": _LINKAGE.dump_python(case.linkage, mode="json"),
            "review": [REVIEW_ENTRY.dump_python(entry, mode="json") for entry in case.review],
            "judged_before": _EARLIER.dump_python(dict(case.earlier), mode="json"),
        }
        _write(stream, "item", body)


def _write(stream: TextIO, record: str, body: dict[str, Any]) -> None:
    line = {"schema_version": SCHEMA_VERSION, "record": record, **body}
    stream.write(json.dumps(line, ensure_ascii=True, allow_nan=False) + "\n")
