from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from verify.errors import PolicyError
from verify.gallery import Gallery, Reconciliation, reconcile
from verify.model.face import FaceTemplate
from verify.model.gallery import Entry, EntryKind, ListedDocument, Name, PartialDate

from .builders import ENGINE, KEK, MODEL, entry, template, threshold

DAY = dt.date(2026, 11, 22)
Enrolled = Sequence[tuple[Entry, Sequence[FaceTemplate]]]


@contextmanager
def gallery(directory: Path, kind: EntryKind, people: Enrolled) -> Iterator[Gallery]:
    with Gallery.create(directory, KEK, name=kind.value, kind=kind, engine=ENGINE, model_sha256=MODEL) as made:
        for person, faces in people:
            made.enrol(person, faces)
        yield made


def missing(name: str, *names: Name, **told: object) -> Entry:
    return entry(name, *names, kind=EntryKind.MISSING_PERSON, **told)  # type: ignore[arg-type]


def found(name: str, *names: Name, **told: object) -> Entry:
    return entry(name, *names, kind=EntryKind.UNIDENTIFIED_PERSON, **told)  # type: ignore[arg-type]


def both(first: Gallery, second: Gallery, limit: int = 10) -> Reconciliation:
    return reconcile(first, second, on=DAY, threshold_for=lambda size, probes: threshold(0.8), limit=limit)


def test_pairs_are_found_by_face_and_by_other_data(tmp_path: Path) -> None:
    passport = ListedDocument("AB-123", "P", "UTO")
    am: Enrolled = [
        (missing("M1", Name("SOUK")), [template([1.0, 0.1, 0.0])]),
        (missing("M2", Name("BERGER", "ANNA"), birth_date=PartialDate(1990, 2, 3)), []),  # without a face
        (missing("M3", Name("OTHER"), documents=[passport]), [template([0.0, 0.0, 1.0])]),
        (missing("M4", expires=dt.date(2026, 11, 21)), [template([1.0, 0.0, 0.0])]),
    ]
    pm: Enrolled = [
        (found("P1"), [template([1.0, 0.0, 0.0]), template([1.0, 0.2, 0.0])]),
        (found("P2", Name("BERGER", "ANNA"), birth_date=PartialDate(1990, 2, 3)), [template([0.0, 1.0, 0.0])]),
        (found("P3", documents=[ListedDocument("AB<123", "P", "UTO")]), []),
    ]
    with (
        gallery(tmp_path / "am", EntryKind.MISSING_PERSON, am) as first,
        gallery(tmp_path / "pm", EntryKind.UNIDENTIFIED_PERSON, pm) as second,
    ):
        result = both(first, second)
        assert [(pair.first, pair.second) for pair in result.pairs] == [("M1", "P1"), ("M2", "P2"), ("M3", "P3")]
        by_face, by_name, by_document = result.pairs
        assert by_face.face is not None and 0.99 < by_face.face <= 1 and by_face.biographic is None
        assert by_name.face is None and by_name.biographic is not None
        assert by_document.document_number and by_document.face is None
        assert (result.compared, result.faceless, result.suppressed) == ((3, 3), (1, 1), (1, 0))
        turned = both(second, first)
        assert [(pair.second, pair.first, pair.face) for pair in turned.pairs] == [
            (pair.first, pair.second, pair.face) for pair in result.pairs
        ]


def test_a_pair_beyond_the_end_of_one_list_is_found_from_the_other_side(tmp_path: Path) -> None:
    am: Enrolled = [(missing(f"M{number}"), [template([1.0, 0.01 * number])]) for number in range(4)]
    with (
        gallery(tmp_path / "am", EntryKind.MISSING_PERSON, am) as first,
        gallery(tmp_path / "pm", EntryKind.UNIDENTIFIED_PERSON, [(found("P"), [template([1.0, 0.0])])]) as second,
    ):
        result = both(first, second, limit=1)  # P's own list ends after M0
        assert [(pair.first, pair.second) for pair in result.pairs] == [(f"M{number}", "P") for number in range(4)]


def test_wanted_people_are_not_reconciled(tmp_path: Path) -> None:
    with (
        gallery(tmp_path / "am", EntryKind.MISSING_PERSON, []) as first,
        gallery(tmp_path / "wanted", EntryKind.NOMINAL, []) as second,
    ):
        assert both(first, first).pairs == ()
        with pytest.raises(PolicyError, match="AM and PM"):
            both(first, second)
