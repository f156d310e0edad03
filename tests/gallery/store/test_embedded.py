from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from verify.errors import DamagedStoreError, LockedError, PolicyError, UsageError
from verify.gallery import Gallery
from verify.ledger import chain_digest
from verify.model.gallery import EntryKind, ListedDocument, Name, PartialDate

from ..builders import ENGINE, KEK, MODEL, entry, template

PICTURE = b"\xff\xd8PLANTED-PICTURE" * 400
MARIA = entry(
    "PLANTED-REFERENCE",
    Name("PLANTEDPRIMARY", "Plantedsecondäry"),
    birth_date=PartialDate(1984, 5),
    documents=[ListedDocument("PLANTED77", "P", "UTO")],
)


def create(directory: Path) -> Gallery:
    return Gallery.create(
        directory,
        KEK,
        name="PLANTED-GALLERY",
        kind=EntryKind.MISSING_PERSON,
        engine=ENGINE,
        model_sha256=MODEL,
        operator="operator 7",
    )


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "gallery"


def test_what_is_enrolled_comes_back(directory: Path) -> None:
    faces = [template([3.0, 4.0, 0.0]), template([0.0, 0.1, 0.2])]
    with create(directory) as gallery:
        gallery.enrol(MARIA, faces, PICTURE)
        gallery.enrol(entry("B"))
    with Gallery.open(directory, KEK) as gallery:
        assert (gallery.name, gallery.kind, gallery.engine, gallery.model_sha256) == (
            "PLANTED-GALLERY",
            EntryKind.MISSING_PERSON,
            ENGINE,
            MODEL,
        )
        assert gallery.entries() == (entry("B"), MARIA)
        assert gallery.templates(MARIA.reference_id) == tuple(faces)
        assert gallery.picture(MARIA.reference_id) == PICTURE
        assert gallery.picture("B") is None and gallery.picture("absent") is None
        references = gallery.references()
        assert references.ids == (MARIA.reference_id,)  # B takes part by its other data
        assert references.numbers.tolist() == [0, 0]
        np.testing.assert_allclose(references.matrix[0], [0.6, 0.8, 0.0], rtol=1e-6)
        assert references.matrix.dtype == np.float32


def test_nothing_readable_lies_on_the_disk(directory: Path) -> None:
    face = template(np.random.default_rng(3).normal(size=128))
    planted = [b"PLANTED", "Plantedsecondäry".encode(), b"Border Police", b"operator 7", ENGINE.encode()]
    planted.append(np.asarray(face.vector, dtype="<f4").tobytes()[:32])

    def scan() -> None:
        for file in directory.iterdir():
            content = file.read_bytes()
            assert file.stat().st_mode & 0o077 == 0, file
            assert not [mark for mark in planted if mark in content], file

    with create(directory) as gallery:
        gallery.enrol(MARIA, [face], PICTURE)
        scan()  # with its write-ahead log
        assert (directory / "gallery.db-wal").stat().st_size > 0
    scan()
    assert (directory / "gallery.db").stat().st_size > len(PICTURE)


def test_enrolling_again_replaces(directory: Path) -> None:
    with create(directory) as gallery:
        gallery.enrol(MARIA, [template([1.0, 0.0]), template([0.0, 1.0])], PICTURE)
        gallery.enrol(replace(MARIA, sex="F"), [template([1.0, 1.0])])
        assert [one.sex for one in gallery.entries()] == ["F"]
        assert len(gallery.references().matrix) == 1
        assert gallery.picture(MARIA.reference_id) is None


def test_remove(directory: Path) -> None:
    with create(directory) as gallery:
        gallery.enrol(MARIA, [template([1.0, 0.0])], PICTURE)
        assert gallery.remove(MARIA.reference_id) is True
        assert gallery.remove(MARIA.reference_id) is False
        assert gallery.entries() == () and len(gallery.references()) == 0
        assert (directory / "gallery.db-wal").stat().st_size == 0


