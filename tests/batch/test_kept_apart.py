from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from verify.batch.lists import open_lists
from verify.errors import PolicyError
from verify.gallery import Gallery
from verify.model.gallery import Entry, EntryKind, Name, Provenance

KEK = bytes(range(32))


def gallery(directory: Path, kind: EntryKind, provenance: Provenance) -> Path:
    with Gallery.create(directory, KEK, name=directory.name, kind=kind, engine="e", model_sha256="a" * 64) as made:
        made.enrol(Entry("R1", kind, provenance, (Name("SOMEBODY"),)))
    return directory


@pytest.mark.parametrize("kind", [EntryKind.MISSING_PERSON, EntryKind.UNIDENTIFIED_PERSON, EntryKind.VICTIM])
def test_victims_and_the_missing_are_searched_with_the_wanted_only_by_decision(
    tmp_path: Path, kind: EntryKind, provenance: Provenance
) -> None:
    protected = gallery(tmp_path / "protected", kind, provenance)
    wanted = gallery(tmp_path / "wanted", EntryKind.NOMINAL, provenance)
    assert len(open_lists([], [protected], KEK)) == 1
    with pytest.raises(PolicyError, match="two jobs"):
        open_lists([], [wanted, protected], KEK)
    with Gallery.open(protected, KEK, write=True, operator="judge") as opened:
        opened.allow_together([EntryKind.NOMINAL], "order 7")
    assert len(open_lists([], [wanted, protected], KEK)) == 2


@pytest.fixture
def provenance() -> Provenance:
    day = dt.date(2026, 1, 1)
    return Provenance("Office", "R-1", "Border Police", "Act 12", "search", day, day, dt.date(2030, 1, 1))
