"""Two raylets: results equal to local, and nothing lost or double when one is killed in the middle.

It is real Ray, but one machine: correctness and the handling of failures, not speed.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from verify.audit import verify_chain, verify_results
from verify.batch import Commission, Summary, read_manifest, run
from verify.batch.codec import ITEM_RESULT
from verify.batch.engines import Died, Request, Served
from verify.batch.engines.local import Pool
from verify.batch.engines.ray import RayPool
from verify.ledger import ItemState, Ledger
from verify.model.outcome import Outcome
from verify.settings import Limits, Settings

from .conftest import TOLD, Cluster

pytestmark = pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed; run scripts/test-ray")

KEK = bytes(range(32))
_Engine = Callable[[Settings], Pool[tuple[int, int]] | RayPool[tuple[int, int]]]


@pytest.fixture
def settings(cluster: Cluster) -> Settings:
    return Settings(batch_engine="ray", ray_address=cluster.address, limits=Limits(seconds=2))


def manifest(folder: Path, words: list[str]) -> Path:
    lines = ["schema_version,item_id,role,path,inspection_date"]
    for number, word in enumerate(words):
        (folder / f"{number}.jpg").write_text(f"{word} {number}")
        lines.append(f"1,I{number:02},document,{number}.jpg,2026-06-15")
    path = folder / "manifest.csv"
    path.write_text("\n".join(lines))
    return path


def go(
    folder: Path, job: str, settings: Settings, engine: object, progress: Callable[[int, int], None] | None = None
) -> Summary:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("verify.batch.runner.get_batch_engine", lambda settings: engine)
        patch.setattr("verify.batch.runner.describe_engines", lambda settings: TOLD)
        commission = Commission(read_manifest(folder / "manifest.csv"), folder / job, KEK, "o", "p")
        return run(commission, settings, (), progress=progress or (lambda done, total: None))


def recorded(job: Path) -> dict[str, str]:
    """Payloads by item, after all that a ledger promises has been checked."""
    with Ledger.open(job, KEK, "read") as ledger:
        assert verify_chain(ledger).valid
        assert verify_results(ledger) == ()
        items = list(ledger.items())
        events = Counter(str(event.fields()["action"]) for event in ledger.events())
        assert events["item_recorded"] == len(items) == len({one.item_id for one in items})
        return {one.item_id: one.payload for one in items}


def test_results_equal_the_local_ones_from_two_nodes(tmp_path: Path, settings: Settings) -> None:
    words = ["good", "SLEEP", "SEGV", "good", "INVALID", "LOOP", "good", "GARBAGE", "SLEEP", "LIAR", "good", "EXIT"]
    manifest(tmp_path, words)
    by_ray = RayPool[tuple[int, int]](settings, module="worker")
    go(tmp_path, "ray", settings, by_ray)
    go(tmp_path, "local", settings, Pool[tuple[int, int]](settings.model_copy(update={"jobs": 2}), module="worker"))
    found = recorded(tmp_path / "ray")
    assert len(found) == len(words)
    assert found == recorded(tmp_path / "local")
    assert len(by_ray.answered) == 2
    assert by_ray.answered.total() == len(words)
    assert by_ray.layers == ("pretended",)


def test_a_file_that_kills_its_worker_is_the_only_one_affected(tmp_path: Path, settings: Settings) -> None:
    manifest(tmp_path, ["good", "good", "SEGV", "good", "good", "good"])
    go(tmp_path, "job", settings, RayPool[tuple[int, int]](settings, module="worker"))
    results = {name: ITEM_RESULT.validate_json(payload) for name, payload in recorded(tmp_path / "job").items()}
    outcomes = {name: one.readings[0].outcome for name, one in results.items()}
    assert outcomes["I02"].outcome is Outcome.CRASH
    assert "SIGSEGV; only this file" in outcomes["I02"].detail
    assert [one.outcome for name, one in sorted(outcomes.items()) if name != "I02"] == [Outcome.OK] * 5


def test_a_node_killed_in_the_middle_loses_nothing(
    tmp_path: Path, settings: Settings, cluster: Cluster, request: pytest.FixtureRequest
) -> None:
    manifest(tmp_path, ["SLEEP"] * 24)
    engine = RayPool[tuple[int, int]](settings, module="worker")
    request.addfinalizer(cluster.start_second)
    answered_by_then: Counter[str] = Counter()

    def kill(done: int, _total: int) -> None:
        if done == 8:
            answered_by_then.update(engine.answered)
            cluster.kill_second()

    summary = go(tmp_path, "job", settings, engine, kill)
    assert len(answered_by_then) == 2, "both nodes were at work"
    assert (summary.items, summary.unread) == (24, 0)
    assert len(recorded(tmp_path / "job")) == 24
    with Ledger.open(tmp_path / "job", KEK, "read") as ledger:
        assert ledger.counts()[ItemState.DONE] == 24
        assert {standing.attempts for n in range(24) if (standing := ledger.standing(f"I{n:02}"))} == {1}
    assert max((engine.answered - answered_by_then).values()) >= 14, "the other node did the rest"


def requests(folder: Path, words: list[str]) -> Iterator[Request[int]]:
    for number, word in enumerate(words):
        path = folder / f"{number}.jpg"
        path.write_text(word)
        task = {"file": {"role": "document", "path": path.name}, "reference_date": "2026-06-15"}
        yield Request(number, os.open(path, os.O_RDONLY), task)


def test_a_file_that_ends_two_readers_is_not_tried_again(tmp_path: Path, settings: Settings) -> None:
    with RayPool[int](settings, module="worker") as pool:
        answers = list(pool.run(requests(tmp_path, ["good", "PARENT", "good", "good", "good", "good"])))
    assert sorted(answer.key for answer in answers) == list(range(6))
    (died,) = (answer for answer in answers if isinstance(answer, Died))
    assert (died.key, died.timed_out) == (1, False)
    assert "2 readers" in died.reason
    assert all(isinstance(answer, Served) for answer in answers if answer is not died)


def test_without_the_token_no_cluster_is_joined(settings: Settings) -> None:
    join = (
        "import sys\n"
        "from verify.batch.engines.ray import RayPool\n"
        "from verify.errors import VerifyError\n"
        "from verify.settings import Settings\n"
        "try:\n"
        "    RayPool(Settings(batch_engine='ray', ray_address=sys.argv[1])).start()\n"
        "except VerifyError as error:\n"
        "    sys.exit(str(error))\n"
    )
    wrong = {**os.environ, "RAY_AUTH_TOKEN": "0" * 64}
    done = subprocess.run(
        [sys.executable, "-c", join, settings.ray_address], env=wrong, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "no Ray cluster can be joined" in done.stderr
