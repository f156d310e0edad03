"""Inputs that are altered or vanish while the run goes on: a documented outcome, and nothing else is touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from verify.model.outcome import Outcome

from .conftest import Job, Row, Runs

_ITEMS = {"A": "good", "B": "good", "C": "good"}


@pytest.mark.parametrize(
    ("then", "outcome"),
    [
        ("rewrite", Outcome.DAMAGED),  # in place: what was hashed is not what was read
        ("cut", Outcome.DAMAGED),
        ("replace", Outcome.OK),  # by another file of that name: the open one is read to its end
        ("remove", Outcome.OK),
    ],
)
def test_altered_between_hash_and_decoding(tmp_path: Path, runs: Runs, row: Row, then: str, outcome: Outcome) -> None:
    row.fault, row.holds = f"input between hash and decoding: {then}", f"outcome {outcome}, the run goes on"
    job = Job.of(tmp_path, _ITEMS)
    ended = runs.go(job, alter=str(tmp_path / "B.jpg"), then=then)
    assert ended.with_a_clear_message(), ended.text
    assert job.recorded() == ["A", "B", "C"]
    assert job.outcomes() == {"A": Outcome.OK, "B": outcome, "C": Outcome.OK}
    assert runs.go(job).text.split() == ["B"], "a resumed run sees that the input is another one, and does only that"
    again = Outcome.REFUSED if then == "remove" else Outcome.OK
    assert job.outcomes() == {"A": Outcome.OK, "B": again, "C": Outcome.OK}
    assert runs.go(job).text == ""
    row.injected, row.seen = 1, f"{outcome}, then {again} when resumed; 2 neighbours ok"


def test_vanished_before_its_turn(tmp_path: Path, runs: Runs, row: Row) -> None:
    row.fault, row.holds = "input vanished before its turn", "outcome refused, the run goes on"
    job = Job.of(tmp_path, _ITEMS)
    (tmp_path / "B.jpg").unlink()
    assert runs.go(job).with_a_clear_message()
    assert job.recorded() == ["A", "B", "C"]
    assert job.outcomes() == {"A": Outcome.OK, "B": Outcome.REFUSED, "C": Outcome.OK}
    (tmp_path / "B.jpg").write_text("good B")
    assert runs.go(job).text.split() == ["B"], "it is there again"
    row.injected, row.seen = 1, "refused, then ok when it was there again; 2 neighbours ok"
