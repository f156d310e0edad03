"""The tables of a gallery on a PostgreSQL server, for a team: every text and every value is sealed before it leaves.

The server sees how many rows there are, how long they are and which are equal; whole numbers are in the clear. Sealing
is deterministic, so that a row is found by its sealed id. Who administers the server can remove rows or put old ones
back; what was altered is found (`verify gallery verify`). See docs/gallery.md for write-ahead logs and backups.

Source: AES-SIV, RFC 5297.
"""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from verify.errors import DamagedStoreError, LockedError, MissingEngineError, UsageError, VerifyError
from verify.gallery.store.tables import TABLES
from verify.vault.keys import derive
from verify.vault.store import Row

__all__ = ["PostgresStore", "Server"]

_AT_ONCE = 1000  # rows of one statement
_PATIENCE = 10.0  # seconds to wait for readers
_LOCK_NOT_AVAILABLE = "55P03"  # PostgreSQL, appendix A: error codes
_LOCAL = ("localhost", "127.0.0.1", "::1")


def _sqlalchemy() -> Any:
    try:
        importlib.import_module("psycopg")
        return importlib.import_module("sqlalchemy")
    except ModuleNotFoundError:
        raise MissingEngineError("a shared gallery needs pip install 'verify-toolkit[postgres]'") from None


@dataclass(frozen=True, slots=True)
class Server:
    """A database on a server.

    Attributes:
        url: postgresql://USER@HOST:PORT/DATABASE?sslmode=verify-full; the password is libpq's business (PGPASSFILE).
        gallery_id: of the gallery kept there.
    """

    url: str
    gallery_id: str

    def __post_init__(self) -> None:
        """Refuses a password in the address, and a way to the server that others can listen to."""
        url = _sqlalchemy().make_url(self.url)
        if url.get_backend_name() != "postgresql":
            raise UsageError("the server's address has to begin with postgresql://")
        if url.password or "password" in url.query:
            raise UsageError("no password in the server's address: put it into a file that PGPASSFILE names")
        named = url.query.get("host", url.host or "")
        hosts = ",".join([named] if isinstance(named, str) else named).split(",")
        if not all(hosts) or {"hostaddr", "service"} & set(url.query):
            raise UsageError("the server's address has to name the host, or as ?host= the folder of its socket")
        elsewhere = [host for host in hosts if host not in _LOCAL and not host.startswith("/")]
        if elsewhere and url.query.get("sslmode") != "verify-full":
            raise UsageError("the way to the server has to be encrypted: add ?sslmode=verify-full to its address")

    @property
    def prefix(self) -> str:
        """Of the schemas of this gallery."""
        return f"verify_{self.gallery_id[:16]}_"

    def schema(self, data_key: bytes) -> str:
        """The schema that a data key opens: a rotation fills another one, and the key decides which is the gallery."""
        return self.prefix + hashlib.sha256(derive(data_key, "schema")).hexdigest()[:16]


