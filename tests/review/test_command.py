"""`verify review`: what it opens, and on which terms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from verify.ledger import Ledger
from verify.vault.keys import create_key_file

uvicorn = pytest.importorskip("uvicorn")
pytest.importorskip("fastapi")

from verify.cli.review import command  # noqa: E402 - after it is known to be there


@pytest.fixture
def place(job: Path, kek: bytes, monkeypatch: pytest.MonkeyPatch) -> Path:
    create_key_file(job.parent / "key", key=kek)
    monkeypatch.chdir(job.parent)
    monkeypatch.setattr(uvicorn, "run", lambda *_given, **_named: None)
    return job.parent


def terms(job: Path, kek: bytes) -> list[dict[str, Any]]:
    with Ledger.open(job, kek, "read") as ledger:
        events = [event.fields() for event in ledger.events()]
    return [one["detail"] for one in events if one["action"] in {"review_started", "review_terms"}]  # type: ignore[misc]


def opened(*options: str) -> Any:
    return CliRunner().invoke(command, ["job", "--key-file", "key", "--operator", "ann", *options])


def test_it_prints_a_link_and_remembers_beside_the_accounts(place: Path, job: Path, kek: bytes) -> None:
    found = opened("--role", "supervisor")
    assert found.exit_code == 0, found.output
    assert "supervisor ann: http://127.0.0.1:8765/sign-in?token=" in found.output
    assert (place / "judged.db").exists()
    started, more = terms(job, kek)
    assert (started["reviewers"], started["blind"]) == (2, True)
    assert (more["remember"], more["known_answers"]) == (True, 0)


def test_other_terms_are_logged(place: Path, job: Path, kek: bytes) -> None:
    assert opened("--show-scores", "--ask-again", "--reviewers", "1", "--legal-basis", "order 7").exit_code == 0
    started, more = terms(job, kek)
    assert (started["reviewers"], started["blind"], started["legal_basis"]) == (1, False, "order 7")
    assert more["remember"] is False
    assert not (place / "judged.db").exists()


@pytest.mark.parametrize(
    ("options", "why"),
    [(["--reviewers", "1"], "legal-basis"), (["--known-answers", "nowhere"], "cannot be read"), (["--demo"], "--demo")],
)
def test_what_will_not_do_is_refused_before_anything_opens(place: Path, options: list[str], why: str) -> None:
    found = opened(*options)
    assert why in str(found.exception)
