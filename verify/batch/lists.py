"""The lists a run searches: watchlists from files, and encrypted galleries with faces."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from verify.batch.remarks import of_gallery
from verify.batch.watchlist import read_watchlist
from verify.errors import PolicyError
from verify.face import Cohort
from verify.gallery import DocumentIndex, Gallery, NameIndex, Normalised, References, in_force, normalise
from verify.model.gallery import Entry, EntryKind

__all__ = ["InForce", "ReferenceList", "open_lists"]

_PROTECTED = frozenset({EntryKind.MISSING_PERSON, EntryKind.UNIDENTIFIED_PERSON, EntryKind.VICTIM})


@dataclass(frozen=True, slots=True)
class InForce:
    """A list as it stands on one day: expired and withdrawn entries are left out and counted."""

    entries: dict[str, Entry]
    suppressed: int
    names: NameIndex
    documents: DocumentIndex
    references: References | None
    normalised: Normalised | None
    remarks: tuple[str, ...] = ()


@dataclass(slots=True)
class ReferenceList:
    """A watchlist or gallery, read once at the start of a run.

    Attributes:
        name: shown in reports.
        kind: "watchlist", or the gallery's kind.
        version: SHA-256 over its contents.
        entries: all, also expired ones.
        references: templates; None for a watchlist.
        picture: gives the reference picture of an entry, JPEG, by its id; None where there is none. A gallery is asked
            when a picture is wanted, so that they are never all in memory.
        quarantined: (line, reason) of lines that could not be taken in.
        withdrawn: the first day without it, of each withdrawn entry.
        taken_off: records of a watchlist that their source has withdrawn; they are counted with what is left out.
        together: kinds it may be searched together with, by a logged decision.
        cohort: the site's own, that face searches are normalised with; None where it has none.
    """

    name: str
    kind: str
    version: str
    entries: tuple[Entry, ...]
    references: References | None = None
    picture: Callable[[str], bytes | None] = lambda _reference_id: None
    quarantined: tuple[tuple[int, str], ...] = ()
    withdrawn: dict[str, dt.date] = field(default_factory=dict)
    taken_off: int = 0
    together: frozenset[EntryKind] = frozenset()
    cohort: Cohort | None = None
    _days: dict[dt.date, InForce] = field(default_factory=dict)

    @property
    def has_names(self) -> bool:
        """True when any entry names somebody."""
        return any(entry.names for entry in self.entries)

    @property
    def has_documents(self) -> bool:
        """True when any entry names a document."""
        return any(entry.documents for entry in self.entries)

    def on(self, day: dt.date) -> InForce:
        """The list as it stands on a day."""
        if day not in self._days:
            entries, suppressed = in_force(self.entries, day, self.withdrawn)
            kept = {entry.reference_id: entry for entry in entries}
            references = self.references.only(kept) if self.references is not None else None
            normalised = normalise(references, self.cohort) if references is not None else None
            self._days[day] = InForce(
                kept,
                suppressed + self.taken_off,
                NameIndex(entries),
                DocumentIndex(entries),
                references,
                normalised,
                of_gallery((kept[one] for one in references.ids), day) if references is not None else (),
            )
        return self._days[day]


def open_lists(
    watchlists: Iterable[Path], galleries: Sequence[Path], kek: bytes, cohort: Cohort | None = None
) -> tuple[ReferenceList, ...]:
    """Reads every list of a run; face searches are normalised with the cohort, or with the gallery itself.

    Raises:
        UsageError: a watchlist is not of the format.
        PolicyError: a gallery does not open with this key, or is not to be searched together with another list.
    """
    found = (*(_from_file(path) for path in watchlists), *(_from_gallery(path, kek, cohort) for path in galleries))
    _kept_apart(found)
    return found


def _kept_apart(lists: tuple[ReferenceList, ...]) -> None:
    """Victims and the missing are not searched together with wanted people unless that was decided, and logged."""
    wanted = [one.name for one in lists if any(entry.kind is EntryKind.NOMINAL for entry in one.entries)]
    for one in lists:
        if one.kind in _PROTECTED and wanted and EntryKind.NOMINAL not in one.together:
            raise PolicyError(
                f"gallery {one.name} ({one.kind}) is not searched together with {wanted[0]}, which lists nominals; "
                "run them as two jobs, or decide it with 'verify gallery allow'"
            )


def _from_file(path: Path) -> ReferenceList:
    found = read_watchlist(path)
    return ReferenceList(
        name=path.name,
        kind="watchlist",
        version=found.version,
        entries=found.entries,
        quarantined=tuple((one.line, one.reason) for one in found.quarantined),
        taken_off=found.withdrawn,
    )


def _from_gallery(path: Path, kek: bytes, cohort: Cohort | None) -> ReferenceList:
    def picture(reference_id: str) -> bytes | None:
        with Gallery.open(path, kek) as again:
            return again.picture(reference_id)

    with Gallery.open(path, kek) as gallery:
        return ReferenceList(
            name=gallery.name,
            kind=gallery.kind.value,
            version=gallery.version,
            entries=gallery.entries(),
            references=gallery.references(),
            picture=picture,
            withdrawn=gallery.withdrawn(),
            together=gallery.together,
            cohort=cohort,
        )
