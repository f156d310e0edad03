"""Known-answer cases look like the others, and are never decisions of the job."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from verify.audit import verify_chain
from verify.errors import PolicyError, UsageError
from verify.ledger import Event, JobHeader, Ledger
from verify.model.judgement import Conclusion, ReviewRole
from verify.report import report_of
from verify.review import Desk, KnownAnswers, Policy, Stage
from verify.review.outcomes import Outcome, outcomes

from .conftest import PIXEL, make_job, person

REVIEWER, SUPERVISOR = ReviewRole.REVIEWER, ReviewRole.SUPERVISOR
NO, YES, UNSURE = Conclusion.NO_CANDIDATE, Conclusion.POTENTIAL_CANDIDATE, Conclusion.INCONCLUSIVE
KEY = "candidate missing M-1"
ANSWERS = "item_id,reference_id,answer\nS-same,M-1,Potential candidate\nS-other,M-1,No candidate\n"


@pytest.fixture
def folder(tmp_path: Path, kek: bytes, header: JobHeader, event: Event) -> Path:
    specimens = {"S-same": person("S1"), "S-other": person("S2"), "S-unused": person("S3")}
    make_job(tmp_path / "known" / "job", kek, replace(header, job_id="specimens"), event, specimens)
    (tmp_path / "known" / "answers.csv").write_text(ANSWERS)
    return tmp_path / "known"


@pytest.fixture
def mixed(tmp_path: Path, kek: bytes, header: JobHeader, event: Event) -> Path:
    return make_job(tmp_path / "job", kek, header, event, {f"C{n:03}": person(f"D{n}") for n in range(1, 13)})


def known_ids(desk: Desk) -> dict[str, str]:
    return {row.known: row.item_id for row in desk.rows if row.known}


def test_they_stand_among_the_others_and_look_like_them(folder: Path, mixed: Path, kek: bytes) -> None:
    found = []
    for _ in range(2):
        with KnownAnswers(folder, kek) as known, Desk(mixed, kek, Policy(), known=known) as desk:
            found.append(known_ids(desk))
            assert [row.number for row in desk.rows] == list(range(1, 15))
            assert len({row.item_id for row in desk.rows}) == 14
            for alias in found[-1].values():
                assert alias[0] == "C"
                assert alias[1:].isdecimal()
                assert len(alias) == 4
                assert desk.case(alias, "ann").item_id == alias
                assert desk.picture(alias, "document.x.face0") == PIXEL
    assert found[0] == found[1], "a restart does not move them"
    assert sorted(found[0]) == ["S-other", "S-same"]


def test_they_are_judged_like_the_others_and_are_no_decisions(folder: Path, mixed: Path, kek: bytes) -> None:
    with KnownAnswers(folder, kek) as known, Desk(mixed, kek, Policy(), known=known) as desk:
        desk.begin("operator", 3)
        same, other = known_ids(desk)["S-same"], known_ids(desk)["S-other"]
        desk.judge("C001", KEY, "ann", REVIEWER, NO, reasons=["ears"])
        first = desk.judge(same, KEY, "ann", REVIEWER, NO, reasons=["ears"])
        assert desk.standing(same, KEY).stage is Stage.SECOND
        with pytest.raises(PolicyError, match="another person"):
            desk.judge(same, KEY, "ann", REVIEWER, NO, reasons=["ears"])
        desk.judge(same, KEY, "ben", REVIEWER, YES, reasons=["ears"], note="the traveller is a child")
        with pytest.raises(PolicyError, match="for reviewers"):
            desk.judge(same, KEY, "sue", SUPERVISOR, YES, reasons=["ears"], note="n")
        with pytest.raises(PolicyError, match="not closed"):
            desk.close_case(same, "sue", SUPERVISOR, confirmed=False, evidence="x")
        with pytest.raises(UsageError, match="no report"):
            desk.report("sue", same)
        desk.judge(other, KEY, "ann", REVIEWER, UNSURE)
        desk.undo(same, KEY, "ann", REVIEWER, first.number)
        assert desk.standing(same, KEY).stage is Stage.SECOND
        desk.judge(same, KEY, "ann", REVIEWER, NO, reasons=["ears"])
    with KnownAnswers(folder, kek) as known, Desk(mixed, kek, Policy(), known=known) as desk:
        assert desk.standing(same, KEY).stage is Stage.SUPERVISOR, "a restart loses none"
        assert [one.conclusion for one in desk.entries(same, KEY, "sue", SUPERVISOR)] == [NO, YES, None, NO]
        assert outcomes(desk.practised()) == (Outcome("ann", 2, 0, 1, 0, 1), Outcome("ben", 1, 1, 0, 0, 0))
        assert {one.item_id for one in desk.reviewed()} == {f"C{n:03}" for n in range(1, 13)}
    with Ledger.open(mixed, kek, "read") as ledger:
        assert len(list(ledger.review())) == 1, "only the judgement on the case of the job is an entry"
        assert verify_chain(ledger).valid
        events = str([event.fields() for event in ledger.events()])
        with pytest.raises(UsageError, match="no run"):
            report_of(ledger)
    assert "child" not in events, "no note in the log"
    assert "'known_answers': 2" in events, "that cases were mixed in is logged"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("item_id,reference_id\nS-same,M-1\n", "columns"),
        ("item_id,reference_id,answer\nS-same,M-1,perhaps\n", "an answer is"),
        ("item_id,reference_id,answer\n", "columns"),
        ("item_id,reference_id,answer\nS-nobody,M-1,No candidate\n", "no result"),
        ("item_id,reference_id,answer\nS-same,M-9,No candidate\n", "no candidate"),
    ],
)
def test_answers_that_do_not_fit_are_refused(folder: Path, kek: bytes, text: str, why: str) -> None:
    (folder / "answers.csv").write_text(text)
    with pytest.raises(UsageError, match=why):
        KnownAnswers(folder, kek)


def test_a_job_is_not_its_own_set_of_answers(tmp_path: Path, folder: Path, kek: bytes) -> None:
    with KnownAnswers(folder, kek) as known, pytest.raises(UsageError, match="job that is to be reviewed"):
        Desk(folder / "job", kek, Policy(), known=known)
