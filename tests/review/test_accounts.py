"""Accounts and sessions: hashes only, and nothing lasts for ever."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from verify.errors import PolicyError, UsageError
from verify.model.judgement import ReviewRole
from verify.review import Accounts, Sessions
from verify.review.locks import Locks

PASSWORD = "correct horse battery"


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_an_account_is_kept_as_a_hash_that_only_its_owner_reads(tmp_path: Path) -> None:
    path = tmp_path / "reviewers.json"
    Accounts(path).add("ann", ReviewRole.SUPERVISOR, PASSWORD)
    assert PASSWORD not in path.read_text()
    assert "$argon2id$" in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert Accounts(path).check("ann", PASSWORD).role is ReviewRole.SUPERVISOR
    for name, password in (("ann", PASSWORD + "!"), ("eve", PASSWORD), ("", "")):
        with pytest.raises(PolicyError, match="name or password"):
            Accounts(path).check(name, password)


@pytest.mark.parametrize(
    ("name", "password"), [("Ann", PASSWORD), ("", PASSWORD), ("ann", "short"), ("a" * 41, PASSWORD)]
)
def test_what_will_not_do_is_refused(tmp_path: Path, name: str, password: str) -> None:
    with pytest.raises(UsageError):
        Accounts(tmp_path / "r.json").add(name, ReviewRole.REVIEWER, password)
    assert not (tmp_path / "r.json").exists()


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text('[{"name": 1}]')
    with pytest.raises(UsageError, match=r"r\.json"):
        Accounts(tmp_path / "r.json")


def test_a_session_ends_when_idle_and_after_a_day_s_work() -> None:
    clock = Clock()
    sessions = Sessions(clock)
    token = sessions.begin("ann", ReviewRole.REVIEWER)
    for _ in range(25):
        clock.now += 29 * 60
        assert (sessions.get(token) is not None) == (clock.now <= 12 * 3600)
    idle = sessions.begin("ben", ReviewRole.REVIEWER)
    clock.now += 31 * 60
    assert sessions.get(idle) is None


def test_a_link_is_good_once_and_for_ten_minutes() -> None:
    clock = Clock()
    sessions = Sessions(clock)
    link, late = sessions.link("ann", ReviewRole.REVIEWER), sessions.link("ann", ReviewRole.REVIEWER)
    assert sessions.redeem(link) is not None
    assert sessions.redeem(link) is None
    clock.now += 601
    assert sessions.redeem(late) is None
    assert sessions.redeem("made up") is None


def test_tries_come_back_after_a_minute() -> None:
    clock = Clock()
    sessions = Sessions(clock)
    for _ in range(5):
        assert sessions.may_try("ann")
        sessions.tried_wrong("ann")
    assert not sessions.may_try("ann")
    assert sessions.may_try("ben")
    clock.now += 61
    assert sessions.may_try("ann")


def test_a_lock_keeps_others_out_until_it_is_stale() -> None:
    clock = Clock()
    locks = Locks(15, clock)
    assert locks.take("A", "ann") == "ann"
    assert locks.take("A", "ben") == "ann"
    locks.release("A", "ben")
    assert locks.holder("A") == "ann", "only the holder lets go"
    clock.now += 15 * 60 + 1
    assert locks.holder("A") == ""
    assert locks.take("A", "ben") == "ben"
    locks.release("A", "ben")
    assert locks.holder("A") == ""
