from __future__ import annotations

import inspect

import pytest

from verify.audit import kinds
from verify.ledger import Event, ItemState

SHA = "5e" * 32
EVENTS = {
    "run_started": {
        "run_id": "r",
        "tool_version": "1",
        "manifest_sha256": SHA,
        "settings_sha256": SHA,
        "models_sha256": SHA,
        "items": 3,
    },
    "run_ended": {"run_id": "r", "exit_code": 0, "done": 1, "failed": 2, "poison": 3, "skipped": 4},
    "item_recorded": {
        "item_id": "A1",
        "source_sha256": SHA,
        "fingerprint": "f",
        "state": ItemState.FAILED,
    },
    "item_erased": {"item_id": "A1", "ground": "request"},
    "gallery_searched": {
        "item_id": "A1",
        "probe_commitment": SHA,
        "gallery_id": "g",
        "gallery_sha256": SHA,
        "gallery_size": 9,
        "model_sha256": SHA,
        "threshold": 0.4,
        "candidates": 0,
    },
    "linkage_recorded": {"items": 3, "findings": 1},
    "judgement_given": {"item_id": "A1", "question_sha256": SHA, "judgement_sha256": SHA, "position": 2},
    "case_closed": {"item_id": "A1", "closing_sha256": SHA, "confirmed": True},
    "review_started": {"reviewers": 2, "blind": True, "legal_basis": "", "people": 3},
    "access_refused": {"reason": "a form was sent from another site"},
    "personal_data_read": {"item_id": "A1", "what": "picture"},
    "personal_data_exported": {"export_format": "csv", "items": 3, "output_sha256": SHA},
}


def test_every_kind_is_here() -> None:
    assert sorted(EVENTS) == kinds.__all__


@pytest.mark.parametrize("name", EVENTS)
def test_event_carries_what_it_was_given(name: str) -> None:
    event = getattr(kinds, name)("operator-7", "purpose", **EVENTS[name])
    assert isinstance(event, Event)
    assert (event.action, event.actor, event.purpose) == (name, "operator-7", "purpose")
    assert event.detail == EVENTS[name]


@pytest.mark.parametrize("name", EVENTS)
def test_only_a_digest_passes_for_a_digest(name: str) -> None:
    digests = [
        field
        for field in inspect.signature(getattr(kinds, name)).parameters
        if field.endswith(("sha256", "commitment"))
    ]
    for field in digests:
        for value in ("HANNA EXAMPLE", SHA.upper(), SHA[:-1], SHA + "\n"):
            with pytest.raises(ValueError, match="SHA-256"):
                getattr(kinds, name)("o", "p", **{**EVENTS[name], field: value})
