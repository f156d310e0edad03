"""What became of entries after a job had found them, told to the job."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from verify.audit import kinds, verify_chain
from verify.batch.codec import ITEM_RESULT
from verify.batch.withdrawals import EntryState, EntryStates, Holding, note_withdrawals
from verify.cli.gallery import command
from verify.gallery import Gallery
from verify.ledger import ItemRecord, ItemState, JobHeader, Ledger
from verify.model.candidate import Candidate, CandidateList
from verify.model.gallery import Entry, EntryKind, Name, Provenance
from verify.model.item import Item
from verify.model.result import ItemResult
from verify.vault.keys import create_key_file

DAY = dt.date(2026, 6, 15)
KEK = bytes(range(32))


def entry(reference_id: str) -> Entry:
    origin = Provenance("LIST", "r", "owner", "basis", "purpose", DAY, DAY, dt.date(2030, 1, 1))
    return Entry(reference_id, EntryKind.MISSING_PERSON, origin, (Name("NAME"),))


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    header = JobHeader("j" * 16, dt.datetime.now(dt.UTC), "ab" * 32, "search", "ann", dt.date(2030, 1, 1), "{}", "1")
    with Ledger.create(tmp_path / "job", KEK, header) as job:
        for number, ids in enumerate([("a", "b"), ("a",), ()]):
            candidates = tuple(Candidate(rank, one, entry(one)) for rank, one in enumerate(ids, 1))
            lists = [CandidateList("missing", "v", "face", 3, 0, candidates)]
            lists.append(CandidateList("other", "v", "face", 3, 0, candidates))
            item_id = f"I{number}"
            result = ItemResult(Item(item_id, DAY, ()), (), tuple(lists), ())
            payload = ITEM_RESULT.dump_json(result).decode()
            event = kinds.item_recorded(
                "ann", "p", item_id=item_id, source_sha256="ab" * 32, fingerprint="f", state=ItemState.DONE
            )
            job.record_item(ItemRecord(item_id, number, "f", ItemState.DONE, payload), {}, event)
        yield job


def told(ledger: Ledger) -> dict[tuple[str, str], str]:
    states = EntryStates(ledger)
    places = [("I0", "a"), ("I0", "b"), ("I1", "a")]
    return {place: states.sentence(place[0], "missing", place[1]) for place in places}


def test_each_case_with_the_entry_is_told_once(ledger: Ledger) -> None:
    before = len(list(ledger.events()))
    assert set(told(ledger).values()) == {""}
    holding = Holding("missing", {"a", "b"}, {"a": DAY})
    assert note_withdrawals(ledger, holding, operator="ann", on=DAY - dt.timedelta(days=1)) == 0
    assert note_withdrawals(ledger, holding, operator="ann", on=DAY) == 2
    assert note_withdrawals(ledger, holding, operator="ann", on=DAY) == 0
    sentence = "The entry is withdrawn by its owner since 2026-06-15: do not act on it; ask its source."
    assert told(ledger) == {("I0", "a"): sentence, ("I0", "b"): "", ("I1", "a"): sentence}
    assert EntryStates(ledger).of("I0", "other", "a") == (EntryState.IN_FORCE, "")
    assert len(list(ledger.events())) == before + 2
    assert verify_chain(ledger).valid


def test_forgotten_and_in_force_again(ledger: Ledger) -> None:
    assert note_withdrawals(ledger, Holding("missing", {"a"}, {"a": DAY}), operator="ann", on=DAY) == 3
    assert "no longer on the list" in told(ledger)["I0", "b"]
    assert note_withdrawals(ledger, Holding("missing", {"a", "b"}), operator="ann", on=DAY) == 3
    assert set(told(ledger).values()) == {""}


def test_the_log_names_no_entry(ledger: Ledger) -> None:
    note_withdrawals(ledger, Holding("missing", set()), operator="ann", on=DAY)
    bodies = [event.fields() for event in ledger.events()]
    details = [body["detail"] for body in bodies if body["action"] == "entry_state_changed"]
    assert len(details) == 3
    assert all(isinstance(one, dict) and len(one["entry_commitment"]) == 64 for one in details)
    assert '"a"' not in json.dumps(details) and "missing" not in json.dumps(details)


def test_the_command(tmp_path: Path, ledger: Ledger) -> None:
    ledger.close()
    create_key_file(tmp_path / "key", key=KEK)
    kind = EntryKind.MISSING_PERSON
    with Gallery.create(
        tmp_path / "gallery", KEK, name="missing", kind=kind, engine="e", model_sha256="ab" * 32
    ) as gallery:
        gallery.enrol(entry("a"))
        gallery.enrol(entry("b"))
        gallery.withdraw("b", DAY, "order 5")
    words = ["notify", str(tmp_path / "job"), "--gallery", str(tmp_path / "gallery"), "--date", str(DAY)]
    done = CliRunner().invoke(command, [*words, "--key-file", str(tmp_path / "key")], catch_exceptions=False)
    assert "1 candidates told anew" in done.output, done.output
    with Ledger.open(tmp_path / "job", KEK, "read") as again:
        assert "withdrawn" in told(again)["I0", "b"]


def test_a_document_that_was_found_again(tmp_path: Path) -> None:
    columns = "issuer,type,number,status,source,owner,legal_basis,purpose,collected,review_by,expires"
    rest = "Register,Office,Act,search,2026-01-01,2028-01-01,2030-01-01"
    (tmp_path / "sltd.csv").write_text(f"{columns}\nUTO,P,X1,found,{rest}\nUTO,P,X2,lost,{rest}\n")
    holding = Holding.of_list(tmp_path / "sltd.csv")
    assert (holding.name, holding.reference_ids) == ("sltd.csv", {"Register:UTO-P-X2"})
    assert holding.state("Register:UTO-P-X1", DAY)[0] is EntryState.GONE
