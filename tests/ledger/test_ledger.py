from __future__ import annotations

import dataclasses
import json
import os
import random
from pathlib import Path

import pytest

from verify.errors import DamagedStoreError, LockedError, PolicyError, UsageError
from verify.ledger import ItemState, Ledger
from verify.ledger.place import JobPlace
from verify.vault.keys import new_data_key, read_wrapped, wrap, write_wrapped


def everything(path: Path, kek: bytes) -> list[object]:
    """All a ledger can return, the parts that are random included."""
    with Ledger.open(path, kek, mode="read") as ledger:
        items = list(ledger.items())
        blobs = [ledger.blob(item.item_id, name) for item in items for name in ledger.blob_names(item.item_id)]
        rest = (
            ledger.linkage(),
            list(ledger.runs()),
            ledger.counts(),
            ledger.states(),
            list(ledger.events()),
        )
        return [ledger.header, items, blobs, *rest, list(ledger.commitments())]


def test_round_trip(tmp_path, kek, header, event, make_record) -> None:
    failed = make_record(1, state=ItemState.FAILED, failure="Timeout", attempts=2, payload="null")
    with Ledger.create(tmp_path / "job", kek, header) as ledger:
        ledger.record_item(make_record(2), {}, event)
        ledger.record_item(failed, {"page": b"JPEG", "strip": b""}, event)
        ledger.record_linkage('{"a": 1}', event)
        ledger.record_linkage('{"a": 2}', event)
        for run in ("r2", "r1"):
            ledger.record_run(run, json.dumps(run), event)
    with Ledger.open(tmp_path / "job", kek, mode="read") as ledger:
        assert ledger.header == header
        assert list(ledger.items()) == [failed, make_record(2)]
        assert ledger.item("item-1") == failed
        assert ledger.item("item-9") is None
        assert ledger.blob_names("item-1") == ("page", "strip")
        assert (ledger.blob("item-1", "page"), ledger.blob("item-1", "strip")) == (b"JPEG", b"")
        assert ledger.blob("item-2", "page") is None
        assert ledger.standing_from(1, 1) == {"item-1": ("f1", ItemState.FAILED)}
        assert ledger.standing_from(0, 9) == {"item-1": ("f1", ItemState.FAILED), "item-2": ("f2", ItemState.DONE)}
        assert ledger.states() == {"item-1": ItemState.FAILED, "item-2": ItemState.DONE}
        assert ledger.counts() == {"done": 1, "failed": 1, "poison": 0, "skipped": 0}
        assert ledger.linkage() == '{"a": 2}'
        assert list(ledger.runs()) == ['"r2"', '"r1"']
        assert [stored.seq for stored in ledger.events()] == list(range(1, 7))
        assert ledger.head()[0] == 6


def test_new_ledger_is_empty_and_says_so(tmp_path, kek, header) -> None:
    with Ledger.create(tmp_path / "job", kek, header) as ledger:
        assert list(ledger.items()) == []
        assert ledger.linkage() is None
        assert ledger.head() == (0, header.digest())
        assert set(ledger.counts().values()) == {0}


def test_recording_again_replaces_result_and_pictures(job, kek, event, make_record) -> None:
    again = make_record(4, "second", attempts=2)
    with Ledger.open(job, kek) as ledger:
        ledger.record_item(again, {"page": b"NEW"}, event)
        assert ledger.item("item-4") == again
        assert ledger.blob_names("item-4") == ("page",)
        assert ledger.counts()[ItemState.DONE] == 30
        assert ledger.head()[0] == 33


def test_result_and_event_come_together_or_not_at_all(job, kek, event, make_record) -> None:
    before = everything(job, kek)
    with Ledger.open(job, kek) as ledger:
        for bad in (
            dataclasses.replace(event, detail={"n": float("nan")}),  # fails at the event, last
            dataclasses.replace(event, detail={"n": object()}),
        ):
            with pytest.raises((ValueError, TypeError)):
                ledger.record_item(make_record(4, "second"), {"page": b"NEW"}, bad)
    assert everything(job, kek) == before


def test_erased_item_is_gone_and_the_rest_stays(job, kek, event) -> None:
    with Ledger.open(job, kek) as ledger:
        ledger.erase_item("item-4", event)
        assert ledger.item("item-4") is None
        assert ledger.blob_names("item-4") == ()
        assert ledger.counts()[ItemState.DONE] == 29
        assert (job / "ledger.db-wal").stat().st_size == 0


def test_reader_cannot_write_and_takes_no_lock(job, kek, event, make_record) -> None:
    with Ledger.open(job, kek) as writer, Ledger.open(job, kek, mode="read") as reader:
        with pytest.raises(UsageError, match="reading only"):
            reader.record_item(make_record(50), {}, event)
        writer.record_item(make_record(50), {}, event)
        assert reader.item("item-50") == make_record(50)


def test_second_writer_is_refused_with_exit_code_75(job, kek, header) -> None:
    with Ledger.open(job, kek):
        for second in (Ledger.open, lambda *a: Ledger.open_or_create(*a, header), Ledger.open):
            with pytest.raises(LockedError, match=f"process {os.getpid()}") as refused:
                second(job, kek)
            assert refused.value.exit_code == 75
    Ledger.open(job, kek).close()


def test_wrong_key_is_refused_and_the_lock_let_go(job, kek) -> None:
    for mode in ("write", "read"):
        with pytest.raises(PolicyError, match="needs the key file with id") as refused:
            Ledger.open(job, new_data_key(), mode=mode)
        assert refused.value.exit_code == 5
    Ledger.open(job, kek).close()