def test_the_version_names_the_contents_and_nothing_else(directory: Path, tmp_path: Path) -> None:
    other = entry("B", Name("B"))
    with create(directory) as one, create(tmp_path / "second") as two:
        assert one.version == two.version
        one.enrol(MARIA, [template([1.0, 0.0])], PICTURE)
        one.enrol(other)
        two.enrol(other)
        assert one.version != two.version
        two.enrol(MARIA, [template([1.0, 0.0])], PICTURE)
        assert one.version == two.version  # the order of enrolment does not count
        seen = {one.version}
        for templates, picture, sex in (
            ([template([1.0, 0.5])], PICTURE, ""),
            ([template([1.0, 0.0])], PICTURE[:-1], ""),
            ([template([1.0, 0.0])], None, ""),
            ([template([1.0, 0.0])], PICTURE, "F"),
            ([], PICTURE, ""),
        ):
            one.enrol(replace(MARIA, sex=sex), templates, picture)
            seen.add(one.version)
        assert len(seen) == 6
        one.enrol(MARIA, [template([1.0, 0.0])], PICTURE)
        assert one.version == two.version


def test_a_gallery_is_pinned_to_its_kind_and_model(directory: Path) -> None:
    with create(directory) as gallery:
        with pytest.raises(PolicyError, match="of kind victim"):
            gallery.enrol(entry("V", kind=EntryKind.VICTIM))
        for other in (template([1.0], engine="engine 2"), template([1.0], model="b" * 64)):
            with pytest.raises(PolicyError, match="enrol it with that engine"):
                gallery.enrol(MARIA, [template([1.0]), other])
        for bad in ([0.0, 0.0], [float("nan"), 1.0]):
            with pytest.raises(UsageError, match="no direction"):
                gallery.enrol(MARIA, [template(bad)])
        assert gallery.entries() == ()
        gallery.enrol(MARIA, [template([1.0, 0.0])])
        with pytest.raises(UsageError, match="another length"):
            gallery.enrol(entry("B"), [template([1.0, 0.0, 0.0])])


def test_one_writer_and_many_readers(directory: Path) -> None:
    with create(directory) as gallery:
        gallery.enrol(MARIA)
        with pytest.raises(LockedError):
            Gallery.open(directory, KEK, write=True)
        with Gallery.open(directory, KEK) as reader:
            assert reader.entries() == (MARIA,)
            for write in (lambda: reader.enrol(MARIA), lambda: reader.remove("PLANTED-REFERENCE")):
                with pytest.raises(UsageError, match="for reading"):
                    write()
    Gallery.open(directory, KEK, write=True).close()


def test_not_another_key_and_not_twice(directory: Path) -> None:
    create(directory).close()
    with pytest.raises(PolicyError, match="key file"):
        Gallery.open(directory, bytes(32))
    with pytest.raises(UsageError, match="already"):
        create(directory)


def test_a_key_or_page_that_was_exchanged_is_found(directory: Path, tmp_path: Path) -> None:
    with create(directory) as gallery:
        gallery.enrol(MARIA, [], PICTURE)
    create(tmp_path / "second").close()
    database = directory / "gallery.db"
    content = bytearray(database.read_bytes())
    content[100] ^= 1
    database.write_bytes(content)
    with pytest.raises(DamagedStoreError):
        Gallery.open(directory, KEK)
    (directory / "key.json").write_bytes((tmp_path / "second" / "key.json").read_bytes())
    with pytest.raises(DamagedStoreError):
        Gallery.open(directory, KEK)


def test_every_change_is_an_event_of_a_chain_that_names_nobody(directory: Path) -> None:
    with create(directory) as gallery:
        gallery.enrol(MARIA, [template([1.0, 0.0])])
        gallery.enrol(MARIA, [template([1.0, 0.0])])
        gallery.remove(MARIA.reference_id)
        gallery.remove(MARIA.reference_id)
        events = list(gallery.events())
        assert [one.fields()["action"] for one in events] == ["entry_enrolled"] * 2 + ["entry_forgotten"]
        assert {one.fields()["actor"] for one in events} == {"operator 7"}
        assert not any(b"PLANTED" in one.body for one in events)
        commitments = [one.fields()["detail"] for one in events]
        assert commitments[0] != commitments[1] == commitments[2]  # a salt of its own each time
        digest = gallery.genesis
        for one in events:
            digest = chain_digest(digest, one.body)
            assert digest == one.digest
