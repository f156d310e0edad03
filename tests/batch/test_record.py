"""What a search leaves in the log: a keyed digest of its probe, never one that files could be tried against."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import hmac
from pathlib import Path

from verify.batch import Commission, Manifest
from verify.batch.record import searches
from verify.model.candidate import CandidateList
from verify.model.face import Box, FaceQuality, FaceRole, FaceTemplate
from verify.model.item import Item, ItemFile, Role
from verify.model.outcome import FileOutcome, Outcome
from verify.model.result import FileReading, ItemResult
from verify.model.score import Threshold

SHA = "5e" * 32


def test_a_probe_stands_in_the_log_by_a_keyed_digest() -> None:
    threshold = Threshold(0.9, "faces 1", "ab" * 32, "FPIR 0.01 at 3 references", "a data set", "2026-06-01")
    face = FaceTemplate((1.0,), "faces 1", "ab" * 32, FaceRole.LIVE, Box(0, 0, 9, 9), FaceQuality(60.0, 90.0, 120.0))
    reading = FileReading(FileOutcome("capture", "a.jpg", Outcome.OK, sha256=SHA), faces=(face,))
    item = Item("A", dt.date(2026, 6, 15), (ItemFile(Role.CAPTURE, "a.jpg"),))
    found = CandidateList("g", "cd" * 32, "live capture", 3, 0, threshold=threshold)
    commission = Commission(Manifest(Path("m"), "00" * 32, (item,), Path()), Path("j"), bytes(32), "o", "p")
    result = ItemResult(item, (reading,), (found, dataclasses.replace(found, threshold=None)))
    one, other = (list(searches(commission, result, key)) for key in (b"1" * 32, b"2" * 32))
    assert len(one) == len(other) == 1
    told = one[0].detail["probe_commitment"]
    assert told == hmac.new(b"1" * 32, bytes.fromhex(SHA), hashlib.sha256).hexdigest()
    assert told != other[0].detail["probe_commitment"]
    assert SHA not in str(one[0].detail)
