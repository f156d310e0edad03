"""Finds the signed checkpoint of the audit log in what was exported before."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

from verify.audit import Checkpoint
from verify.errors import UsageError

__all__ = ["read_checkpoint"]

_MAX_LINE = 1 << 20  # characters of the first line of results.jsonl
_IDS = {
    "audit-job": "job_id",
    "audit-length": "audit_length",
    "audit-head": "audit_head",
    "audit-public-key": "audit_public_key",
    "audit-signature": "audit_signature",
}


def read_checkpoint(path: Path) -> Checkpoint:
    """Reads the checkpoint that a `report.html` or `results.jsonl` carries; whether it is true is not looked at.

    Args:
        path: of the file; one whose name ends in `.jsonl` is JSON lines, everything else HTML.

    Raises:
        UsageError: the file cannot be read, or carries no whole checkpoint.
    """
    try:
        facts = _from_lines(path) if path.suffix == ".jsonl" else _from_html(path)
        kept = Checkpoint(
            str(facts["job_id"]),
            int(facts["audit_length"]),
            str(facts["audit_head"]),
            str(facts["audit_public_key"]),
            str(facts["audit_signature"]),
        )
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})") from error
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise UsageError(f"{path}: carries no checkpoint; name a report.html or results.jsonl of the job") from error
    if not kept.signature:
        raise UsageError(f"{path}: its checkpoint is not signed; it was not made by 'verify job export'")
    return kept


def _from_lines(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8") as lines:
        facts = json.loads(lines.readline(_MAX_LINE))["run"]
    if not isinstance(facts, dict):
        raise TypeError("the run is no object")
    return facts


def _from_html(path: Path) -> dict[str, str]:
    finder = _Finder()
    with path.open(encoding="utf-8") as text:
        while piece := text.read(1 << 20):
            finder.feed(piece)
    return finder.facts


class _Finder(HTMLParser):
    """The text of the elements with our ids, the first of each."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.facts: dict[str, str] = {}
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        name = _IDS.get(dict(attrs).get("id") or "", "")
        self._inside = name if name not in self.facts else ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.facts[self._inside] = self.facts.get(self._inside, "") + data

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""
