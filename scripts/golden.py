"""Runs the main job on samples/ and holds what it finds against what was planted; writes docs/golden.md.

    python scripts/golden.py            run, compare, print the table
    python scripts/golden.py --write    the same, and renew docs/golden.md

tests/golden asserts the figures.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from verify.batch import Commission, open_lists, read_manifest, run
from verify.batch.codec import ITEM_RESULT, LINKAGE
from verify.batch.single import enrol_table
from verify.gallery import Gallery
from verify.ledger import Ledger
from verify.model.finding import CheckState, Finding, Severity
from verify.model.gallery import EntryKind
from verify.model.outcome import Outcome
from verify.model.result import ItemResult
from verify.settings import Limits, Settings
from verify.vault.keys import new_data_key

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "samples"

CHECKS = {
    "document_number_check_digit": "R01", "birth_date_check_digit": "R02", "expiry_date_check_digit": "R03",
    "optional_data_check_digit": "R04", "composite_check_digit": "R05", "unknown_state_code": "R12",
    "withdrawn_state_code": "R13", "expired": "R20", "portrait_not_live": "R63", "one_document_two_holders": "R64",
    "one_face_two_identities": "R65", "one_portrait_two_documents": "R66", "listed_by_face": "G01",
    "missing_person_by_face": "G01", "listed_by_name_and_date": "G02", "document_listed": "L09", "two_faces": "F01",
}  # fmt: skip
NEEDS_VIZ = ("not_yet_valid", "birth_after_issue", "viz_name_differs", "viz_number_differs", "viz_date_differs")
NOT_COVERED = dict.fromkeys(NEEDS_VIZ, "the printed page (VIZ) is not read by this release")


@dataclass(slots=True)
class Case:
    """One item: what was found on it."""

    result: ItemResult
    links: list[Finding] = field(default_factory=list)

    @property
    def findings(self) -> list[Finding]:
        """All findings, batch-wide ones included."""
        return [*self.result.findings, *self.links]

    def names(self, planted: dict[str, str]) -> bool:
        """Whether what was planted was found, and points to the right list entry or item."""
        kind = planted["kind"]
        if kind in ("empty_file", "truncated_file"):
            return self._outcome(planted) is Outcome.DAMAGED
        if kind == "unreadable_scan":
            return self._state("R01") is CheckState.NOT_COMPUTABLE
        if kind == "no_face":
            return self._state("R63") is CheckState.NOT_COMPUTABLE
        if kind == "expired_entry_suppressed":
            lists = [one for one in self.result.candidates if one.probe == "name and birth date" and one.suppressed]
            return bool(lists) and not self._points_to(planted["reference_id"])
        if kind == "look_alike":
            return self._points_to(planted.get("reference_id", "")) or self._related("R65", planted.get("with", ""))
        code = CHECKS[kind]
        if "reference_id" in planted:
            return self._has(code) and self._points_to(planted["reference_id"])
        return self._related(code, planted["with"]) if "with" in planted else self._has(code)

    def _has(self, code: str) -> bool:
        return any(finding.code == code for finding in self.findings)

    def _related(self, code: str, item_id: str) -> bool:
        return any(finding.code == code and item_id in finding.related for finding in self.findings)

    def _points_to(self, reference_id: str) -> bool:
        return any(c.reference_id == reference_id for one in self.result.candidates for c in one.candidates)

    def _state(self, code: str) -> CheckState:
        return next(check.state for check in self.result.checks if check.code == code)

    def _outcome(self, planted: dict[str, str]) -> Outcome:
        return next(
            one.outcome.outcome for one in self.result.readings if one.outcome.role == planted.get("file", "document")
        )


@dataclass(slots=True)
class Golden:
    """The comparison of a run with the truth."""

    cases: dict[str, Case]
    truth: dict[str, dict[str, object]]
    found: dict[str, list[tuple[str, bool]]] = field(default_factory=lambda: defaultdict(list))

    @property
    def missed(self) -> list[tuple[str, str]]:
        """(kind, item) of everything planted that an installed check covers and that was not found."""
        return [(kind, item) for kind, seen in self.found.items() for item, ok in seen if not ok]

    @property
    def false_findings(self) -> list[tuple[str, Finding]]:
        """Findings of severity review or higher on clean crossings."""
        clean = [item for item, facts in self.truth.items() if facts["clean"]]
        return [(item, f) for item in clean for f in self.cases[item].findings if f.severity >= Severity.REVIEW]

    @property
    def further(self) -> int:
        """Findings of severity review or higher on other crossings, by checks for which nothing is planted there."""
        count = 0
        for item, facts in self.truth.items():
            planted = facts["planted"]
            assert isinstance(planted, list)
            codes = {CHECKS.get(one["kind"], "") for one in planted}
            codes |= {"R65", "G01"} if any(one["kind"] == "look_alike" for one in planted) else set()
            if not facts["clean"]:
                found = self.cases[item].findings
                count += sum(finding.severity >= Severity.REVIEW and finding.code not in codes for finding in found)
        return count

    def mrz_exact(self) -> tuple[int, int]:
        """(read exactly as printed, printed) over the documents of clean crossings."""
        exact = total = 0
        printed: dict[str, dict[str, list[str]]] = json.loads(_truth_text())["mrz"]
        for item, roles in printed.items():
            if not self.truth[item]["clean"]:
                continue
            read = {one.outcome.role: one.mrz.lines for one in self.cases[item].result.readings if one.mrz}
            exact += sum(read.get(role) == tuple(lines) for role, lines in roles.items())
            total += len(roles)
        return exact, total


def golden(directory: Path, settings: Settings | None = None) -> Golden:
    """Enrols, runs and compares, in a folder of its own."""
    # dlib is what everybody has; the time is for a slow machine
    settings = settings or Settings(profile="specimen", face_engine="dlib", limits=Limits(seconds=60))
    kek = new_data_key()
    day = SAMPLES / "checkpoint"
    galleries = []
    for name, kind in (("nominals", EntryKind.NOMINAL), ("missing", EntryKind.MISSING_PERSON)):
        galleries.append(directory / name)
        enrol_table(
            day / f"{name}.csv", SAMPLES, directory / name, kek, settings, kind=kind, name=name, operator="golden"
        )
    with Gallery.open(directory / "missing", kek, write=True, operator="golden") as gallery:
        gallery.allow_together([EntryKind.NOMINAL], "invented people")
    lists = open_lists([day / "watchlist.csv"], galleries, kek)
    commission = Commission(read_manifest(day / "manifest.csv"), directory / "job", kek, "golden", "golden run")
    run(commission, settings, lists)
    with Ledger.open(directory / "job", kek, "read") as ledger:
        results = [ITEM_RESULT.validate_json(one.payload) for one in ledger.items()]
        cases = {result.item.item_id: Case(result) for result in results}
        for item_id, finding in LINKAGE.validate_json(ledger.linkage() or "[]"):
            cases[item_id].links.append(finding)
    compared = Golden(cases, json.loads(_truth_text())["items"])
    for item_id, facts in compared.truth.items():
        planted_here = facts["planted"]
        assert isinstance(planted_here, list)
        for planted in planted_here:
            if planted["kind"] not in NOT_COVERED:
                compared.found[planted["kind"]].append((item_id, cases[item_id].names(planted)))
    return compared


def table(compared: Golden) -> str:
    """docs/golden.md."""
    exact, printed = compared.mrz_exact()
    clean = sum(bool(facts["clean"]) for facts in compared.truth.values())
    rows = [
        f"| {kind.replace('_', ' ')} | {CHECKS.get(kind, '')} | {len(seen)} | {sum(ok for _item, ok in seen)} |"
        for kind, seen in sorted(compared.found.items())
    ]
    left_out = [f"| {kind.replace('_', ' ')} | {reason} |" for kind, reason in NOT_COVERED.items()]
    false = [f"\n- {item}: {finding.code} {finding.title}" for item, finding in compared.false_findings]
    return _PAGE.format(
        crossings=len(compared.truth),
        clean=clean,
        exact=exact,
        printed=printed,
        false=len(compared.false_findings),
        false_list="".join(false),
        further=compared.further,
        rows="\n".join(rows),
        left_out="\n".join(left_out),
    )


_PAGE = """# The demo against its planted truth

