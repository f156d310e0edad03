"""Runs the main job on samples/ and holds what it finds against what was planted; writes docs/golden.md.

    python scripts/golden.py            run, compare, print the table
    python scripts/golden.py --write    the same, and renew docs/golden.md

tests/golden asserts the figures.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from verify.batch import Commission, open_lists, read_manifest, run
from verify.batch.codec import ITEM_RESULT, LINKAGE
from verify.batch.enrol import enrol_table
from verify.checks import discover
from verify.document.trust import import_trust
from verify.document.viz import describe_viz
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

NOT_PLANTED = {
    **dict.fromkeys(("R35", "R36", "R37", "R39", "R40", "R41"), "of real states, whose documents are not drawn"),
    "R38": "silent where the profile accepts specimens",
}
"""Why Utopia cannot show a check; each has unit cases (tests/cases/checks)."""

WITHOUT_TWIN = {"R24"}
"""Nobody who crosses clean is a child."""

NEEDS_VIZ = frozenset({
    "not_yet_valid", "birth_after_issue", "odd_validity", "viz_sex_differs", "name_cut_off", "viz_name_differs",
    "viz_number_differs", "viz_date_differs", "viz_nationality_differs", "viz_personal_number_differs",
    "front_of_another_card", "repeated_field_differs", "visa_dates_differ",
})  # fmt: skip
"""Plants that show only where the reader of the printed page is installed."""

_UNTOLD = ("unreadable_scan", "no_face", "chip_chain_unknown", "seal_signer_unknown")  # to end as not computable


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
        kind, code = planted["kind"], planted.get("check", "")
        if kind in ("empty_file", "truncated_file"):
            return self._outcome(planted) is Outcome.DAMAGED
        if kind in _UNTOLD:
            return self.state(code) is CheckState.NOT_COMPUTABLE
        if kind == "expired_entry_suppressed":
            lists = [one for one in self.result.candidates if "name and birth date" in one.probe and one.suppressed]
            return bool(lists) and not self._points_to(planted["reference_id"])
        if kind == "look_alike":
            return self._points_to(planted.get("reference_id", "")) or self._related("R65", planted.get("with", ""))
        if "reference_id" in planted:
            return self._has(code) and self._points_to(planted["reference_id"])
        return self._related(code, planted["with"]) if "with" in planted else self._has(code)

    def state(self, code: str) -> CheckState | None:
        """How a check of one item ended; None for one that looks at the batch."""
        return next((check.state for check in self.result.checks if check.code == code), None)

    def _has(self, code: str) -> bool:
        return any(finding.code == code for finding in self.findings)

    def _related(self, code: str, item_id: str) -> bool:
        return any(finding.code == code and item_id in finding.related for finding in self.findings)

    def _points_to(self, reference_id: str) -> bool:
        return any(c.reference_id == reference_id for one in self.result.candidates for c in one.candidates)

    def _outcome(self, planted: dict[str, str]) -> Outcome:
        return next(
            one.outcome.outcome for one in self.result.readings if one.outcome.role == planted.get("file", "document")
        )


@dataclass(slots=True)
class Golden:
    """The comparison of a run with the truth.

    Attributes:
        cases: by item.
        truth: of each item: whether it is clean, and what is planted.
        viz: the printed page was read.
        found: by check, or by kind where no check answers for it: (item, kind, whether it was found) of each plant.
        unread: kinds of plants that could not show, as the printed page was not read.
    """

    cases: dict[str, Case]
    truth: dict[str, dict[str, object]]
    printed: dict[str, dict[str, list[str]]]
    viz: bool = True
    found: dict[str, list[tuple[str, str, bool]]] = field(default_factory=lambda: defaultdict(list))
    unread: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Look for each plant."""
        for item, planted in self.plants():
            if planted["kind"] in NEEDS_VIZ and not self.viz:
                self.unread.add(planted["kind"])
                continue
            name = planted.get("check", planted["kind"])
            self.found[name].append((item, planted["kind"], self.cases[item].names(planted)))

    def plants(self) -> Iterator[tuple[str, dict[str, str]]]:
        """(item, plant) of everything planted."""
        for item, facts in self.truth.items():
            planted = facts["planted"]
            assert isinstance(planted, list)
            yield from ((item, one) for one in planted)

    @property
    def clean(self) -> dict[str, Case]:
        """Crossings on which nothing is to be found."""
        return {item: self.cases[item] for item, facts in self.truth.items() if facts["clean"]}

    @property
    def missed(self) -> list[tuple[str, str]]:
        """(kind, item) of everything planted that was not found."""
        return [(kind, item) for seen in self.found.values() for item, kind, ok in seen if not ok]

    @property
    def false_findings(self) -> list[tuple[str, Finding]]:
        """Findings of severity review or higher on clean crossings."""
        return [(item, f) for item, case in self.clean.items() for f in case.findings if f.severity >= Severity.REVIEW]

    def quiet(self, code: str) -> tuple[int, int, int]:
        """Of a check on the clean crossings: how often it passed, could not be computed, and found something."""
        states = Counter(case.state(code) for case in self.clean.values())
        findings = sum(finding.code == code for case in self.clean.values() for finding in case.findings)
        passed = states[CheckState.PASS] or (states[None] - findings)  # of the whole batch: no finding is a pass
        return passed, states[CheckState.NOT_COMPUTABLE], findings

    @property
    def looks(self) -> int:
        """How often a check could look at a clean crossing."""
        return sum(passed + findings for passed, _untold, findings in (self.quiet(one.meta.code) for one in discover()))

    @property
    def further(self) -> int:
        """Findings of severity review or higher on other crossings, by checks for which nothing is planted there."""
        count = 0
        for item, case in self.cases.items():
            planted = [one for at, one in self.plants() if at == item]
            codes = {one.get("check", "") for one in planted}
            codes |= {"R65", "G01"} if any(one["kind"] == "look_alike" for one in planted) else set()
            if item not in self.clean:
                count += sum(f.severity >= Severity.REVIEW and f.code not in codes for f in case.findings)
        return count

    def mrz_exact(self) -> tuple[int, int]:
        """(read exactly as printed, printed) over the documents of clean crossings."""
        exact = total = 0
        for item, roles in self.printed.items():
            if not self.truth[item]["clean"]:
                continue
            read = {one.outcome.role: one.mrz.lines for one in self.cases[item].result.readings if one.mrz}
            exact += sum(read.get(role) == tuple(lines) for role, lines in roles.items())
            total += len(roles)
        return exact, total


