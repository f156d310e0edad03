"""The desk writes each judgement down with its event, and finds it again after a restart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from verify.audit import kinds, verify_chain, verify_results
from verify.batch.codec import ITEM_RESULT, LINKAGE
from verify.errors import LockedError, PolicyError, UsageError
from verify.ledger import Event, ItemRecord, ItemState, JobHeader, Ledger
from verify.model.finding import CheckResult, CheckState, Confidence, Finding, Severity
from verify.model.item import Item
from verify.model.judgement import Conclusion, ReviewRole
from verify.model.result import ItemResult
from verify.review import Policy, Stage
from verify.review.desk import Desk
from verify.review.questions import questions

REVIEWER, SUPERVISOR = ReviewRole.REVIEWER, ReviewRole.SUPERVISOR
NO, UNSURE = Conclusion.NO_CANDIDATE, Conclusion.INCONCLUSIVE


def finding(code: str, severity: Severity = Severity.REVIEW, related: tuple[str, ...] = ()) -> Finding:
    return Finding(code, "a title", severity, Confidence.HIGH, "seen", ("innocent",), "a source", related=related)


@pytest.fixture
def job(tmp_path: Path, kek: bytes, header: JobHeader, event: Event) -> Path:
    found = (finding("R02"), finding("R11", Severity.INFO))
    result = ItemResult(
        Item("A", dt.date(2026, 6, 15), ()), (), (), (CheckResult("R02", "r", CheckState.FINDING, findings=found),)
    )
    links = LINKAGE.dump_json((("A", finding("G01", related=("B",))),)).decode()
    with Ledger.create(tmp_path / "job", kek, header) as ledger:
        ledger.record_item(ItemRecord("A", 0, "f", ItemState.DONE, ITEM_RESULT.dump_json(result).decode()), {}, event)
        ledger.record_item(ItemRecord("B", 1, "f", ItemState.POISON, "null"), {}, event)
        ledger.record_linkage(links, kinds.linkage_recorded("o", "p", items=2, findings=1))
    return tmp_path / "job"


@pytest.fixture
def desk(job: Path, kek: bytes) -> Iterator[Desk]:
    with Desk(job, kek, Policy()) as desk:
        yield desk


def test_questions_are_what_calls_for_a_person(desk: Desk) -> None:
    asked = questions(desk.case("A", "ann"))
    assert sorted(one.key for one in asked) == ["finding G01 B", "finding R02"]
    assert desk.item_ids == ("A", "B")


def test_judgements_outlive_the_server_and_the_log_vouches_for_them(job: Path, kek: bytes) -> None:
    with Desk(job, kek, Policy()) as desk:
        question = next(one for one in questions(desk.case("A", "ann")) if one.key == "finding R02")
        first = desk.judge("A", "finding R02", "ann", REVIEWER, NO, reasons=["misread", "misread"], note=" worn ")
        assert (first.number, first.reasons, first.note) == (1, ("misread",), "worn")
        assert desk.standing("A", question).stage is Stage.SECOND
    with Desk(job, kek, Policy()) as desk:
        assert desk.entries("A", question, "ben", REVIEWER) == (), "the second reviewer must not see the first"
        desk.judge("A", "finding R02", "ben", REVIEWER, UNSURE)
        desk.judge("A", "finding R02", "sue", SUPERVISOR, NO, reasons=["print"])
        assert desk.standing("A", question).conclusion is NO
        assert [one.reviewer for one in desk.entries("A", question, "ben", REVIEWER)] == ["ann", "ben", "sue"]
        desk.undo("A", "finding R02", "ben", REVIEWER, 2)
        assert desk.standing("A", question).stage is Stage.SECOND
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
