"""The vectors of Doc 9303 and others (../shared, where it is there), and our own of invented people (tests/cases)."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from verify.document.check_digit import compute
from verify.document.formats import FORMATS, Format, detect
from verify.document.mrz import parse
from verify.document.name_field import may_print, name_field

REFERENCE = dt.date(2026, 6, 15)
ROOT = Path(__file__).parents[2]
NAMES: list[dict[str, Any]] = json.loads((ROOT / "tests/cases/documents/names.json").read_text(encoding="utf-8"))
SHARED = Path(os.environ.get("VERIFY_SHARED", ROOT.parent / "shared"))
VECTORS = SHARED / "data/mrz/icao9303_vectors.json"
FORMS = {name.replace("-", ""): form for name, form in FORMATS.items()} | {"FRENCHNATIONALID": FORMATS["FRA-ID"]}
LATER = [case for case in NAMES if "allowed" in case]


@pytest.mark.parametrize("case", [case for case in NAMES if "field" in case], ids=lambda case: case["note"])
def test_our_names_are_written_so(case: dict[str, Any]) -> None:
    field = name_field(case["primary"], case["secondary"], case["length"])
    assert field == case["field"].ljust(case["length"], "<")
    assert len(field) == case["length"]
    assert may_print(field, case["primary"], case["secondary"])


@pytest.mark.parametrize("case", LATER, ids=lambda case: case["note"])
def test_our_names_may_be_written_so_and_not_so(case: dict[str, Any]) -> None:
    for field in case["allowed"]:
        assert may_print(field, case["primary"], case["secondary"]), field
    for field in case["refused"]:
        assert not may_print(field, case["primary"], case["secondary"]), field


@pytest.fixture(scope="module")
def vectors() -> list[dict[str, Any]]:
    if not VECTORS.exists():
        pytest.skip(f"the shared vectors are not here: {VECTORS}")
    found: list[dict[str, Any]] = json.loads(VECTORS.read_text(encoding="utf-8"))
    assert Counter(one["kind"] for one in found) == {"name_line": 61, "mrz": 52, "check_digit": 2}
    return found


def test_names_of_the_standard(vectors: list[dict[str, Any]]) -> None:
    names = [one for one in vectors if one["kind"] == "name_line"]
    written = 0
    for one in names:
        field = _field_of(one["mrz_line"])
        primary, _comma, secondary = one["viz"].partition(", ")
        assert may_print(field, primary, secondary), one
        assert not may_print(field, secondary or "NOBODY", primary), one
        written += name_field(primary, secondary, len(field)) == field
    assert written == 44  # all that are not truncated, and those whose letters the standard puts as we do


def _field_of(line: str) -> str:
    """TD1 has its name on a line of its own; the others have two codes before it. One line is printed too long."""
    return line if len(line) == 30 else line[5:44]


def test_check_digits_of_the_standard(vectors: list[dict[str, Any]]) -> None:
    digits = [one for one in vectors if one["kind"] == "check_digit"]
    assert digits
    for one in digits:
        assert (compute(one["data"]) == one["digit"]) is one["ok"]


def test_zones(vectors: list[dict[str, Any]]) -> None:
    done = Counter[str]()
    for one in vectors:
        if one["kind"] != "mrz":
            continue
        form = FORMS.get(one["format"].upper())
        if form is None:  # a Swiss driving licence: rows of different lengths, no check digit
            assert one["format"] == "swissDrivingLicense"
            assert detect(one["lines"]) is None
            done["no format"] += 1
            continue
        lines = _whole(form, one["lines"])
        result = parse(lines, reference_date=REFERENCE, engine="test 1")
        said = one.get("all_ok", one.get("all_ok_here", True))
        if "too many" in one.get("note", ""):  # printed so: not valid as printed, valid without the superfluous fillers
            assert detect(one["lines"]) is None
            said = True
        assert result.supported is said, one
        if said:
            assert result.format == form.name
        if "document_number" in one:
            assert result.value("document_number") == one["document_number"]
        names = {"num": "document_number", "dob": "birth_date", "exp": "expiry_date", "opt": "optional_data"}
        for name, good in one.get("checks") or ():
            digit = result.check_digit(f"{names.get(name, 'composite')}_check_digit")
            assert digit is not None
            assert digit.verifies is not (not good), (one, name)
        done[form.name] += 1
    assert done == {"TD1": 19, "TD2": 5, "TD3": 16, "MRV-A": 3, "MRV-B": 2, "FRA-ID": 4, "no format": 3}


def _whole(form: Format, lines: list[str]) -> list[str]:
    """The lines at the format's length, with the ones that the source left out: they are under none of its digits."""
    lines = [
        line.replace("<" * (len(line) - form.length), "", 1) if len(line) > form.length else line for line in lines
    ]
    first = form.codes[0] + "<YTOERIKSSON"
    if len(lines) == form.count:
        return lines
    return [*lines, "ERIKSSON".ljust(30, "<")] if form.count == 3 else [first.ljust(form.length, "<"), *lines]
