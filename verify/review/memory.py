"""What is remembered from one job to the next: pairs of traveller and list entry that people found to be two people.

A pair is kept as a keyed digest (HMAC-SHA256, RFC 2104) beside who judged it, when and in which job: the store names
no traveller and no list entry, and nobody without the key can try guesses on it. The same false candidate is then
shown, but not asked about again, until the retention of the job in which it was judged ends.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Iterable
from pathlib import Path

from verify.errors import LockedError, UsageError
from verify.report.earlier import Earlier
from verify.vault.files import private_directory
from verify.vault.keys import derive
from verify.vault.store import EncryptedStore, open_encrypted

__all__ = ["Memory"]

_VERSION = 1
_TABLE = """CREATE TABLE pair (
    pair BLOB NOT NULL,
    job_id TEXT NOT NULL,
    question BLOB NOT NULL,
    people TEXT NOT NULL,
    given TEXT NOT NULL,
    until TEXT NOT NULL,
    PRIMARY KEY (job_id, question)) STRICT"""
_INDEX = "CREATE INDEX by_pair ON pair (pair)"


class Memory:
    """The store, to be used by the thread that opened it; reviews of several jobs may have it open at once."""

    def __init__(self, store: EncryptedStore, key: bytes) -> None:
        """Use `open`."""
        self._store, self._key = store, key

    @classmethod
    def open(cls, path: Path, kek: bytes, today: dt.date) -> Memory:
        """Opens the store, makes it when there is none, and forgets what may not be kept any longer.

        Raises:
            UsageError: it cannot be made, or another version of this tool wrote it.
            DamagedStoreError: it does not open with this key, or is damaged.
        """
        private_directory(path.parent)
        key = derive(kek, "judged pairs database")
        fresh = not path.exists()
        store = open_encrypted(path, key, create=fresh)
        with store.transaction():
            if not store.schema_version:
                store.write(_TABLE)
                store.write(_INDEX)
                store.schema_version = _VERSION
            gone = store.write("DELETE FROM pair WHERE until < ?", (today.isoformat(),))
        if store.schema_version != _VERSION:
            store.close()
            raise UsageError(f"{path}: written by another version of this tool; use that one")
        memory = cls(store, derive(kek, "judged pairs"))
        if gone:
            memory._empty_log()
        return memory

    def close(self) -> None:
        """Closes the store."""
        self._store.close()

    def __enter__(self) -> Memory:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def pair(self, *parts: object) -> bytes:
        """The keyed digest of what makes a pair."""
        return self._digest([str(part) for part in parts])

    def find(self, pair: bytes, not_in: str) -> Earlier | None:
        """The latest judgement on a pair in another job than this; None when there is none."""
        sql = "SELECT job_id, people, given, until FROM pair WHERE pair = ? AND job_id <> ? ORDER BY given DESC LIMIT 1"
        row = self._store.row(sql, (pair, not_in))
        if row is None:
            return None
        people = tuple(str(row[1]).split())
        return Earlier(str(row[0]), people, dt.datetime.fromisoformat(row[2]), dt.date.fromisoformat(row[3]))

    def keep(self, pair: bytes, item_id: str, question: str, judged: Earlier) -> None:
        """Remembers how a question came out, in place of what was remembered of that question."""
        with self._store.transaction():
            self._write(pair, item_id, question, judged)

    def forget(self, job_id: str, item_id: str, question: str) -> None:
        """Forgets how a question came out: it is open again, or came out otherwise."""
        sql = "DELETE FROM pair WHERE job_id = ? AND question = ?"
        if self._store.write(sql, (job_id, self._digest([item_id, question]))):
            self._empty_log()

    def renew(self, job_id: str, found: Iterable[tuple[bytes, str, str, Earlier]]) -> None:
        """Remembers of a job exactly these: (pair, item id, question, judgement). A crash in between is mended so."""
        with self._store.transaction():
            self._store.write("DELETE FROM pair WHERE job_id = ?", (job_id,))
            for pair, item_id, question, judged in found:
                self._write(pair, item_id, question, judged)

    def _write(self, pair: bytes, item_id: str, question: str, judged: Earlier) -> None:
        row = (pair, judged.job_id, self._digest([item_id, question]), " ".join(judged.people))
        dates = (judged.given.isoformat(), judged.until.isoformat())
        self._store.write("INSERT OR REPLACE INTO pair VALUES (?, ?, ?, ?, ?, ?)", (*row, *dates))

    def _digest(self, parts: list[str]) -> bytes:
        return hmac.new(self._key, json.dumps(parts).encode(), hashlib.sha256).digest()

    def _empty_log(self) -> None:
        try:
            self._store.checkpoint_truncate()
        except LockedError:
            return  # another review reads; what was deleted leaves the log when that one closes