def golden(directory: Path, settings: Settings | None = None, samples: Path = SAMPLES) -> Golden:
    """Enrols, runs and compares, in a folder of its own."""
    day = samples / "checkpoint"
    # dlib is what everybody has; the time is for a slow machine
    settings = settings or Settings(profile="specimen", face_engine="dlib", limits=Limits(seconds=60))
    settings = settings.model_copy(update={"trust": trust(day / "trust", directory / "trust")})
    kek = new_data_key()
    galleries = []
    for name, kind in (("nominals", EntryKind.NOMINAL), ("missing", EntryKind.MISSING_PERSON)):
        galleries.append(directory / name)
        enrol_table(
            day / f"{name}.csv", samples, directory / name, kek, settings, kind=kind, name=name, operator="golden"
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
    truth = json.loads((day / "truth.json").read_text(encoding="utf-8"))
    return Golden(cases, truth["items"], truth["mrz"], bool(describe_viz(settings.viz_engine)))


def codes() -> set[str]:
    """Of all checks."""
    return {check.meta.code for check in discover()}


def trust(files: Path, store: Path) -> Path:
    """Takes the day's certificates into a trust store: its CSCA vouches for the others."""
    today = dt.date(2026, 6, 15)
    for name in ("master-list.bin", "seals.cer"):
        import_trust(store, files / name, files / "csca.cer", today=today)
    import_trust(store, files / "revoked.crl", None, today=today)
    return store


def table(compared: Golden) -> str:
    """docs/golden.md."""
    exact, printed = compared.mrz_exact()
    by_check = [_row(compared, check.meta.code, check.meta.name) for check in discover()]
    other = [
        f"| {name.replace('_', ' ')} | {len(seen)} | {sum(ok for *_what, ok in seen)} |"
        for name, seen in sorted(compared.found.items())
        if name not in codes()
    ]
    false = [f"\n- {item}: {finding.code} {finding.title}" for item, finding in compared.false_findings]
    return _PAGE.format(
        crossings=len(compared.truth),
        clean=len(compared.clean),
        exact=exact,
        printed=printed,
        false=len(compared.false_findings),
        looks=compared.looks,
        share=len(compared.false_findings) / compared.looks,
        false_list="".join(false),
        further=compared.further,
        planted=sum(map(len, compared.found.values())),
        missed=len(compared.missed),
        by_check="\n".join(by_check),
        other="\n".join(other),
        unread=_UNREAD.format(", ".join(sorted(compared.unread)).replace("_", " ")) if compared.unread else "",
    )


def _row(compared: Golden, code: str, name: str) -> str:
    seen = compared.found.get(code, [])
    passed, untold, findings = compared.quiet(code)
    planted = dict.fromkeys(one["kind"] for _item, one in compared.plants() if one.get("check") == code)
    kinds = ", ".join(kind.replace("_", " ") + " (not read)" * (kind in compared.unread) for kind in planted)
    told = kinds or f"unit cases only: {NOT_PLANTED.get(code, 'nothing is planted for it')}"
    return (
        f"| {code} | {name} | {told} | {len(seen)} | {sum(ok for *_w, ok in seen)} | {passed} | {untold} | {findings} |"
    )


_UNREAD = """
The reader of the printed page was not installed, so that these could not show: {}. They are not counted.
"""

_PAGE = """# The demo against its planted truth

Written by `scripts/golden.py --write` from a run on `samples/`; `tests/golden` asserts it. The specimens are drawn and
the faces rendered: this shows that everything is connected and ranked as it should be. It says nothing about accuracy
on real documents and real people.

{crossings} crossings, {clean} of them clean. Of {planted} plants {missed} were missed. On the clean crossings {exact}
of {printed} machine readable zones were read exactly as printed, and of {looks} looks of a check {false} gave a finding
of severity review or higher ({share:.2%}).
{false_list}
On the other crossings there are {further} findings of severity review or higher beyond what was planted there: what one
alteration makes of several checks, and rendered faces, which resemble each other more than photographs do.

For each check: what is planted, how often it was found, and its twins, the clean crossings: on how many of them it
passed, could not be computed, and found something. On the rest there was nothing for it to look at.

| check | looks for | planted | times | found | twins passed | not computable | findings |
|---|---|---|---|---|---|---|---|
{by_check}
{unread}
A scan that cannot be read, a capture without a face, a chip whose chain is not known and a seal of an unknown signer
are found when the check says not computable: nothing can be told of them, and nothing may be made up.

What no check answers for:

| planted | times | found |
|---|---|---|
{other}

A look-alike is found when its pair is suggested: that is expected, and innocent. A damaged file is found when its
outcome says so, and an expired list entry when it yields no candidate and is counted.
"""


def main() -> int:
    """Runs from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="renew docs/golden.md")
    parser.add_argument("--samples", type=Path, default=SAMPLES, help="another folder made by make_samples.py")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        compared = golden(Path(directory), samples=arguments.samples)
    text = table(compared)
    print(text)
    for kind, item in compared.missed:
        print(f"missed: {kind} on {item}", file=sys.stderr)
    if arguments.write:
        (ROOT / "docs" / "golden.md").write_text(text, encoding="utf-8")
    return 1 if compared.missed else 0


if __name__ == "__main__":
    sys.exit(main())
