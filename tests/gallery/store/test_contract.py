"""The contract of stores: files, and a PostgreSQL server that is started for it where there is one."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner

from verify.cli.gallery import command
from verify.errors import DamagedStoreError, LockedError, UsageError, VerifyError
from verify.gallery import Gallery, damage, share_gallery
from verify.gallery.store.postgres import PostgresStore, Server
from verify.gallery.store.upkeep import rotate
from verify.vault.keys import create_key_file, read_wrapped, unwrap

from ...contracts.gallery_store import KEK, MARIA, MARKS, GalleryStoreContract, create, fill

PROGRAMS = [shutil.which("pg_ctl"), *map(str, Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))]
PG_CTL = next((Path(one) for one in PROGRAMS if one), None)
DRIVER = find_spec("psycopg") and find_spec("sqlalchemy")
AS_ROOT = {"user": "postgres", "group": "postgres"} if os.getuid() == 0 else {}  # the server refuses to run as root


def call(*words: object) -> None:
    subprocess.run([str(word) for word in words], check=True, capture_output=True, timeout=120, cwd="/", **AS_ROOT)  # type: ignore[call-overload]


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, Path]]:
    """Address and data folder of a server on a socket of its own; nothing listens on a network."""
    if PG_CTL is None or not DRIVER:
        pytest.skip("no PostgreSQL server here, or the extra [postgres] is not installed")
    folder = Path(tempfile.mkdtemp(prefix="verify-postgres-"))
    data = folder / "data"
    try:
        if AS_ROOT:
            shutil.chown(folder, "postgres")
        call(PG_CTL.with_name("initdb"), "-D", data, "-U", "verify", "--auth=trust", "--no-sync", "-E", "UTF8")
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        call(PG_CTL, "-D", data, "-o", options, "-l", folder / "log", "-w", "start")
        yield f"postgresql://verify@/postgres?host={folder}", data
    finally:
        if (data / "postmaster.pid").exists():
            call(PG_CTL, "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


class TestFiles(GalleryStoreContract):
    @pytest.fixture
    def directory(self, tmp_path: Path) -> Path:
        create(tmp_path / "gallery")
        return tmp_path / "gallery"


class TestPostgres(GalleryStoreContract):
    @pytest.fixture
    def directory(self, tmp_path: Path, server: tuple[str, Path]) -> Path:
        create(tmp_path / "gallery")
        share_gallery(tmp_path / "gallery", KEK, server[0], "ann")
        return tmp_path / "gallery"

    def test_nothing_readable_reaches_the_server(self, directory: Path, server: tuple[str, Path]) -> None:
        """Tables, write-ahead log and all."""
        with Gallery.open(directory, KEK, write=True, operator="operator 7") as gallery:
            fill(gallery)
            gallery.freeze()
            gallery.withdraw(MARIA.reference_id, MARIA.provenance.collected, "PLANTED reason")
        checkpoint(server[0])
        found = {mark: [path for path in files(server[1]) if mark in path.read_bytes()] for mark in MARKS}
        assert not any(found.values()), found
        assert sorted(path.name for path in directory.iterdir()) == ["frozen", "key.json", "lock", "server.json"]
        with connect(server[0], directory) as store:  # or the scan would see nothing
            (wrapped,) = (row[0] for row in raw(store, "SELECT wrapped FROM entry LIMIT 1"))
        assert [path for path in files(server[1]) if wrapped in path.read_bytes()]

    def test_forgotten_is_gone_from_the_tables(self, directory: Path, server: tuple[str, Path]) -> None:
        with Gallery.open(directory, KEK, write=True) as gallery:
            fill(gallery)
        with connect(server[0], directory) as store:
            before = raw(store, "SELECT wrapped FROM entry")
        with Gallery.open(directory, KEK, write=True) as gallery:
            gallery.forget([MARIA.reference_id], "request")
        with connect(server[0], directory) as store:
            (gone,) = set(before) - set(raw(store, "SELECT wrapped FROM entry"))
        checkpoint(server[0])
        holding = [path.relative_to(server[1]).parts[0] for path in files(server[1]) if gone[0] in path.read_bytes()]
        assert set(holding) <= {"pg_wal"}, "the server's log has it until it is recycled: docs/gallery.md"

    def test_a_reader_of_an_older_state_is_told_of(
        self, directory: Path, server: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("verify.gallery.store.postgres._PATIENCE", 0.2)
        with Gallery.open(directory, KEK, write=True) as gallery:
            fill(gallery)
            with connect(server[0], directory, write=False) as reader, reader.transaction():
                raw(reader, "SELECT wrapped FROM entry")
                with pytest.raises(LockedError, match="another session"):
                    gallery.forget([MARIA.reference_id], "request")
            assert gallery.forget([MARIA.reference_id], "request") == 0, "it is done, and now the tables are clean"

    def test_a_rotation_ends_what_the_log_of_the_server_holds(self, directory: Path, server: tuple[str, Path]) -> None:
        with Gallery.open(directory, KEK, write=True) as gallery:
            fill(gallery)
        with connect(server[0], directory) as store:
            sealed = raw(store, "SELECT wrapped FROM entry")
        rotate(directory, KEK, bytes(32))
        with connect(server[0], directory, bytes(32)) as store:
            assert not set(sealed) & set(raw(store, "SELECT wrapped FROM entry"))
            assert len(raw(store, "SELECT nspname FROM pg_namespace WHERE nspname LIKE :p", p=like(directory))) == 1
            with pytest.raises(DamagedStoreError):
                store._open(sealed[0][0])

    def test_a_colleague_has_the_folder_and_the_key(self, directory: Path, tmp_path: Path) -> None:
        shutil.copytree(directory, tmp_path / "colleague", ignore=shutil.ignore_patterns("frozen"))
        with Gallery.open(directory, KEK, write=True) as mine:
            fill(mine)
            mine.freeze()
            with Gallery.open(tmp_path / "colleague", KEK) as theirs:
                assert theirs.version == mine.version
                assert theirs.references().ids == mine.references().ids
        with Gallery.open(tmp_path / "colleague", KEK, write=True) as theirs:
            theirs.forget([MARIA.reference_id], "request")
        with Gallery.open(directory, KEK) as mine:
            assert len(mine.references()) == 0, "my frozen blocks have no key any more"

    @pytest.mark.parametrize("column", ["record", "digest", "salt", "reference_id", "wrapped"])
    def test_an_altered_value_is_found(self, directory: Path, server: tuple[str, Path], column: str) -> None:
        with Gallery.open(directory, KEK, write=True) as gallery:
            fill(gallery)
        with connect(server[0], directory) as store:
            raw(store, f"UPDATE entry SET {column} = set_byte({column}, 20, get_byte({column}, 20) # 1) WHERE ctid IN "
                "(SELECT ctid FROM entry WHERE picture IS NULL LIMIT 1)")  # fmt: skip
        with Gallery.open(directory, KEK) as gallery:
            assert any("altered" in fault for fault in damage(gallery))

    def test_shared_once(self, directory: Path, server: tuple[str, Path]) -> None:
        with pytest.raises(UsageError, match="on a server already"):
            share_gallery(directory, KEK, server[0])

    def test_a_sharing_that_was_cut_short_leaves_the_files(
        self, tmp_path: Path, server: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        create(tmp_path / "cut")
        with Gallery.open(tmp_path / "cut", KEK, write=True) as gallery:
            fill(gallery)
            version = gallery.version
        with monkeypatch.context() as patch:
            patch.setattr("verify.gallery.store.contents.write_wrapped", _stop)
            with pytest.raises(KeyboardInterrupt):
                share_gallery(tmp_path / "cut", KEK, server[0])
        with Gallery.open(tmp_path / "cut", KEK, write=True) as gallery:
            assert (gallery.version, gallery.shared) == (version, False)
        share_gallery(tmp_path / "cut", KEK, server[0])
        with Gallery.open(tmp_path / "cut", KEK) as gallery:
            assert (gallery.version, gallery.shared) == (version, True)

    def test_by_the_commands(self, tmp_path: Path, server: tuple[str, Path]) -> None:
        create(tmp_path / "g")
        create_key_file(tmp_path / "key", key=KEK)
        told = ["--gallery", str(tmp_path / "g"), "--key-file", str(tmp_path / "key")]
        for words, said in (
            (["share", server[0]], "0 entries on the server"),
            (["verify"], "0 faults"),
            (["list"], "0 in force"),
            (["rotate"], "0 entries under new keys"),
            (["backup", str(tmp_path / "copy")], "read in full"),
        ):
            done = CliRunner().invoke(command, [*words, *told], catch_exceptions=False)
            assert said in done.output, done.output

    def test_a_server_that_is_not_there(self, directory: Path) -> None:
        text = (directory / "server.json").read_text()
        (directory / "server.json").write_text(text.replace("host=/tmp", "host=/nowhere"))
        with pytest.raises(VerifyError, match="the server says"):
            Gallery.open(directory, KEK)


@pytest.mark.skipif(not DRIVER, reason="the extra [postgres] is not installed")
@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("sqlite:///x", "begin with postgresql"),
        ("postgresql://ann:secret@localhost/x", "no password"),
        ("postgresql://ann@localhost/x?password=secret", "no password"),
        ("postgresql:///x", "name the host"),
        ("postgresql://localhost/x?hostaddr=192.0.2.1", "name the host"),
        ("postgresql://localhost/x?service=far", "name the host"),
        ("postgresql://ann@db.example/x", "verify-full"),
        ("postgresql://ann@/x?host=localhost&host=db.example", "verify-full"),
        ("postgresql://ann@db.example/x?sslmode=require", "verify-full"),
    ],
)
def test_addresses_that_are_refused(url: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        Server(url, "a" * 32)


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def connect(url: str, directory: Path, kek: bytes = KEK, write: bool = True) -> PostgresStore:
    wrapped = read_wrapped(directory / "key.json")
    return PostgresStore(Server(url, wrapped.context.partition(":")[2]), unwrap(kek, wrapped), write=write)


def raw(store: PostgresStore, statement: str, **values: object) -> list[tuple[bytes, ...]]:
    """Rows as the server has them."""
    return store._plain(statement, values)


def like(directory: Path) -> str:
    return f"verify_{read_wrapped(directory / 'key.json').context.partition(':')[2][:16]}%"


def checkpoint(url: str) -> None:
    """Everything to the files, as a superuser may ask for."""
    import sqlalchemy

    engine = sqlalchemy.create_engine(
        sqlalchemy.make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(sqlalchemy.text("CHECKPOINT"))
    engine.dispose()


def files(data: Path) -> list[Path]:
    return [path for path in data.rglob("*") if path.is_file()]
