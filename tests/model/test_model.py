"""The records are frozen, slotted and nothing else: no I/O, no image library."""

from __future__ import annotations

import ast
import dataclasses
import datetime as dt
import importlib
import pkgutil
from enum import Enum
from pathlib import Path

import pytest

import verify.model as room
from verify.model.face import Box
from verify.model.finding import CheckResult, CheckState, Confidence, Finding, Severity
from verify.model.gallery import Name, PartialDate
from verify.model.item import Item
from verify.model.mrz import CheckDigit, FieldState, MrzDate, MrzField, MrzResult
from verify.model.result import ItemResult

NAMES = [module.name for module in pkgutil.iter_modules(room.__path__)]
ALLOWED = {"__future__", "dataclasses", "datetime", "enum", "typing", "verify.model"}


@pytest.mark.parametrize("name", NAMES)
def test_every_record_is_frozen_and_slotted(name: str) -> None:
    module = importlib.import_module(f"verify.model.{name}")
    records = [getattr(module, one) for one in module.__all__]
    assert records
    for record in records:
        if not issubclass(record, Enum):
            assert dataclasses.is_dataclass(record)
            assert vars(record)["__dataclass_params__"].frozen
            assert "__slots__" in vars(record)


@pytest.mark.parametrize("name", NAMES)
def test_the_room_imports_nothing_but_itself(name: str) -> None:
    tree = ast.parse((Path(room.__file__).parent / f"{name}.py").read_text(encoding="utf-8"))
    imported = {one.names[0].name for one in ast.walk(tree) if isinstance(one, ast.Import)}
    imported |= {str(one.module) for one in ast.walk(tree) if isinstance(one, ast.ImportFrom)}
    assert {".".join(one.split(".")[:2]) for one in imported} <= ALLOWED


def test_findings_come_most_severe_first_then_by_code() -> None:
    def found(code: str, severity: Severity) -> CheckResult:
        finding = Finding(code, "t", severity, Confidence.LOW, "e.", ("r",), "s")
        return CheckResult(code, "t", CheckState.FINDING, findings=(finding,))

    checks = (found("R02", Severity.INFO), found("R03", Severity.CRITICAL), found("R01", Severity.CRITICAL))
    result = ItemResult(Item("A", dt.date(2026, 11, 20), ()), (), checks=checks)
    assert [one.code for one in result.findings] == ["R01", "R03", "R02"]


def test_severities_are_ordered() -> None:
    assert Severity.INFO < Severity.REVIEW < Severity.STRONG < Severity.CRITICAL


@pytest.mark.parametrize(
    ("box", "area"), [(Box(1, 2, 4, 6), 12), (Box(4, 2, 1, 6), 0), (Box(0, 0, 0, 5), 0), (Box(4, 6, 1, 2), 0)]
)
def test_an_empty_box_has_no_area(box: Box, area: int) -> None:
    assert box.area == area


@pytest.mark.parametrize(
    ("date", "text"),
    [(PartialDate(1974), "1974"), (PartialDate(1974, 8), "1974-08"), (PartialDate(1974, 8, 2), "1974-08-02"),
     (PartialDate(974, None, 2), "0974")],
)  # fmt: skip
def test_a_partial_date_is_written_as_precise_as_it_is(date: PartialDate, text: str) -> None:
    assert str(date) == text


def test_a_single_name_has_no_comma() -> None:
    assert str(Name("ERIKSSON", "ANNA")) == "ERIKSSON, ANNA"
    assert str(Name("ARKFREITH")) == "ARKFREITH"


def zone(*digits: CheckDigit) -> MrzResult:
    field = MrzField("sex", "F", "F", FieldState.READ, 1, 20, 21)
    return MrzResult("TD3", (), (), (field,), digits, MrzDate("", ()), MrzDate("", ()), "invented")


def digit(verifies: bool | None, computed: str = "6") -> CheckDigit:
    return CheckDigit("birth_date_check_digit", "6", computed, verifies, 1, 19)


@pytest.mark.parametrize(
    ("digits", "supported"),
    [
        ((digit(True),), True),
        ((digit(True), digit(None)), True),  # not demanded
        ((digit(True), digit(None, "")), False),  # not computable
        ((digit(True), digit(False)), False),
        ((digit(None),), False),
        ((), False),
    ],
)
def test_a_reading_is_supported_by_its_digits_or_not_at_all(digits: tuple[CheckDigit, ...], supported: bool) -> None:
    assert zone(*digits).supported is supported


def test_fields_are_found_by_name_and_a_missing_one_is_told() -> None:
    mrz = zone(digit(True))
    assert mrz.field("sex").value == mrz.value("sex") == "F"
    assert mrz.value("optional_data") == ""
    assert mrz.check_digit("composite_check_digit") is None
    with pytest.raises(KeyError, match="optional_data"):
        mrz.field("optional_data")
