"""Checks are found by folder, run all of them, and never add up."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import pytest

import verify.checks as room
from verify.checks import discover, run_all, run_batch
from verify.checks._case import Meta
from verify.errors import UsageError
from verify.model.finding import Severity

from .builder import batch_of, case_of

FOLDER = Path(room.__file__).parent
ITEM = {"files": [{"role": "document", "mrz_reason": "no MRZ was found"}]}


def test_each_file_without_an_underscore_is_a_check() -> None:
    files = [path.stem for path in FOLDER.glob("*.py") if not path.name.startswith("_")]
    assert len(discover()) == len(files)
    for name in files:
        assert importlib.import_module(f"verify.checks.{name}").META in [check.meta for check in discover()]


def test_codes_are_unique_and_in_order() -> None:
    codes = [check.meta.code for check in discover()]
    assert codes == sorted(set(codes))


def test_every_check_of_one_item_ends_on_every_item() -> None:
    results = run_all(case_of(ITEM))
    assert [one.code for one in results] == [check.meta.code for check in discover() if check.run]


def test_a_check_that_is_switched_off_does_not_run() -> None:
    assert "R02" not in [one.code for one in run_all(case_of(ITEM), skip={"R02"})]
    passport = {"role": "document", "mrz": ["P<UTOA<<B" + "<" * 35, "L898902C36UTO7408122F1204159ZE184226B<<<<<10"]}
    other = {**passport, "mrz": ["P<UTOZETTERLUND<<QUIRIN" + "<" * 21, passport["mrz"][1]]}
    batch = batch_of({"items": [{"item_id": "A", "files": [passport]}, {"item_id": "B", "files": [other]}]})
    assert [finding.code for _item, finding in run_batch(batch)] == ["R64", "R64"]
    assert run_batch(batch, skip={"R64"}) == ()


def test_a_code_of_no_check_is_refused() -> None:
    with pytest.raises(UsageError, match="R999"):
        run_all(case_of(ITEM), skip={"R999"})
    with pytest.raises(UsageError, match="R999"):
        run_batch(batch_of({"items": []}), skip={"R999"})


@pytest.mark.parametrize(
    ("facts", "fault"),
    [
        ({"__doc__": None, "run": print}, "docstring"),
        ({"__doc__": "x"}, "run, run_batch"),
        ({"__doc__": "x", "run": print, "run_batch": print}, "run, run_batch"),
    ],
)
def test_a_module_that_is_no_whole_check_is_a_defect(facts: dict[str, object], fault: str) -> None:
    module = ModuleType("invented")
    module.META = Meta("Z1", "invented", Severity.INFO, "nowhere", ("it is invented",))  # type: ignore[attr-defined]
    for name, value in facts.items():
        setattr(module, name, value)
    with pytest.raises(AssertionError, match=fault):
        room._as_check(module)
