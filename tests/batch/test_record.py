"""What a run writes down about its lists."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from verify.batch import Commission, read_manifest
from verify.batch.lists import ReferenceList
from verify.batch.record import run_record
from verify.batch.screen import Screening
from verify.face import Description
from verify.model.gallery import Entry, EntryKind, Name, Provenance
from verify.settings import Settings


def test_entries_that_no_name_search_can_reach_are_counted(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("schema_version,item_id,role,path,inspection_date\n1,A,capture,a.jpg,2026-06-15\n")
    day = dt.date(2030, 1, 1)
    origin = Provenance("Office", "1", "Office", "Act 12", "search", dt.date(2026, 1, 1), day, day)
    entries = tuple(
        Entry(number, EntryKind.NOMINAL, origin, (name,)) for number, name in (("1", Name("DOE")), ("2", Name("ދިވެހި")))
    )
    one = ReferenceList("list", "watchlist", "ab" * 32, entries, quarantined=((4, "no owner"),))
    screening = Screening(Settings(), Description("engine", "0" * 64, "dlib-resnet-v1"), (one,))
    record = run_record(
        Commission(read_manifest(tmp_path / "m.csv"), tmp_path / "job", bytes(32), "o", "p"),
        Settings(),
        screening,
        job_id="1",
        started=dt.datetime.now(dt.UTC),
        retention_until=day,
        engines={"mrz": "reader", "face": "engine", "face_sha256": "0" * 64},
        layers=(),
    )
    (use,) = record.galleries
    assert (use.size, use.quarantined, use.unsearchable) == (2, 1, 1)
