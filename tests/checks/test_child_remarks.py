"""A comparison of faces that involves a child says that its miss rate is unmeasured, and is less sure of itself."""

from __future__ import annotations

from typing import Any

import pytest

from verify.checks import one_face_several_identities, portrait_and_live_capture
from verify.model.finding import Confidence, Finding

from .builder import batch_of, case_of

ADULT = ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"]
OTHER = ["P<UTOLINDQVIST<<BRITT<<<<<<<<<<<<<<<<<<<<<<<", "X123456785UTO8102036F1204159ZE184226B<<<<<12"]


def mind(finding: Finding) -> list[str]:
    return [one.value for one in finding.evidence if one.label == "mind"]


def crossing(declared: dict[str, str]) -> dict[str, Any]:
    return {
        "declared": declared,
        "files": [
            {"role": "document", "mrz": ADULT, "faces": [{"of": "Anna", "picture": "passport"}]},
            {"role": "capture", "faces": [{"of": "Berit", "picture": "gate"}]},
        ],
    }


@pytest.mark.parametrize(("declared", "child"), [({}, False), ({"birth_date": "2004-03-02"}, True)])
def test_a_portrait_and_a_capture(declared: dict[str, str], child: bool) -> None:
    (finding,) = portrait_and_live_capture.run(case_of(crossing(declared))).findings
    assert any("under 13" in one and "unmeasured" in one for one in mind(finding)) is child
    assert finding.confidence is (Confidence.LOW if child else Confidence.MEDIUM)


@pytest.mark.parametrize("declared", [{}, {"birth_date": "2004-03-02"}])
def test_one_face_under_two_identities_says_it_on_both_sides(declared: dict[str, str]) -> None:
    items = [
        {
            "item_id": name,
            "declared": given,
            "files": [{"role": "document", "mrz": zone, "faces": [{"of": "Anna", "picture": name}]}],
        }
        for name, zone, given in (("A-1", ADULT, declared), ("A-2", OTHER, {}))
    ]
    found = one_face_several_identities.run_batch(batch_of({"items": items}))
    assert len(found) == 2
    for _item, finding in found:
        assert bool(mind(finding)) is bool(declared)
        assert finding.confidence is (Confidence.LOW if declared else Confidence.MEDIUM)
