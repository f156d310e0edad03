"""The desk writes each judgement down with its event, and finds it again after a restart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from verify.audit import verify_chain, verify_results
from verify.errors import LockedError, PolicyError, UsageError
from verify.ledger import Event, Ledger
from verify.model.judgement import Conclusion, ReviewRole
from verify.review import Policy, Stage
from verify.review.desk import Desk
from verify.review.questions import questions

REVIEWER, SUPERVISOR = ReviewRole.REVIEWER, ReviewRole.SUPERVISOR
NO, UNSURE = Conclusion.NO_CANDIDATE, Conclusion.INCONCLUSIVE


@pytest.fixture
def desk(job: Path, kek: bytes) -> Iterator[Desk]:
    with Desk(job, kek, Policy()) as desk:
        yield desk


def test_questions_are_what_calls_for_a_person(desk: Desk) -> None:
    asked = questions(desk.case("A", "ann"))
    assert [one.key for one in asked] == ["candidate missing M-1", "finding R02", "finding R64 B"]
    assert asked[0].finding is not None
    assert asked[0].finding.code == "G01", "what a list suggests is judged once, with its finding beside it"
    assert [(row.item_id, sorted(row.keys), row.failure) for row in desk.rows] == [
        ("A", ["candidate missing M-1", "finding R02", "finding R64 B"], ""),
        ("B", [], "no result"),
    ]


def test_judgements_outlive_the_server_and_the_log_vouches_for_them(job: Path, kek: bytes) -> None:
    with Desk(job, kek, Policy()) as desk:
        first = desk.judge("A", "finding R02", "ann", REVIEWER, NO, reasons=["misread", "misread"], note=" worn ")
        assert (first.number, first.reasons, first.note) == (1, ("misread",), "worn")
        assert desk.standing("A", "finding R02").stage is Stage.SECOND
    with Desk(job, kek, Policy()) as desk:
        assert desk.entries("A", "finding R02", "ben", REVIEWER) == (), "the second reviewer must not see the first"
        desk.judge("A", "finding R02", "ben", REVIEWER, UNSURE)
        desk.judge("A", "finding R02", "sue", SUPERVISOR, NO, reasons=["print"])
        assert desk.standing("A", "finding R02").conclusion is NO
        assert [one.reviewer for one in desk.entries("A", "finding R02", "ben", REVIEWER)] == ["ann", "ben", "sue"]
        desk.undo("A", "finding R02", "ben", REVIEWER, 2)
        assert desk.standing("A", "finding R02").stage is Stage.SECOND
    with Ledger.open(job, kek, "read") as ledger:
        assert verify_chain(ledger).valid
        assert not verify_results(ledger)
        events = [event.fields() for event in ledger.events()]
    given = [one for one in events if one["action"] == "judgement_given"]
    assert [(one["actor"], one["detail"]["position"]) for one in given] == [  # type: ignore[index]
        ("ann", 1),
        ("ben", 2),
        ("sue", 3),
        ("ben", 0),
    ]
    assert "worn" not in str(events), "no note in the log"


def test_what_is_refused_is_not_written(desk: Desk, job: Path, kek: bytes) -> None:
    desk.judge("A", "finding R02", "ann", REVIEWER, UNSURE)
    with pytest.raises(PolicyError, match="another person"):
        desk.judge("A", "finding R02", "ann", REVIEWER, UNSURE)
    with pytest.raises(UsageError, match="no question"):
        desk.judge("A", "finding R99", "ben", REVIEWER, UNSURE)
    with pytest.raises(UsageError, match="no case"):
        desk.judge("B", "finding R02", "ben", REVIEWER, UNSURE)
    with pytest.raises(UsageError, match="needs a note"):
        desk.judge("A", "finding R02", "ben", REVIEWER, Conclusion.POTENTIAL_CANDIDATE, reasons=["ears"])
    desk.close()
    with Ledger.open(job, kek, "read") as ledger:
        assert len(list(ledger.review())) == 1


def test_one_review_of_a_job_at_a_time(desk: Desk, job: Path, kek: bytes) -> None:
    with pytest.raises(LockedError):
        Desk(job, kek, Policy())


def test_an_entry_is_never_written_over(desk: Desk, job: Path, kek: bytes, event: Event) -> None:
    desk.judge("A", "finding R02", "ann", REVIEWER, UNSURE)
    desk.close()
    with Ledger.open(job, kek) as ledger, pytest.raises(PolicyError, match="given already"):
        ledger.record_review(1, "{}", event)


def test_reading_a_case_is_an_event(desk: Desk, job: Path, kek: bytes) -> None:
    desk.case("A", "ann")
    desk.close()
    with Ledger.open(job, kek, "read") as ledger:
        last = list(ledger.events())[-1].fields()
    assert (last["action"], last["actor"]) == ("personal_data_read", "ann")
