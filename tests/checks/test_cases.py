"""Every check against its case file: data in, the expected end out. A check without a case file fails."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from verify.checks import Check, discover
from verify.model.finding import CheckState, Confidence, Finding, Severity

from .builder import batch_of, case_of

FOLDER = Path(__file__).parents[1] / "cases" / "checks"
CHECKS = {check.meta.code: check for check in discover()}
CASES = {path.stem: json.loads(path.read_text(encoding="utf-8"))["cases"] for path in sorted(FOLDER.glob("*.json"))}


def named(batch: bool) -> list[Any]:
    return [
        pytest.param(check, case, id=f"{code}: {case['name']}")
        for code, check in CHECKS.items()
        for case in CASES.get(code, ())
        if bool(check.run_batch) is batch
    ]


def test_each_check_has_a_case_file_and_each_file_a_check() -> None:
    assert sorted(CASES) == sorted(CHECKS)


@pytest.mark.parametrize("code", sorted(CHECKS))
def test_each_check_has_a_case_that_fires_one_that_stays_quiet_and_one_that_cannot_tell(code: str) -> None:
    if CHECKS[code].run_batch:
        ends = {bool(case["expect"]) for case in CASES[code]}
        assert ends == {True, False}
        return
    states = {case["expect"]["state"] for case in CASES[code]}
    assert {"finding", "pass"} <= states
    assert states & {"not computable", "not applicable"}


@pytest.mark.parametrize(("check", "case"), named(batch=False))
def test_check_of_one_item(check: Check, case: dict[str, Any]) -> None:
    assert check.run is not None
    expected = case["expect"]
    result = check.run(case_of(case))
    assert result.code == check.meta.code
    assert result.state == CheckState(expected["state"]), result
    if result.state is CheckState.FINDING:
        assert len(result.findings) == expected.get("count", 1)
        for finding in result.findings:
            presentable(finding, check)
        agrees(result.findings[0], expected)
    else:
        assert not result.findings
        assert bool(result.reason) is (result.state is not CheckState.PASS)
    assert expected.get("reason", "") in result.reason


@pytest.mark.parametrize(("check", "case"), named(batch=True))
def test_batch_wide_check(check: Check, case: dict[str, Any]) -> None:
    assert check.run_batch is not None
    found = check.run_batch(batch_of(case))
    told = sorted((item_id, finding.related) for item_id, finding in found)
    assert told == sorted((one["item"], tuple(one["related"])) for one in case["expect"])
    for item_id, finding in found:
        assert {one.item for one in finding.evidence if one.item} <= set(finding.related)
        presentable(finding, check)
        agrees(
            finding,
            next(one for one in case["expect"] if (one["item"], tuple(one["related"])) == (item_id, finding.related)),
        )


def agrees(finding: Finding, expected: dict[str, Any]) -> None:
    assert finding.severity is Severity[expected["severity"].upper()]
    assert finding.confidence is Confidence(expected["confidence"])
    marks = [[mark.source, mark.line, mark.start, mark.end] for mark in finding.marks]
    assert marks == expected.get("marks", [])
    assert expected.get("says", "") in finding.explanation
    values = {one.label: one.value for one in finding.evidence}
    assert expected.get("evidence", {}).items() <= values.items()


def presentable(finding: Finding, check: Check) -> None:
    """What a person needs beside the fact: why it may be innocent, and what it rests on."""
    assert finding.code == check.meta.code
    assert finding.innocent_reasons
    assert finding.source
    assert finding.explanation.endswith(".")
    assert finding.severity <= check.meta.severity
    assert all(one.label and (one.value or one.picture) for one in finding.evidence)