class PostgresStore:
    """One connection to the schema of a gallery; what `verify.vault.store.EncryptedStore` is to a file.

    All methods raise VerifyError when the server cannot be reached or reports an error, and DamagedStoreError for a
    value that was altered.
    """

    def __init__(self, server: Server, data_key: bytes, *, write: bool = False, create: bool = False) -> None:
        """Connects. To create, the caller holds the writers' lock by another connection.

        Args:
            server: where the gallery is.
            data_key: of the gallery.
            write: nobody else may write until it is closed.
            create: make an empty schema with its tables.

        Raises:
            LockedError: somebody else writes.
            DamagedStoreError: there is no schema for this key.
        """
        sql = _sqlalchemy()
        self._text, self._errors = sql.text, importlib.import_module("sqlalchemy.exc")
        self._siv = AESSIV(derive(data_key, "rows") + derive(data_key, "rows, second half"))
        self._server, self._schema, self._inside = server, server.schema(data_key), False
        url = sql.make_url(server.url).set(drivername="postgresql+psycopg")
        engine = sql.create_engine(url, poolclass=sql.pool.NullPool, hide_parameters=True)
        with self._told():
            self._connection = engine.connect()
        try:
            if write and not self._plain(f"SELECT pg_try_advisory_lock({self._number})")[0][0]:
                raise LockedError(f"{self}: in use by another process; try again when it has ended")
            if create:
                self._create()
            elif not self._schemas(self._schema):
                raise DamagedStoreError(f"{self}: has no gallery that this key opens; was it moved or given new keys?")
            self._plain(f"SET search_path TO {self._schema}")
            if not (write or create):
                self._plain("SET default_transaction_read_only TO on")
        except BaseException:
            self.close()
            raise

    def __str__(self) -> str:
        """Server and schema, for messages."""
        return f"{self._server.url} ({self._schema})"

    # --- what EncryptedStore has ---

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> Iterator[Row]:
        """Runs a query now; its rows are opened one by one."""
        return (tuple(map(self._open, row)) for row in self._plain(*self._bound(sql, parameters)))

    def row(self, sql: str, parameters: Sequence[object] = ()) -> Row | None:
        """Runs a query and returns its first row, or None."""
        return next(self.rows(sql, parameters), None)

    def write(self, sql: str, parameters: Sequence[object] = ()) -> int:
        """Runs one statement and returns the number of rows it changed."""
        statement, bound = self._bound(sql, parameters)
        with self._told():
            changed: int = self._connection.execute(self._text(statement), bound).rowcount
            self._done()
        return changed

    def write_many(self, sql: str, parameters: Iterable[Sequence[object]]) -> None:
        """Runs one statement for each set of parameters."""
        bound: list[dict[str, object]] = []
        for one in parameters:
            statement, values = self._bound(sql, one)
            bound.append(values)
            if len(bound) == _AT_ONCE:
                self._many(statement, bound)
                bound = []
        if bound:
            self._many(statement, bound)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside is recorded together when the block ends, or nothing of it."""
        self._inside = True
        try:
            yield
            with self._told():
                self._connection.commit()
        finally:
            self._inside = False
            with self._told():
                self._connection.rollback()

    @property
    def schema_version(self) -> int:
        """Version of the tables."""
        return int(self._plain("SELECT version FROM layout")[0][0])

    @schema_version.setter
    def schema_version(self, version: int) -> None:
        self._plain("INSERT INTO layout VALUES (:version)", {"version": version})

    def checkpoint_truncate(self) -> None:
        """Writes the tables anew, so that no file of theirs holds a deleted row; the server's log may, for a while.

        Raises:
            LockedError: somebody reads for too long, e.g. a dump.
        """
        with self._told():
            apart = self._connection.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            with apart:
                apart.execute(self._text(f"SET lock_timeout TO '{_PATIENCE:g}s'"))
                for table in ("entry", "template", "frozen"):
                    apart.execute(self._text(f"VACUUM FULL {self._schema}.{table}"))

    def damaged_pages(self) -> tuple[str, ...]:
        """None: pages are the server's; each value is authenticated when it is read."""
        return ()

    def drop_others(self) -> None:
        """Drops the schemas of this gallery that another key opens: what a rotation has left."""
        for (name,) in self._schemas(f"{self._server.prefix}%"):
            if name != self._schema:
                self._plain(f"DROP SCHEMA {name} CASCADE")

    def drop(self) -> None:
        """Drops the gallery."""
        self._plain(f"DROP SCHEMA {self._schema} CASCADE")

    def close(self) -> None:
        """Closes; the next writer may come."""
        self._connection.close()

    def __enter__(self) -> PostgresStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- how ---

    @property
    def _number(self) -> int:
        """Of the lock of this gallery's writers."""
        return int.from_bytes(hashlib.sha256(self._server.gallery_id.encode()).digest()[:8], "big", signed=True)

    def _create(self) -> None:
        self._plain(f"DROP SCHEMA IF EXISTS {self._schema} CASCADE")
        self._plain(f"CREATE SCHEMA {self._schema}")
        self._plain(f"SET search_path TO {self._schema}")
        self._plain("CREATE TABLE layout (version INTEGER NOT NULL)")
        for table in TABLES:
            named = table.replace("number INTEGER PRIMARY KEY", "number INTEGER GENERATED BY DEFAULT AS IDENTITY")
            self._plain(named.replace(" TEXT", " BYTEA").replace(" BLOB", " BYTEA").replace(" STRICT", ""))

    def _schemas(self, like: str) -> list[Row]:
        return self._plain("SELECT nspname FROM pg_namespace WHERE nspname LIKE :like", {"like": like})

    def _plain(self, statement: str, bound: dict[str, object] | None = None) -> list[Row]:
        with self._told():
            result = self._connection.execute(self._text(statement), bound or {})
            found = [tuple(row) for row in result] if result.returns_rows else []
            self._done()
        return found

    def _many(self, statement: str, bound: list[dict[str, object]]) -> None:
        with self._told():
            self._connection.execute(self._text(statement), bound)
            self._done()

    def _done(self) -> None:
        if not self._inside:
            self._connection.commit()

    def _bound(self, sql: str, parameters: Sequence[object]) -> tuple[str, dict[str, object]]:
        first, *rest = sql.split("?")
        statement = first + "".join(f":p{number}{part}" for number, part in enumerate(rest))
        return statement, {f"p{number}": self._seal(value) for number, value in enumerate(parameters)}

    def _seal(self, value: object) -> object:
        if isinstance(value, str):
            return self._siv.encrypt(b"t" + value.encode(), None)
        if isinstance(value, bytes):
            return self._siv.encrypt(b"b" + value, None)
        return value

    def _open(self, value: object) -> object:
        if not isinstance(value, bytes):
            return value
        try:
            plain = self._siv.decrypt(value, None)
        except InvalidTag as error:
            raise DamagedStoreError(f"{self}: a value was altered and was not used; restore the gallery") from error
        return plain[1:].decode() if plain[:1] == b"t" else plain[1:]

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except self._errors.SQLAlchemyError as error:
            if getattr(getattr(error, "orig", None), "sqlstate", "") == _LOCK_NOT_AVAILABLE:
                raise LockedError(f"{self}: in use by another session; try again when it has ended") from error
            reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
            raise VerifyError(f"{self._server.url}: the server says: {reason}") from error
