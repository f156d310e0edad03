"""The supervisor: whatever a worker does, each file is blamed for itself only, and nothing stays behind."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from verify.batch.engines import Died, Request, Served
from verify.batch.engines.local import Pool
from verify.errors import MissingEngineError, VerifyError
from verify.settings import Settings

from .conftest import FakePool


def children() -> set[int]:
    """Processes whose parent we are, zombies too."""
    return {int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()}


def open_descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


@pytest.fixture(autouse=True)
def nothing_stays_behind() -> Iterator[None]:
    processes, descriptors = children(), open_descriptors()
    yield
    assert children() == processes
    assert open_descriptors() == descriptors


def requests(folder: Path, words: list[str]) -> Iterator[Request[int]]:
    for number, word in enumerate(words):
        path = folder / f"{number}.jpg"
        path.write_text(word)
        task = {"file": {"role": "document", "path": path.name}, "reference_date": "2026-06-15"}
        yield Request(number, os.open(path, os.O_RDONLY), task)


def served(folder: Path, words: list[str], settings: Settings) -> dict[int, Served[int] | Died[int]]:
    """Answers by number; each number exactly once."""
    with FakePool[int](settings) as pool:
        answers = list(pool.run(requests(folder, words)))
    assert sorted(answer.key for answer in answers) == list(range(len(words)))
    return {answer.key: answer for answer in answers}


pytestmark = pytest.mark.usefixtures("fake_workers")

DEADLY = {
    "SEGV": "SIGSEGV",
    "KILL": "SIGKILL",
    "ABRT": "SIGABRT",
    "EXIT": "exit status 3",
    "QUIT": "ended its worker",
    "MEMORY": "exit status 1",
    "GARBAGE": "head is too long",
    "HUGE": "too long",
    "HALF": "ended its worker",
    "EMPTY": "without a reading",
    "TYPES": "without a reading",
    "NAMES": "unnamed pictures",
    "NUMBERS": "without a name",
    "FAILED": "without a reading",
    "READY": "without a reading",
}


def test_good_files_are_served_with_their_pictures(tmp_path: Path, quick: Settings) -> None:
    answers = served(tmp_path, ["good"] * 20, quick)
    for answer in answers.values():
        assert isinstance(answer, Served)
        assert answer.pictures == {"document.page": b"good"}
        assert f'"path": "{answer.key}.jpg"' in answer.reading


@pytest.mark.parametrize("word", sorted(DEADLY))
def test_a_bad_file_is_blamed_and_its_neighbours_are_served(tmp_path: Path, quick: Settings, word: str) -> None:
    answers = served(tmp_path, ["good", word, "good", "good"], quick)
    bad = answers.pop(1)
    assert isinstance(bad, Died)
    assert DEADLY[word] in bad.reason
    assert not bad.timed_out
    assert all(isinstance(answer, Served) for answer in answers.values())


@pytest.mark.slow
def test_many_bad_ones_in_the_middle_of_a_batch(tmp_path: Path, quick: Settings) -> None:
    bad = ["SEGV", "KILL", "LOOP", "MEMORY", "GARBAGE", "XCPU"]
    answers = served(tmp_path, ["good"] * 3 + bad + ["good"] * 3, quick)
    for number, word in enumerate(bad, start=3):
        answer = answers.pop(number)
        assert isinstance(answer, Died), word
        assert answer.timed_out == (word in ("LOOP", "XCPU"))
    assert all(isinstance(answer, Served) for answer in answers.values())
    assert len(answers) == 6


def test_a_loop_ends_at_its_limit(tmp_path: Path, quick: Settings) -> None:
    begun = time.monotonic()
    (answer,) = served(tmp_path, ["LOOP"], quick).values()
    assert isinstance(answer, Died)
    assert answer.timed_out
    assert 0.5 <= time.monotonic() - begun < 8


def test_a_worker_that_dies_with_nothing_to_do_costs_no_file(tmp_path: Path, quick: Settings) -> None:
    one = quick.model_copy(update={"jobs": 1})
    answers = served(tmp_path, ["AFTER", "good", "AFTER", "good", "good"], one)
    dead = [key for key, answer in answers.items() if isinstance(answer, Died)]
    assert set(dead) <= {1, 3}, "the next file may be with it when it dies, no other"


def test_a_worker_found_dead_is_replaced_before_it_gets_a_file(tmp_path: Path, quick: Settings) -> None:
    one = quick.model_copy(update={"jobs": 1})
    with FakePool[int](one) as pool:
        (first,) = pool.run(requests(tmp_path, ["good"]))
        (worker,) = children()
        os.kill(worker, signal.SIGKILL)
        os.waitid(os.P_PID, worker, os.WEXITED | os.WNOWAIT)
        (second,) = pool.run(requests(tmp_path, ["good"]))
    assert isinstance(first, Served)
    assert isinstance(second, Served)


def test_what_a_worker_started_ends_with_it(tmp_path: Path, quick: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHILD_PID", str(tmp_path / "pid"))
    (answer,) = served(tmp_path, ["CHILD"], quick).values()
    assert isinstance(answer, Died)
    state = Path(f"/proc/{(tmp_path / 'pid').read_text().strip()}/stat")
    for _ in range(50):  # init has to collect it
        if not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] == "Z":
            break
        time.sleep(0.05)
    else:
        pytest.fail("it still runs")


def test_requests_are_drawn_only_as_workers_are_free(tmp_path: Path, quick: Settings) -> None:
    drawn: list[int] = []

    def counted() -> Iterator[Request[int]]:
        for request in requests(tmp_path, ["good"] * 10):
            drawn.append(request.key)
            yield request

    with FakePool[int](quick) as pool:
        for count, _answer in enumerate(pool.run(counted()), start=1):
            assert len(drawn) <= count + quick.workers


def test_an_abandoned_run_leaves_no_process(tmp_path: Path, quick: Settings) -> None:
    with FakePool[int](quick) as pool, pytest.raises(ZeroDivisionError):
        for _answer in pool.run(requests(tmp_path, ["good", "LOOP", "LOOP", "good"])):
            raise ZeroDivisionError


def test_no_request_no_answer(tmp_path: Path, quick: Settings) -> None:
    assert served(tmp_path, [], quick) == {}


def test_start_tells_layers_and_engines(quick: Settings) -> None:
    with FakePool[int](quick) as pool:
        pool.start()
        assert pool.layers == ("pretended",)
        assert pool.engines["mrz"] == "fake reader 1"
        assert len(children()) >= 2


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ("die", "exit status 7"),
        ("kill", "exit status -9"),
        ("garbage", "verify doctor"),
        ("no layers", "verify doctor"),
    ],
)
def test_a_worker_that_cannot_start_ends_the_run(
    tmp_path: Path, quick: Settings, monkeypatch: pytest.MonkeyPatch, how: str, says: str
) -> None:
    monkeypatch.setenv("BAD_START", how)
    with FakePool[int](quick) as pool, pytest.raises(VerifyError, match=says):
        list(pool.run(requests(tmp_path, ["good", "good", "good"])))


def test_workers_that_die_as_soon_as_they_are_ready_never_keep_the_run_going(
    tmp_path: Path, quick: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BAD_START", "die when ready")
    answers: list[object] = []
    with FakePool[int](quick) as pool:
        try:
            answers += pool.run(requests(tmp_path, ["good"] * 3))
        except VerifyError as error:
            assert "verify doctor" in str(error)
        else:
            assert len(answers) == 3
    assert all(isinstance(answer, Died) for answer in answers)


def test_a_missing_engine_is_told_in_the_workers_words(quick: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAD_START", "failed")
    with FakePool[int](quick) as pool, pytest.raises(MissingEngineError, match="apt install tea-leaves"):
        pool.start()


def test_a_module_that_is_not_there_ends_the_run(quick: Settings) -> None:
    with Pool[int](quick, module="no_such_module_of_ours") as pool, pytest.raises(VerifyError, match="doctor"):
        pool.start()


def test_a_worker_that_never_gets_ready_is_given_up(quick: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verify.batch.engines.local._START", 0.0)
    with FakePool[int](quick) as pool, pytest.raises(VerifyError, match="did not start"):
        pool.start()


def test_a_worker_is_replaced_after_many_files(
    tmp_path: Path, quick: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("verify.batch.engines.local._RECYCLE", 2)
    one = quick.model_copy(update={"jobs": 1})
    seen: set[int] = set()
    with FakePool[int](one) as pool:
        for _answer in pool.run(requests(tmp_path, ["good"] * 6)):
            seen |= children()
    assert len(seen) >= 3
