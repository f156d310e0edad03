from __future__ import annotations

import os
import random
import select
import signal
import time
from pathlib import Path

from verify.audit import verify_chain, verify_results
from verify.errors import LockedError
from verify.ledger import Ledger

KILLS = 20


def child(work) -> tuple[int, int]:
    """Forks; the child does `work(write end of a pipe)` and ends. Returns its pid and the read end."""
    read, write = os.pipe()
    pid = os.fork()
    if pid:
        os.close(write)
        return pid, read
    code = 1
    try:
        os.close(read)
        work(write)
        code = 0
    finally:
        os._exit(code)


def lines(descriptor: int) -> list[str]:
    with os.fdopen(descriptor, encoding="ascii") as pipe:
        return pipe.read().split()


def test_kill_at_any_moment_loses_nothing(tmp_path: Path, kek, header, event, make_record) -> None:
    path, chance = tmp_path / "job", random.Random(9)
    Ledger.create(path, kek, header).close()
    reported: list[str] = []

    def work(tell: int) -> None:
        with Ledger.open(path, kek) as ledger:
            start = sum(ledger.counts().values())
            for number in range(start, start + 100_000):
                ledger.record_item(make_record(number), {"page": os.urandom(20_000)}, event)
                os.write(tell, f"item-{number}\n".encode())

    for _ in range(KILLS):
        pid, told = child(work)
        select.select([told], [], [], 10)  # the first item of this child is recorded
        time.sleep(chance.uniform(0, 0.1))
        os.kill(pid, signal.SIGKILL)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
        new = lines(told)
        assert new
        reported += new

    with Ledger.open(path, kek) as ledger:
        stored = [record.item_id for record in ledger.items()]
        events = sum(1 for _ in ledger.events())
        assert len(set(reported)) == len(reported)
        assert set(reported) <= set(stored)
        assert len(stored) - len(reported) <= KILLS  # recorded, but killed before it could say so
        assert len(set(stored)) == len(stored) == events
        assert verify_chain(ledger).valid
        assert verify_results(ledger) == ()
        assert ledger.blob(stored[-1], "page") is not None


def test_of_many_writers_one_gets_the_job(tmp_path: Path, kek, header) -> None:
    path = tmp_path / "job"
    go, start = os.pipe()

    def work(tell: int) -> None:
        os.close(start)
        os.read(go, 1)  # all begin when the parent closes its end
        try:
            with Ledger.open_or_create(path, kek, header):
                os.write(tell, b"held\n")
                time.sleep(0.5)
        except LockedError as error:
            os.write(tell, f"{int(error.exit_code)}\n".encode())

    children = [child(work) for _ in range(8)]
    os.close(start)
    results = [(os.waitpid(pid, 0)[1], lines(told)) for pid, told in children]
    os.close(go)
    assert sorted(results) == sorted([(0, ["held"])] + [(0, ["75"])] * 7)
