"""What people found to be two people in one job is not asked about again in the next, and nothing vanishes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from verify.errors import DamagedStoreError
from verify.ledger import Event, JobHeader, Ledger
from verify.model.judgement import Conclusion, ReviewRole
from verify.model.result import ItemResult
from verify.report.earlier import Earlier, earlier_of, question_digest
from verify.review import Desk, Memory, Policy, Stage
from verify.review.pairs import pair_of
from verify.review.questions import questions

from .conftest import HOSTILE, make_job, person

REVIEWER, SUPERVISOR = ReviewRole.REVIEWER, ReviewRole.SUPERVISOR
NO, YES = Conclusion.NO_CANDIDATE, Conclusion.POTENTIAL_CANDIDATE
KEY = "candidate missing M-1"
TODAY = dt.date(2026, 11, 22)
Jobs = Callable[..., Path]


@pytest.fixture
def jobs(tmp_path: Path, kek: bytes, header: JobHeader, event: Event) -> Jobs:
    def make(name: str, **items: ItemResult) -> Path:
        return make_job(tmp_path / name, kek, replace(header, job_id=name), event, items)

    return make


def review(job: Path, kek: bytes, act: Callable[[Desk], Any], policy: Policy | None = None) -> Any:
    with (
        Memory.open(job.parent / "judged.db", kek, TODAY) as memory,
        Desk(job, kek, policy or Policy(), memory=memory) as desk,
    ):
        desk.begin("operator", 3)
        return act(desk)


def both_say(conclusion: Conclusion) -> Callable[[Desk], None]:
    def act(desk: Desk) -> None:
        for who in ("ann", "ben"):
            desk.judge("A", KEY, who, REVIEWER, conclusion, reasons=["ears"], note="n")

    return act


def stage(desk: Desk) -> Stage:
    return desk.standing("A", KEY).stage


def test_the_same_false_candidate_is_shown_and_not_asked_about_again(jobs: Jobs, kek: bytes) -> None:
    first, second = jobs("first", A=person()), jobs("second", A=person())
    review(first, kek, both_say(NO))
    before = review(second, kek, lambda desk: desk.standing("A", KEY))
    assert before.stage is Stage.EARLIER
    assert (before.earlier.job_id, before.earlier.people) == ("first", ("ann", "ben"))
    with Ledger.open(second, kek, "read") as ledger:
        noted = earlier_of(ledger.events())
        terms = [one.fields()["detail"] for one in ledger.events() if one.fields()["action"] == "review_terms"]
    assert noted == {("A", question_digest(KEY)): before.earlier}, "the report of the job can tell of it"
    assert terms[0]["judged_before"] == 1  # type: ignore[index]


def test_whoever_judges_it_all_the_same_asks_anew(jobs: Jobs, kek: bytes) -> None:
    first, second = jobs("first", A=person()), jobs("second", A=person())
    review(first, kek, both_say(NO))

    def again(desk: Desk) -> None:
        given = desk.judge("A", KEY, "cat", REVIEWER, YES, reasons=["ears"], note="the same notch")
        assert stage(desk) is Stage.SECOND
        desk.undo("A", KEY, "cat", REVIEWER, given.number)
        assert stage(desk) is Stage.EARLIER

    review(second, kek, again)


@pytest.mark.parametrize(
    "other",
    [
        {"number": "X2"},
        {"vouched": False},
        {"probe": "live capture"},
        {"band": "stronger"},
        {"document_number": "X1"},
        {"reference_id": "M-2"},
        {"picture": "document.x.face0"},
    ],
)
def test_another_pair_is_asked_about(jobs: Jobs, kek: bytes, other: dict[str, Any]) -> None:
    first, second = jobs("first", A=person()), jobs("second", A=person(**other))
    review(first, kek, both_say(NO))
    assert review(second, kek, lambda desk: {desk.standing("A", key).stage for key in desk.rows[0].keys}) == {
        Stage.FIRST
    }


@pytest.mark.parametrize("conclusion", [YES, Conclusion.INCONCLUSIVE, Conclusion.INSUFFICIENT_QUALITY])
def test_only_no_candidate_is_remembered(jobs: Jobs, kek: bytes, conclusion: Conclusion) -> None:
    first, second = jobs("first", A=person()), jobs("second", A=person())
    review(first, kek, both_say(conclusion))
    assert review(second, kek, stage) is Stage.FIRST


def test_one_judgement_of_two_is_not_remembered_and_a_reversed_one_is_forgotten(jobs: Jobs, kek: bytes) -> None:
    first, second = jobs("first", A=person()), jobs("second", A=person())
    review(first, kek, lambda desk: desk.judge("A", KEY, "ann", REVIEWER, NO, reasons=["ears"]))
    assert review(second, kek, stage) is Stage.FIRST
    review(first, kek, lambda desk: desk.judge("A", KEY, "ben", REVIEWER, NO, reasons=["ears"]))
    assert review(second, kek, stage) is Stage.EARLIER
    review(first, kek, lambda desk: desk.undo("A", KEY, "ben", REVIEWER, 2))
    assert review(second, kek, stage) is Stage.FIRST
    with Ledger.open(second, kek, "read") as ledger:
        assert earlier_of(ledger.events()) == {}, "the log tells that it is asked about after all"


def test_a_job_does_not_remember_its_own(jobs: Jobs, kek: bytes) -> None:
    first = jobs("first", A=person(), B=person())
    review(first, kek, both_say(NO))
    assert review(first, kek, lambda desk: (stage(desk), desk.standing("B", KEY).stage)) == (
        Stage.CONCLUDED,
        Stage.FIRST,
    )


def test_the_switch_asks_again(jobs: Jobs, kek: bytes) -> None:
    first, second = jobs("first", A=person()), jobs("second", A=person())
    review(first, kek, both_say(NO))
    assert review(second, kek, stage, Policy(remember=False)) is Stage.FIRST
    with Ledger.open(second, kek, "read") as ledger:
        terms = next(one.fields() for one in ledger.events() if one.fields()["action"] == "review_terms")
    assert terms["detail"]["remember"] is False  # type: ignore[index]


def test_a_case_with_nothing_but_earlier_judgements_can_be_closed(jobs: Jobs, kek: bytes) -> None:
    first, second = jobs("first", A=person()), jobs("second", A=person())
    review(first, kek, both_say(NO))
    closing = review(second, kek, lambda d: d.close_case("A", "sue", SUPERVISOR, confirmed=False, evidence="as before"))
    assert closing.confirmed is False


def test_what_a_crash_left_out_is_remembered_when_the_job_is_opened(jobs: Jobs, kek: bytes) -> None:
    first, second = jobs("first", A=person()), jobs("second", A=person())
    with Desk(first, kek, Policy()) as desk:
        both_say(NO)(desk)
    assert review(second, kek, stage) is Stage.FIRST
    review(first, kek, stage)
    assert review(second, kek, stage) is Stage.EARLIER


def test_nothing_is_kept_longer_than_the_retention(tmp_path: Path, kek: bytes) -> None:
    given = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    path, judged = tmp_path / "judged.db", Earlier("first", ("ann", "ben"), given, dt.date(2026, 11, 30))
    with Memory.open(path, kek, TODAY) as memory:
        pair = memory.pair("a", "b")
        memory.keep(pair, "A", KEY, judged)
        assert memory.find(pair, "second") == judged
    with Memory.open(path, kek, dt.date(2026, 11, 30)) as memory:
        assert memory.find(pair, "second") == judged
    with Memory.open(path, kek, dt.date(2026, 12, 1)) as memory:
        assert memory.find(pair, "second") is None


def test_the_store_names_nobody_and_opens_with_its_key_only(jobs: Jobs, kek: bytes, tmp_path: Path) -> None:
    review(jobs("first", A=person()), kek, both_say(NO))
    data = b"".join(one.read_bytes() for one in tmp_path.glob("judged.db*"))
    assert data
    for word in (b"missing", HOSTILE.encode(), KEY.encode()):  # long enough never to stand there by chance
        assert word not in data
    with Memory.open(tmp_path / "judged.db", kek, TODAY) as memory:
        (row,) = memory._store.rows("SELECT * FROM pair")
        assert not any(word in repr(row) for word in ("M-1", "missing", HOSTILE[:8], KEY))
        assert memory.pair("a", "b") != memory.pair("ab", "")
    with pytest.raises(DamagedStoreError):
        Memory.open(tmp_path / "judged.db", bytes(32), TODAY)


def test_a_pair_is_of_candidates_only(jobs: Jobs, kek: bytes, job: Path) -> None:
    with Desk(job, kek, Policy()) as desk:
        case = desk.case("A", "ann")
        assert [pair_of(case, one, lambda _name: None) for one in questions(case)] == [(), (), ()]
