from __future__ import annotations

import dataclasses
import json
import os
import random
import shutil

import pytest

from verify.audit import checkpoint, verify_chain, verify_checkpoint, verify_results
from verify.audit.checkpoint import is_signed
from verify.ledger import Event, Ledger, chain_digest
from verify.ledger.place import JobPlace


@pytest.fixture
def attack(job, kek):
    """Runs SQL with the right key and without our code, as somebody who holds the key could."""

    def run(*statements: tuple[str, tuple[object, ...]]) -> None:
        store, _, _ = JobPlace(job).open(kek, read_only=False)
        with store, store.transaction():
            for sql, parameters in statements:
                store.write(sql, parameters)

    return run


def test_sound_chain(job, kek) -> None:
    with Ledger.open(job, kek, mode="read") as ledger:
        report = verify_chain(ledger, [checkpoint(ledger)])
        assert report.valid
        assert (report.length, report.head) == (32, ledger.head()[1].hex())
        assert verify_results(ledger) == ()


def test_empty_chain_is_sound_and_can_be_signed(tmp_path, kek, header) -> None:
    with Ledger.create(tmp_path / "new", kek, header) as ledger:
        kept = checkpoint(ledger)
        assert kept.seq == 0
        assert verify_chain(ledger, [kept]).valid


def tampering(chance: random.Random, count: int) -> tuple[str, list[tuple[str, tuple[object, ...]]]]:
    """Returns a random alteration of a chain of `count` events that has a checkpoint at its end."""
    kind = chance.choice(("body", "digest", "delete", "swap", "insert", "truncate", "renumber", "header"))
    seq = chance.randint(1, count)
    other = chance.choice([n for n in range(1, count + 1) if n != seq])
    bit = chance.randrange(8 * 32)
    match kind:
        case "body":
            return kind, [("UPDATE event SET body = flip(body, ?) WHERE seq = ?", (bit, seq))]
        case "digest":
            return kind, [("UPDATE event SET digest = flip(digest, ?) WHERE seq = ?", (bit, seq))]
        case "delete":
            return kind, [("DELETE FROM event WHERE seq = ?", (seq,))]
        case "swap":
            moves = [(-1, seq), (seq, other), (other, -1)]
            return kind, [("UPDATE event SET seq = ? WHERE seq = ?", move) for move in moves]
        case "insert":
            make_room = [
                ("UPDATE event SET seq = -seq - 1 WHERE seq >= ?", (seq,)),
                ("UPDATE event SET seq = -seq WHERE seq < 0", ()),
            ]
            forged = (seq, b"{}", os.urandom(32))
            return kind, [*make_room, ("INSERT INTO event VALUES (?, ?, ?)", forged)]
        case "truncate":
            return kind, [("DELETE FROM event WHERE seq >= ?", (seq,))]
        case "renumber":
            return kind, [("UPDATE event SET seq = seq + 1000 WHERE seq >= ?", (seq,))]
        case _:
            return kind, [("UPDATE job SET header = replace(header, '2027-05-03', '2037-05-03')", ())]


def test_two_hundred_random_tamperings_are_all_found(job, kek, tmp_path) -> None:
    chance, found, seen = random.Random(3), 0, set()
    with Ledger.open(job, kek, mode="read") as ledger:
        kept, rows = checkpoint(ledger), list(ledger.events())
    sound = JobPlace(job).database.read_bytes()
    for _ in range(200):
        kind, statements = tampering(chance, len(rows))
        seen.add(kind)
        JobPlace(job).database.write_bytes(sound)
        store, _, _ = JobPlace(job).open(kek, read_only=False)
        store.row("PRAGMA synchronous = OFF")
        with store, store.transaction():
            for sql, parameters in statements:
                store.write(*without_flip(sql, parameters, rows))
        with Ledger.open(job, kek, mode="read") as ledger:
            report = verify_chain(ledger, [kept])
            found += not report.valid
            assert report.first_fault is not None, (kind, statements)
    assert found == 200
    assert len(seen) == 8


