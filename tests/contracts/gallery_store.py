"""What every store of a gallery has to keep. Its test is a subclass that gives `directory`, with an empty gallery."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from verify.errors import DamagedStoreError, LockedError, PolicyError, UsageError
from verify.gallery import Gallery, copy_gallery, damage, rotate
from verify.ledger import chain_digest
from verify.model.face import Box, FaceQuality, FaceRole, FaceTemplate
from verify.model.gallery import Entry, EntryKind, ListedDocument, Name, PartialDate, Provenance

__all__ = ["KEK", "MARIA", "MARKS", "GalleryStoreContract", "create", "fill"]

KEK = bytes(range(32))
ENGINE, MODEL = "engine 1", "a" * 64
DAY = dt.date(2027, 1, 1)
PICTURE = b"\xff\xd8PLANTED-PICTURE" * 400
FACE = np.random.default_rng(3).normal(size=128).astype(np.float32)
MARKS = (b"PLANTED", "Plantedsecondäry".encode(), b"operator 7", FACE.tobytes()[:32])
"""What no file of a store may hold in the clear once `fill` was called."""


def create(directory: Path) -> None:
    """An empty gallery in files."""
    Gallery.create(
        directory,
        KEK,
        name="PLANTED-GALLERY",
        kind=EntryKind.MISSING_PERSON,
        engine=ENGINE,
        model_sha256=MODEL,
        operator="operator 7",
    ).close()


def _entry(reference_id: str, *names: Name) -> Entry:
    origin = Provenance("Office", "R-1", "Police", "Act 12", "search", DAY, DAY, dt.date(2030, 1, 1))
    documents = (ListedDocument("PLANTED77", "P", "UTO"),)
    return Entry(reference_id, EntryKind.MISSING_PERSON, origin, names, PartialDate(1984, 5), documents=documents)


def _face(*values: float) -> FaceTemplate:
    vector = tuple(np.asarray(values or FACE, dtype=np.float32).tolist())
    return FaceTemplate(vector, ENGINE, MODEL, FaceRole.PORTRAIT, Box(1, 2, 3, 4), FaceQuality(60.0, 1.0, 1.0, ()), "d")


MARIA = _entry("PLANTED-REFERENCE", Name("PLANTEDPRIMARY", "Plantedsecondäry"))
OTHERS = tuple(_entry(f"é {number}", Name("OTHER")) for number in (10, 9, 2))


def fill(gallery: Gallery) -> None:
    """Enrols an entry with everything, and three with less."""
    gallery.enrol(MARIA, [_face(), _face(*FACE[::-1])], PICTURE)
    for one in OTHERS:
        gallery.enrol(one)


class GalleryStoreContract:
    """Subclasses give `directory`: the folder of an empty gallery made by `create`, in the store under test."""

    @pytest.fixture
    def directory(self, tmp_path: Path) -> Path:
        raise NotImplementedError

    @pytest.fixture
    def gallery(self, directory: Path) -> Iterator[Gallery]:
        with Gallery.open(directory, KEK, write=True, operator="operator 7") as found:
            yield found

    def test_what_is_enrolled_comes_back_in_order(self, directory: Path, gallery: Gallery) -> None:
        fill(gallery)
        for one in (gallery, Gallery.open(directory, KEK)):
            assert (one.name, one.kind, one.engine) == ("PLANTED-GALLERY", EntryKind.MISSING_PERSON, ENGINE)
            assert [entry.reference_id for entry in one.entries()] == ["PLANTED-REFERENCE", "é 10", "é 2", "é 9"]
            assert one.entries()[0] == MARIA
            assert one.templates(MARIA.reference_id) == (_face(), _face(*FACE[::-1]))
            assert (one.picture(MARIA.reference_id), one.picture("é 2"), one.picture("no")) == (PICTURE, None, None)
            references = one.references()
            assert references.ids == (MARIA.reference_id,)
            np.testing.assert_allclose(references.matrix[0], FACE / np.linalg.norm(FACE), rtol=1e-5)
            assert damage(one) == ()
        one.close()

    def test_the_version_is_that_of_any_store_with_the_same_contents(self, gallery: Gallery, tmp_path: Path) -> None:
        create(tmp_path / "files")
        with Gallery.open(tmp_path / "files", KEK, write=True) as files:
            assert gallery.version == files.version
            fill(gallery)
            for one in reversed(OTHERS):
                files.enrol(one)
            files.enrol(MARIA, [_face(), _face(*FACE[::-1])], PICTURE)
            assert gallery.version == files.version
            gallery.withdraw("é 2", DAY, "order 5")
            assert gallery.version != files.version
            files.withdraw("é 2", DAY, "another order")
            assert gallery.version == files.version

    def test_enrolling_again_replaces(self, gallery: Gallery) -> None:
        fill(gallery)
        gallery.enrol(replace(MARIA, sex="F"), [_face()])
        assert gallery.entries()[0].sex == "F"
        assert len(gallery.references().matrix) == 1
        assert gallery.picture(MARIA.reference_id) is None

    def test_forgotten_and_withdrawn(self, gallery: Gallery) -> None:
        fill(gallery)
        gallery.freeze()
        assert gallery.withdraw("é 2", DAY, "order 5") is True
        assert gallery.withdraw("absent", DAY, "order 5") is False
        assert gallery.forget([MARIA.reference_id, "absent"], "request") == 1
        assert gallery.withdrawn() == {"é 2": DAY}
        assert [entry.reference_id for entry in gallery.entries()] == ["é 10", "é 2", "é 9"]
        assert gallery.templates(MARIA.reference_id) == () and len(gallery.references()) == 0
        ((_, reason, commitment),) = gallery.tombstones()
        assert (reason, len(commitment)) == ("request", 32)
        assert gallery.forget(["é 9"], "expired") == 1
        assert [one[1] for one in gallery.tombstones()] == ["request", "expired"]

    def test_events_are_a_chain(self, gallery: Gallery) -> None:
        fill(gallery)
        gallery.allow_together([EntryKind.NOMINAL], "order 1")
        gallery.allow_together([EntryKind.NOMINAL, EntryKind.VICTIM], "order 2")
        assert gallery.together == {EntryKind.NOMINAL, EntryKind.VICTIM}
        digest, actions = gallery.genesis, []
        for one in gallery.events():
            digest = chain_digest(digest, one.body)
            assert digest == one.digest
            actions.append(one.fields()["action"])
        assert actions[-6:] == ["entry_enrolled"] * 4 + ["searched_together_allowed"] * 2

    def test_frozen_and_not_are_the_same(self, gallery: Gallery) -> None:
        fill(gallery)
        before = gallery.references()
        gallery.freeze()
        np.testing.assert_array_equal(gallery.references().matrix, before.matrix)
        assert gallery.references().ids == before.ids
        gallery.enrol(_entry("z"), [_face()])
        assert gallery.references().ids == (MARIA.reference_id, "z"), "an older version is not used"

    def test_all_or_nothing_of_a_change_of_model(self, gallery: Gallery) -> None:
        fill(gallery)
        version = gallery.version
        with pytest.raises(RuntimeError, match="no memory"):
            gallery.change_model("engine 2", MODEL, _fails)
        assert (gallery.version, gallery.engine, len(gallery.references().matrix)) == (version, ENGINE, 2)
        other = replace(_face(), engine="engine 2")
        assert gallery.change_model("engine 2", MODEL, lambda _id, _picture: [other])[MARIA.reference_id] == 1
        assert gallery.references().engine == "engine 2"

    def test_one_writer_and_many_readers(self, directory: Path, gallery: Gallery) -> None:
        gallery.enrol(MARIA)
        with pytest.raises(LockedError):
            Gallery.open(directory, KEK, write=True)
        with Gallery.open(directory, KEK) as reader:
            assert reader.entries() == (MARIA,)
            with pytest.raises(UsageError, match="for reading"):
                reader.enrol(MARIA)

    def test_another_key_opens_nothing(self, directory: Path) -> None:
        with pytest.raises(PolicyError, match="key file"):
            Gallery.open(directory, bytes(32))

    def test_new_keys_throughout(self, directory: Path) -> None:
        with Gallery.open(directory, KEK, write=True) as gallery:
            fill(gallery)
            gallery.forget(["é 9"], "request")
            version, events = gallery.version, len(list(gallery.events()))
        old = (directory / "key.json").read_bytes()
        assert rotate(directory, KEK, bytes(32), "ann") == 3
        with Gallery.open(directory, bytes(32)) as gallery:
            assert (gallery.version, len(list(gallery.events()))) == (version, events + 1)
            assert [one[1] for one in gallery.tombstones()] == ["request"]
            assert damage(gallery) == ()
        (directory / "key.json").write_bytes(old)
        with pytest.raises(DamagedStoreError):
            Gallery.open(directory, KEK)

    def test_a_copy_in_files_is_whole(self, directory: Path, tmp_path: Path) -> None:
        with Gallery.open(directory, KEK, write=True) as gallery:
            fill(gallery)
            version = gallery.version
        copy_gallery(directory, tmp_path / "copy", KEK)
        with Gallery.open(tmp_path / "copy", KEK) as copied:
            assert (copied.version, copied.shared) == (version, False)
            assert copied.picture(MARIA.reference_id) == PICTURE


def _fails(_reference_id: str, _picture: bytes) -> list[FaceTemplate]:
    raise RuntimeError("no memory")
