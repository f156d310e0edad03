"""The procedure: two people, blind to each other; a third where they differ; every entry stays."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from verify.errors import PolicyError, UsageError
from verify.model.judgement import Conclusion, Judgement, ReviewRole
from verify.review.policy import Policy
from verify.review.procedure import Stage, require_turn, require_undo, require_whole, standing, visible

NOW = dt.datetime(2026, 6, 15, 8, tzinfo=dt.UTC)
YES, NO, UNSURE = Conclusion.POTENTIAL_CANDIDATE, Conclusion.NO_CANDIDATE, Conclusion.INCONCLUSIVE
REVIEWER, SUPERVISOR, AUDITOR = ReviewRole.REVIEWER, ReviewRole.SUPERVISOR, ReviewRole.AUDITOR
TWO, ONE = Policy(), Policy(reviewers=1, legal_basis="order 7")


def entry(number: int, who: str, conclusion: Conclusion | None, role: ReviewRole = REVIEWER, undoes: int = 0):  # type: ignore[no-untyped-def]
    return Judgement(number, "A", "q", who, role, NOW, conclusion, undoes=undoes)


def test_two_people_who_agree_conclude() -> None:
    assert standing([], TWO).stage is Stage.FIRST
    first = [entry(1, "ann", NO)]
    assert (standing(first, TWO).stage, standing(first, TWO).conclusion) == (Stage.SECOND, None)
    both = [*first, entry(2, "ben", NO)]
    assert (standing(both, TWO).stage, standing(both, TWO).conclusion) == (Stage.CONCLUDED, NO)


def test_a_supervisor_settles_what_two_see_differently() -> None:
    entries = [entry(1, "ann", YES), entry(2, "ben", UNSURE)]
    assert standing(entries, TWO).stage is Stage.SUPERVISOR
    entries.append(entry(3, "sue", YES, SUPERVISOR))
    assert standing(entries, TWO).conclusion is YES


@pytest.mark.parametrize(
    ("entries", "who", "role", "why"),
    [
        ([entry(1, "ann", NO)], "ann", REVIEWER, "another person"),
        ([entry(1, "ann", NO), entry(2, "ben", YES)], "cat", REVIEWER, "not by a reviewer"),
        ([entry(1, "ann", NO), entry(2, "ben", YES)], "ann", SUPERVISOR, "another person"),
        ([], "sue", SUPERVISOR, "not by a supervisor"),
        ([], "aud", AUDITOR, "does not judge"),
        ([entry(1, "ann", NO), entry(2, "ben", NO)], "cat", REVIEWER, "concluded"),
    ],
)
def test_only_the_person_whose_turn_it_is_may_judge(
    entries: list[Judgement], who: str, role: ReviewRole, why: str
) -> None:
    with pytest.raises(PolicyError, match=why):
        require_turn(standing(entries, TWO), who, role)


def test_whose_turn_it_is_may_judge() -> None:
    require_turn(standing([], TWO), "ann", REVIEWER)
    require_turn(standing([entry(1, "ann", NO)], TWO), "ben", REVIEWER)
    require_turn(standing([entry(1, "ann", NO), entry(2, "ben", YES)], TWO), "sue", SUPERVISOR)


def test_an_undo_is_an_entry_and_the_question_is_open_again() -> None:
    entries = [entry(1, "ann", NO), entry(2, "ben", NO), entry(3, "ann", None, undoes=1)]
    now = standing(entries, TWO)
    assert (now.stage, [one.reviewer for one in now.judgements]) == (Stage.SECOND, ["ben"])
    require_turn(now, "ann", REVIEWER)


def test_a_supervisor_settles_only_what_was_there_to_see() -> None:
    entries = [entry(1, "ann", YES), entry(2, "ben", NO), entry(3, "sue", NO, SUPERVISOR)]
    entries += [entry(4, "ben", None, undoes=2), entry(5, "sue", UNSURE)]
    now = standing(entries, TWO)
    assert (now.stage, now.supervisor) == (Stage.SUPERVISOR, None)


def test_only_the_own_judgement_can_be_taken_back_and_once() -> None:
    entries = [entry(1, "ann", NO)]
    assert require_undo(entries, 1, "ann").number == 1
    with pytest.raises(PolicyError, match="only who gave"):
        require_undo(entries, 1, "ben")
    with pytest.raises(UsageError, match="no judgement 9"):
        require_undo(entries, 9, "ann")
    with pytest.raises(PolicyError, match="already"):
        require_undo([*entries, entry(2, "ann", None, undoes=1)], 1, "ann")


def test_the_second_reviewer_does_not_see_the_first() -> None:
    entries = [entry(1, "ann", YES)]
    assert visible(entries, TWO, "ben", REVIEWER) == ()
    assert visible(entries, TWO, "ann", REVIEWER) == tuple(entries)
    assert visible(entries, TWO, "sue", SUPERVISOR) == tuple(entries)
    entries.append(entry(2, "ben", YES))
    assert visible(entries, TWO, "ben", REVIEWER) == tuple(entries)


def test_one_reviewer_needs_a_legal_basis() -> None:
    with pytest.raises(ValidationError, match="legal_basis"):
        Policy(reviewers=1, legal_basis=" ")
    assert standing([entry(1, "ann", NO)], ONE).conclusion is NO


@pytest.mark.parametrize(
    ("conclusion", "reasons", "note", "why"),
    [
        (YES, [], "n", "at least one reason"),
        (YES, ["ears"], " ", "needs a note"),
        (NO, [], "", "at least one reason"),
        (UNSURE, ["aura"], "", "no reason is called aura"),
        (UNSURE, [], "x" * 4001, "4000"),
    ],
)
def test_a_judgement_says_what_it_rests_on(conclusion: Conclusion, reasons: list[str], note: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        require_whole(conclusion, reasons, note)


def test_inconclusive_is_as_good_an_answer_without_a_reason() -> None:
    require_whole(UNSURE, [], "")
    require_whole(Conclusion.INSUFFICIENT_QUALITY, [], "")
    require_whole(YES, ["ears", "nose"], "same notch in the left ear")


_people = st.sampled_from(["ann", "ben", "cat", "sue"])


@given(
    st.lists(
        st.tuples(_people, st.sampled_from([YES, NO, UNSURE]), st.sampled_from([REVIEWER, SUPERVISOR]), st.booleans()),
        max_size=12,
    )
)
def test_whatever_happens_nobody_judges_twice_and_nothing_vanishes(
    acts: list[tuple[str, Conclusion, ReviewRole, bool]],
) -> None:
    entries: list[Judgement] = []
    for who, conclusion, role, undo in acts:
        own = [one.number for one in entries if one.reviewer == who and one.conclusion is not None]
        try:
            if undo and own:
                require_undo(entries, own[-1], who)
                entries.append(entry(len(entries) + 1, who, None, role, undoes=own[-1]))
            else:
                require_turn(standing(entries, TWO), who, role)
                entries.append(entry(len(entries) + 1, who, conclusion, role))
        except PolicyError:
            continue
    now = standing(entries, TWO)
    people = [one.reviewer for one in now.judgements] + ([now.supervisor.reviewer] if now.supervisor else [])
    assert len(people) == len(set(people)), "three different people"
    assert (now.conclusion is not None) == (now.stage is Stage.CONCLUDED)
    assert [one.number for one in entries] == list(range(1, len(entries) + 1))
