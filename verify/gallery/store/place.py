"""The files of a gallery's directory; a new or rewritten gallery takes its place wholly or not at all.

Order of writing: an unfinished database, its key, the final name of the database. Whatever a crash leaves, the key
tells which of the two databases is the gallery.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from verify.errors import DamagedStoreError
from verify.vault.files import private_directory, sync_directory
from verify.vault.keys import derive, read_wrapped, unwrap
from verify.vault.lock import WriterLock
from verify.vault.store import EncryptedStore, open_encrypted, wipe

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
    def frozen(self) -> Path:
        """Folder of the versions frozen for search."""
        return self.directory / "frozen"

    def prepare(self) -> None:
        """Makes sure of the directory."""
        private_directory(self.directory)

    def lock(self) -> WriterLock:
        """Takes the writer's lock; raises LockedError when another process has it."""
        return WriterLock(self.directory / "lock")

    def open(self, kek: bytes, *, read_only: bool) -> tuple[EncryptedStore, bytes, str]:
        """Opens the database; returns it with the data key and the key's context. To write, hold the lock.

        Raises:
            PolicyError: there is no key, or it is another one.
            DamagedStoreError: key or database are damaged.
        """
        wrapped = read_wrapped(self.key)
        data_key = unwrap(kek, wrapped)
        path = self.pages
        if self.unfinished.is_file() and self._opens(self.unfinished, data_key):
            path = self.unfinished
        if not read_only:
            path = self._finish(path)
        return open_encrypted(path, page_key(data_key), read_only=read_only), data_key, wrapped.context

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