Written by `scripts/golden.py --write` from a run on `samples/`; `tests/golden` asserts it. The specimens are drawn and
the faces rendered: this shows that everything is connected and ranked as it should be. It says nothing about accuracy
on real documents and real people.

{crossings} crossings, {clean} of them clean. On the clean ones {exact} of {printed} machine readable zones were read
exactly as printed, and {false} findings of severity review or higher were made.
{false_list}
On the other crossings there are {further} findings of severity review or higher beyond what was planted there: rendered
faces resemble each other more than photographs do.

| planted | check | planted | found |
|---|---|---|---|
{rows}

A look-alike is found when its pair is suggested: that is expected, and innocent. A damaged file is found when its
outcome says so, an unreadable scan or a capture without a face when the checks say not computable, and an expired list
entry when it yields no candidate and is counted.

Planted, but not covered by an installed check:

| planted | reason |
|---|---|
{left_out}
"""


def _truth_text() -> str:
    return (SAMPLES / "checkpoint" / "truth.json").read_text(encoding="utf-8")


def main() -> int:
    """Runs from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="renew docs/golden.md")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        compared = golden(Path(directory))
    text = table(compared)
    print(text)
    for kind, item in compared.missed:
        print(f"missed: {kind} on {item}", file=sys.stderr)
    if arguments.write:
        (ROOT / "docs" / "golden.md").write_text(text, encoding="utf-8")
    return 1 if compared.missed else 0


if __name__ == "__main__":
    sys.exit(main())
