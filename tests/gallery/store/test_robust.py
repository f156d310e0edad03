"""Killed at any moment, with any bit flipped: nothing reported is lost or half there, nothing wrong is returned."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from verify.errors import PolicyError
from verify.gallery import Gallery, damage, rotate
from verify.model.gallery import EntryKind, Name

from ..builders import ENGINE, KEK, MODEL, entry, template

KILLS = int(os.environ.get("GALLERY_KILLS", "25"))
FLIPS = int(os.environ.get("GALLERY_FLIPS", "120"))
FACES = np.random.default_rng(11).normal(size=(200, 128)).astype(np.float32)


def person(number: int) -> tuple[object, ...]:
    return entry(f"R{number:03}", Name(f"PLANTED{number}")), [template(FACES[number])], f"PICTURE{number}".encode() * 80


def importing(directory: Path, report: int) -> None:
    """Enrols people; now and then one is forgotten, the gallery is frozen or gets new keys. Reports what is done."""

    def done(text: str) -> None:
        os.write(report, f"{text}\n".encode())

    if (directory / "key.json").exists():
        gallery = Gallery.open(directory, KEK, write=True)
    else:
        gallery = Gallery.create(
            directory, KEK, name="g", kind=EntryKind.MISSING_PERSON, engine=ENGINE, model_sha256=MODEL
        )
    begun = len(gallery.entries()) + len(gallery.tombstones())
    for number in range(begun, 200):
        gallery.enrol(*person(number))  # type: ignore[arg-type]
        done(f"in {number}")
        if number % 9 == 8:
            done(f"going {number - 3}")
            gallery.forget([f"R{number - 3:03}"], "test")
            done(f"out {number - 3}")
        if number % 13 == 12:
            gallery.freeze()
        if number % 31 == 30:
            gallery.close()
            rotate(directory, KEK, KEK)
            gallery = Gallery.open(directory, KEK, write=True)


def killed(directory: Path, chance: random.Random) -> list[str]:
    """What an import had reported when it was killed."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            importing(directory, write)
        finally:
            os._exit(0)
    os.close(write)
    wanted, told = chance.randrange(14), b""
    with os.fdopen(read, "rb", buffering=0) as reports:
        while told.count(b"\n") < wanted and (part := reports.read(64)):
            told += part
        time.sleep(chance.random() * 0.02)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        while part := reports.read(4096):
            told += part
    return told.decode().splitlines()


def test_killed_at_random_moments_of_an_import(tmp_path: Path) -> None:
    chance, directory = random.Random(2026), tmp_path / "0"
    entered: set[int] = set()
    going: set[int] = set()
    out: set[int] = set()
    for kill in range(KILLS):
        for action, number in (line.split() for line in killed(directory, chance)):
            {"in": entered, "going": going, "out": out}[action].add(int(number))
        if not (directory / "key.json").exists():
            assert not entered
            continue
        with Gallery.open(directory, KEK, write=chance.random() < 0.5) as gallery:
            held = {int(one.reference_id[1:]) for one in gallery.entries()}
            assert entered - going <= held, "reported as imported, and lost"
            assert not out & held, "reported as forgotten, and there"
            for number in held:
                _, faces, picture = person(number)
                assert gallery.templates(f"R{number:03}") == tuple(faces)  # type: ignore[arg-type]
                assert gallery.picture(f"R{number:03}") == picture
            assert damage(gallery) == ()
            assert set(gallery.references().ids) == {f"R{number:03}" for number in held}
        if len(entered) > 150:
            directory = tmp_path / str(kill + 1)
            entered, going, out = set(), set(), set()


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A frozen gallery as a kill leaves it, with a log."""
    directory = tmp_path_factory.mktemp("sound") / "gallery"
    with Gallery.create(
        directory, KEK, name="g", kind=EntryKind.MISSING_PERSON, engine=ENGINE, model_sha256=MODEL
    ) as gallery:
        for number in range(60):
            gallery.enrol(*person(number))  # type: ignore[arg-type]
        gallery.freeze()
        shutil.copytree(directory, directory.with_name("copy"))
    return directory.with_name("copy")


def returned(directory: Path) -> list[object]:
    with Gallery.open(directory, KEK) as gallery:
        ids = [one.reference_id for one in gallery.entries()]
        references = gallery.references()
        return [
            gallery.entries(),
            [gallery.templates(one) for one in ids],
            [gallery.picture(one) for one in ids],
            references.ids,
            references.matrix.tolist(),
            gallery.version,
            [event.body for event in gallery.events()],
        ]


def test_a_flipped_bit_changes_no_value(sound: Path, tmp_path: Path) -> None:
    expected, chance, seen = returned(sound), random.Random("flips"), Counter[str]()
    files = sorted(path.relative_to(sound) for path in sound.rglob("*") if path.is_file() and path.stat().st_size)
    names = {str(path) for path in files}
    assert {"gallery.db", "key.json"} <= names and any("block" in name for name in names)
    for flip in range(FLIPS):
        copy = tmp_path / "copy"
        shutil.copytree(sound, copy)
        path = copy / files[flip % len(files)]
        content = bytearray(path.read_bytes())
        bit = chance.randrange(len(content) * 8)
        content[bit // 8] ^= 1 << bit % 8
        path.write_bytes(content)
        try:
            seen["same" if returned(copy) == expected else "DIFFERENT"] += 1
        except PolicyError:  # DamagedStoreError, or a key that became another one
            seen["refused"] += 1
        shutil.rmtree(copy)
    assert seen["DIFFERENT"] == 0, seen
    assert seen["refused"] > FLIPS // 3, seen


def test_a_flipped_bit_in_the_log_of_a_killed_import_gives_an_earlier_state_or_none(
    sound: Path, tmp_path: Path
) -> None:
    """The known limit of a write-ahead log: it may end early. What is returned then is what once was, and whole."""
    directory, chance, seen = tmp_path / "killed", random.Random("log"), Counter[str]()
    shutil.copytree(sound, directory)
    with Gallery.open(directory, KEK, write=True) as gallery:
        for number in range(60, 70):
            gallery.enrol(*person(number))  # type: ignore[arg-type]
        shutil.copytree(directory, tmp_path / "whole")
    for _ in range(FLIPS // 4):
        copy = tmp_path / "copy"
        shutil.copytree(tmp_path / "whole", copy)
        path = copy / "gallery.db-wal"
        content = bytearray(path.read_bytes())
        bit = chance.randrange(len(content) * 8)
        content[bit // 8] ^= 1 << bit % 8
        path.write_bytes(content)
        try:
            with Gallery.open(copy, KEK) as gallery:
                held = [one.reference_id for one in gallery.entries()]
                assert held == [f"R{number:03}" for number in range(len(held))] and len(held) >= 60
                assert damage(gallery) == ()
                seen["whole" if len(held) == 70 else "earlier"] += 1
        except PolicyError:
            seen["refused"] += 1
        shutil.rmtree(copy)
    assert seen.total() == FLIPS // 4


def test_nothing_readable_lies_in_any_file(sound: Path) -> None:
    marks = [f"PLANTED{number}".encode() for number in range(60)] + [b"PICTURE", b"missing persons", b"Border Police"]
    marks += [face.astype("<f4").tobytes()[:16] for face in FACES[:60]]
    marks += [(face / np.linalg.norm(face)).astype("<f4").tobytes()[:16] for face in FACES[:60]]
    for path in sound.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not [mark for mark in marks if mark in content], path.name