def test_job_of_another_manifest_is_refused(job, kek, header) -> None:
    other = dataclasses.replace(header, manifest_sha256="cd" * 32, job_id="b")
    with pytest.raises(PolicyError, match="another manifest"):
        Ledger.open_or_create(job, kek, other)
    with Ledger.open_or_create(job, kek, dataclasses.replace(header, job_id="c")) as ledger:
        assert ledger.header == header
    with pytest.raises(PolicyError, match="has a job already"):
        Ledger.create(job, kek, header)


def test_key_of_another_job_is_refused(job, tmp_path, kek, header) -> None:
    Ledger.create(tmp_path / "other", kek, dataclasses.replace(header, job_id="other")).close()
    JobPlace(tmp_path / "other").key.replace(JobPlace(job).key)
    with pytest.raises(DamagedStoreError, match=r"ledger\.db: does not open"):
        Ledger.open(job, kek)


def test_renamed_key_context_is_refused(job, kek) -> None:
    place = JobPlace(job)
    store, data_key, _ = place.open(kek, read_only=True)
    store.close()
    write_wrapped(place.key, wrap(kek, data_key, "job:other"))
    with pytest.raises(DamagedStoreError, match="of another job"):
        Ledger.open(job, kek)


def test_missing_parts_are_told_apart(job, tmp_path, kek) -> None:
    with pytest.raises(UsageError, match="no job here"):
        Ledger.open(tmp_path / "nowhere", kek)
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="no job here"):
        Ledger.open(tmp_path / "empty", kek)
    assert list((tmp_path / "empty").iterdir()) == []
    place = JobPlace(job)
    key = read_wrapped(place.key)
    place.key.unlink()
    with pytest.raises(PolicyError, match=r"key\.json: missing"):
        Ledger.open(job, kek)
    write_wrapped(place.key, key)
    place.database.unlink()
    with pytest.raises(DamagedStoreError, match=r"ledger\.db: missing"):
        Ledger.open(job, kek)


def test_creation_cut_short_is_finished_or_begun_again(tmp_path, kek, header, monkeypatch) -> None:
    path = tmp_path / "job"

    class CutError(Exception):
        pass

    def cut(*_: object) -> None:
        raise CutError

    for step in ("verify.ledger.place.write_wrapped", "verify.ledger.place.JobPlace._finish_creation"):
        with monkeypatch.context() as patch:
            patch.setattr(step, cut)
            with pytest.raises(CutError):
                Ledger.create(path, kek, header)
        assert not JobPlace(path).database.exists()
    with Ledger.open_or_create(path, kek, header) as ledger:
        assert ledger.header == header
    assert sorted(file.name for file in path.iterdir()) == ["key.json", "ledger.db", "lock"]


def test_ledger_of_another_version_is_refused(job, kek) -> None:
    store, _, _ = JobPlace(job).open(kek, read_only=False)
    store.schema_version = 99
    store.close()
    with pytest.raises(UsageError, match="has schema 99, not 1"):
        Ledger.open(job, kek)


def test_files_are_private_and_hold_no_plaintext(job, kek, event, make_record) -> None:
    assert job.stat().st_mode & 0o777 == 0o700
    with Ledger.open(job, kek) as ledger:
        ledger.record_item(make_record(31, "ZZPLANTED"), {"page": b"PAGE" + bytes(90)}, event)
        names = {file.name for file in job.iterdir()}
        assert names == {"ledger.db", "ledger.db-wal", "ledger.db-shm", "key.json", "lock"}
        for file in job.iterdir():
            content = file.read_bytes()
            assert file.stat().st_mode & 0o777 == 0o600, file.name
            for planted in (b"ZZPLANTED", b"HANNA", b"PAGE", b"item-", b"operator-7", b"threshold"):
                assert planted not in content, (file.name, planted)


def test_altered_picture_is_not_returned(job, kek) -> None:
    store, _, _ = JobPlace(job).open(kek, read_only=False)
    store.write("UPDATE blob SET bytes = ? WHERE item_id = 'item-3' AND name = 'page'", (b"OTHER",))
    store.close()
    with (
        Ledger.open(job, kek) as ledger,
        pytest.raises(DamagedStoreError, match="picture page of item item-3"),
    ):
        ledger.blob("item-3", "page")


def test_single_bit_flips_are_detected_or_change_nothing(job, kek) -> None:
    place, chance = JobPlace(job), random.Random(20261103)
    sound, expected = place.database.read_bytes(), everything(job, kek)
    detected = 0
    for _ in range(60):
        bit = chance.randrange(len(sound) * 8)
        damaged = bytearray(sound)
        damaged[bit // 8] ^= 1 << bit % 8
        place.database.write_bytes(damaged)
        try:
            assert everything(job, kek) == expected  # the page was not needed for this
        except DamagedStoreError as error:
            assert "ledger.db" in str(error)
            detected += 1
        else:
            with place.open(kek, read_only=True)[0] as store:
                assert store.damaged_pages()
    assert detected > 40


def test_flips_in_key_file_are_detected(job, kek) -> None:
    key, chance = JobPlace(job).key, random.Random(1)
    sound = key.read_bytes()
    for _ in range(100):
        bit = chance.randrange(len(sound) * 8)
        damaged = bytearray(sound)
        damaged[bit // 8] ^= 1 << bit % 8
        key.write_bytes(damaged)
        try:
            with Ledger.open(job, kek, mode="read") as ledger:
                assert ledger.counts()[ItemState.DONE] == 30  # white space, or a digit in capitals
        except PolicyError as error:
            assert error.exit_code == 5