def without_flip(sql, parameters, rows):
    """Spells out `flip(column, bit)`: the value with one bit turned."""
    for column in ("body", "digest"):
        call = f"flip({column}, ?)"
        if call in sql:
            bit, seq = parameters
            value = bytearray(getattr(rows[seq - 1], column))
            value[bit // 8] ^= 1 << bit % 8
            return sql.replace(call, "?"), (bytes(value), seq)
    if "replace(header" in sql:
        return sql.replace("replace(header,", "CAST(replace(CAST(header AS TEXT),") + " AS BLOB)", ()
    return sql, parameters


def rewritten(events, genesis, change) -> list[tuple[str, tuple[object, ...]]]:
    """A whole new chain, consistent in itself, as only a holder of the key can make."""
    statements, previous = [("DELETE FROM event", ())], genesis
    for event in events:
        body = change(event.body)
        previous = chain_digest(previous, body)
        statements.append(("INSERT INTO event VALUES (?, ?, ?)", (event.seq, body, previous)))
    return statements


def test_chain_written_anew_is_found_by_a_checkpoint_only(job, kek, attack) -> None:
    with Ledger.open(job, kek, mode="read") as ledger:
        kept = checkpoint(ledger)
        genuine, genesis = list(ledger.events()), ledger.genesis
    attack(*rewritten(genuine, genesis, lambda body: body.replace(b"operator-7", b"operator-8")))
    with Ledger.open(job, kek, mode="read") as ledger:
        assert verify_chain(ledger).valid  # what a chain alone cannot know
        report = verify_chain(ledger, [kept])
        assert report.first_fault is not None
        assert report.first_fault.reason == "the chain is not the one of the checkpoint"


def test_cut_end_is_found_by_a_checkpoint_only(job, kek, attack) -> None:
    with Ledger.open(job, kek, mode="read") as ledger:
        kept = checkpoint(ledger)
    attack(("DELETE FROM event WHERE seq > 30", ()))
    with Ledger.open(job, kek, mode="read") as ledger:
        assert verify_chain(ledger).valid
        report = verify_chain(ledger, [kept])
        assert (report.length, report.first_fault and report.first_fault.seq) == (30, 31)


def test_chain_grows_past_its_checkpoints(job, kek, event) -> None:
    with Ledger.open(job, kek) as ledger:
        kept = [checkpoint(ledger)]
        ledger.append(event)
        kept.append(checkpoint(ledger))
        ledger.append(event)
        assert verify_chain(ledger, kept).valid
        assert verify_chain(ledger, kept).length == 34


def test_checkpoint_with_one_changed_member_is_refused(job, kek) -> None:
    with Ledger.open(job, kek, mode="read") as ledger:
        kept = checkpoint(ledger)
        assert verify_checkpoint(ledger, kept)
        assert is_signed(kept)
        for change in (
            {"seq": kept.seq + 1},
            {"digest": "0" * 64},
            {"job_id": "other"},
            {"signature": "0" * 128},
            {"signature": "no hexadecimal"},
            {"public_key": "0" * 64},
            {"public_key": "00"},
        ):
            altered = dataclasses.replace(kept, **change)
            assert not is_signed(altered), change
            assert not verify_checkpoint(ledger, altered), change
            assert not verify_chain(ledger, [altered]).valid


def test_checkpoint_of_another_job_is_refused(job, tmp_path, kek, header) -> None:
    with (
        Ledger.create(tmp_path / "other", kek, header) as other,
        Ledger.open(job, kek, mode="read") as ledger,
    ):
        foreign = checkpoint(other)  # even with the same job id: the key is another
        assert is_signed(foreign)
        assert not verify_checkpoint(ledger, foreign)


def test_chain_of_another_job_does_not_fit(job, tmp_path, kek, header, attack) -> None:
    with Ledger.create(tmp_path / "other", kek, dataclasses.replace(header, job_id="other")) as other:
        for _ in range(3):
            other.append(Event("run_started", "o", "p"))
        stolen = [(row.seq, row.body, row.digest) for row in other.events()]
    attack(("DELETE FROM event", ()), *(("INSERT INTO event VALUES (?, ?, ?)", row) for row in stolen))
    with Ledger.open(job, kek, mode="read") as ledger:
        assert not verify_chain(ledger).valid


@pytest.mark.parametrize(
    ("sql", "wrong"),
    [
        ("UPDATE item SET payload = '{}' WHERE ordinal = 3", ("item:item-3",)),
        ("UPDATE item SET state = 'failed' WHERE ordinal = 3", ("item:item-3",)),
        ("UPDATE item SET ordinal = 99 WHERE ordinal = 3", ("item:item-3",)),
        ("UPDATE blob SET bytes = x'00' WHERE item_id = 'item-7' AND name = 'face'", ("item:item-7",)),
        ("DELETE FROM blob WHERE item_id = 'item-7' AND name = 'face'", ("item:item-7",)),
        ("DELETE FROM item WHERE ordinal IN (1, 2)", ("item:item-1", "item:item-2")),
        ("UPDATE note SET payload = '[]'", ("note:linkage", "note:run:r1")),
        ("UPDATE note SET name = 'run:r9' WHERE name = 'run:r1'", ("note:run:r1", "note:run:r9")),
        (
            "INSERT INTO item SELECT 'new', 9, 'f', state, payload, '', 1, basis, why, salt FROM item LIMIT 1",
            ("item:new",),
        ),
    ],
)
def test_altered_results_are_found_though_the_chain_holds(job, kek, attack, sql, wrong) -> None:
    attack(("PRAGMA foreign_keys = ON", ()), (sql, ()))
    with Ledger.open(job, kek, mode="read") as ledger:
        assert verify_chain(ledger).valid
        assert verify_results(ledger) == wrong


def test_erasing_and_replacing_keep_results_and_chain_sound(job, kek, event, make_record) -> None:
    with Ledger.open(job, kek) as ledger:
        kept = checkpoint(ledger)
        ledger.erase_item("item-4", event)
        ledger.record_item(make_record(5, "again"), {}, event)
        assert verify_chain(ledger, [kept]).valid
        assert verify_results(ledger) == ()


def test_result_put_back_after_erasure_is_found(job, kek, event, attack, tmp_path) -> None:
    shutil.copy(JobPlace(job).database, tmp_path / "old.db")
    with Ledger.open(job, kek, mode="read") as ledger:
        old = ledger.item("item-4")
    assert old is not None
    with Ledger.open(job, kek) as ledger:
        ledger.erase_item("item-4", event)
    row = (*dataclasses.astuple(old), os.urandom(16))
    attack((f"INSERT INTO item VALUES ({', '.join('?' * len(row))})", row))
    with Ledger.open(job, kek, mode="read") as ledger:
        assert verify_results(ledger) == ("item:item-4",)


def test_event_bodies_hold_no_names(job, kek) -> None:
    with Ledger.open(job, kek, mode="read") as ledger:
        bodies = [event.body for event in ledger.events()]
    assert len(bodies) == 32
    for body in bodies:
        assert b"ZZPLANTED" not in body
        assert b"HANNA" not in body
        assert set(json.loads(body)) == {"seq", "utc", "action", "actor", "purpose", "detail"}
