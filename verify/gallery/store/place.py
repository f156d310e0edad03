"""The files of a gallery's directory; a new or rewritten gallery takes its place wholly or not at all.

Order of writing: an unfinished database, its key, the final name of the database. Whatever a crash leaves, the key
tells which of the two databases is the gallery. A gallery that a team shares has `server.json` instead of a database:
the schema on that server, too, is found by the key.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from verify.errors import DamagedStoreError, UsageError
from verify.gallery.store.postgres import PostgresStore, Server
from verify.vault.files import private_directory, sync_directory, write_private
from verify.vault.keys import derive, read_wrapped, unwrap
from verify.vault.lock import WriterLock
from verify.vault.store import Store, open_encrypted, wipe

__all__ = ["GalleryPlace", "context_of", "page_key"]


def context_of(gallery_id: str) -> str:
    """What the data key of a gallery is bound to."""
    return f"gallery:{gallery_id}"


def page_key(data_key: bytes) -> bytes:
    """The key of the pages of the database."""
    return derive(data_key, "database")


@dataclass(frozen=True, slots=True)
class GalleryPlace:
    """A gallery's directory."""

    directory: Path

    @property
    def key(self) -> Path:
        """The wrapped data key."""
        return self.directory / "key.json"

    @property
    def pages(self) -> Path:
        """The file of encrypted pages."""
        return self.directory / "gallery.db"

    @property
    def unfinished(self) -> Path:
        """A database that has not yet taken its place."""
        return self.directory / "gallery.db.new"

    @property
    def address(self) -> Path:
        """Where the server of a shared gallery is written down."""
        return self.directory / "server.json"

    @property
    def server(self) -> Server | None:
        """The server of a shared gallery; None for one in files.

        Raises:
            UsageError: its address cannot be used.
        """
        try:
            found = json.loads(self.address.read_text(encoding="utf-8"))
            return Server(str(found["url"]), str(found["gallery_id"]))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UsageError(f"{self.address}: cannot be read; copy it from a colleague's gallery folder") from error

    def share(self, server: Server) -> None:
        """Writes down the server; the gallery is there once its key says so."""
        content = json.dumps({"url": server.url, "gallery_id": server.gallery_id}, indent=1)
        write_private(self.address, f"{content}\n".encode())

    @property
    def frozen(self) -> Path:
        """Folder of the versions frozen for search."""
        return self.directory / "frozen"

    def prepare(self) -> None:
        """Makes sure of the directory."""
        private_directory(self.directory)

    def lock(self) -> WriterLock:
        """Takes the writer's lock; raises LockedError when another process has it."""
        return WriterLock(self.directory / "lock")

    def open(self, kek: bytes, *, read_only: bool) -> tuple[Store, bytes, str]:
        """Opens the database; returns it with the data key and the key's context. To write, hold the lock.

        Raises:
            PolicyError: there is no key, or it is another one.
            DamagedStoreError: key or database are damaged.
            LockedError: somebody else writes to a shared gallery.
        """
        wrapped = read_wrapped(self.key)
        data_key = unwrap(kek, wrapped)
        server = self.server
        if server is not None and not self._in_files(data_key):
            store = PostgresStore(server, data_key, write=not read_only)
            if not read_only:
                store.drop_others()
                wipe(self.pages)  # of a gallery whose sharing was cut short
            return store, data_key, wrapped.context
        path = self.pages
        if self.unfinished.is_file() and self._opens(self.unfinished, data_key):
            path = self.unfinished
        if not read_only:
            path = self._finish(path)
        return open_encrypted(path, page_key(data_key), read_only=read_only), data_key, wrapped.context

    def _in_files(self, data_key: bytes) -> bool:
        """Whether the key opens a database here: the gallery is not yet, or no longer, on its server."""
        return any(path.is_file() and self._opens(path, data_key) for path in (self.pages, self.unfinished))

    def _opens(self, path: Path, data_key: bytes) -> bool:
        try:
            open_encrypted(path, page_key(data_key), read_only=True).close()
        except DamagedStoreError:
            return False
        return True

    def _finish(self, path: Path) -> Path:
        """Ends what a crash cut short: the database that the key opens takes its place, the other goes."""
        if path == self.unfinished:
            wipe(self.pages)
            self.unfinished.replace(self.pages)
            sync_directory(self.directory)
        elif self.unfinished.exists():
            wipe(self.unfinished)
        return self.pages
