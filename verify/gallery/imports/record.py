"""What importers yield, record by record, and what an import comes to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from verify.errors import UsageError
from verify.gallery.imports.row import COLUMNS, SCHEMA_VERSION, RowError, entry_of
from verify.model.gallery import Entry

__all__ = ["MAX_RECORDS", "Given", "ImportResult", "Quarantined", "Record", "Withdrawn", "collect", "stream"]

MAX_RECORDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A record that was set aside.

    Attributes:
        line: 1-based, on which the record begins (of a table, the header is line 1); of a folder, the number of the
            file in their order by name.
        reference_id: as far as it could be read; empty otherwise.
        reason: what to mend.
    """

    line: int
    reference_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A record that its source has withdrawn: its entry is to be removed, which is an event.

    Attributes:
        line: as above.
        source: of the record.
        source_record: its number there.
    """

    line: int
    source: str
    source_record: str


@dataclass(frozen=True, slots=True)
class Record:
    """A record as its source has it, in the fields of the table format.

    Attributes:
        line: as above.
        fields: by the names of the columns; the rest is empty or given. Without a `reference_id` it is
            "source:source_record".
        names: more names of the person: (primary, secondary) identifier.
        documents: more documents, each with the document fields of the table format.
        withdrawn: the source says that the record is no longer in force.
    """

    line: int
    fields: Mapping[str, str]
    names: tuple[tuple[str, str], ...] = ()
    documents: tuple[Mapping[str, str], ...] = ()
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What became of a list: every record is in one of the three.

    Attributes:
        entries: in the order of the file.
        quarantined: in the order of the file.
        withdrawn: in the order of the file.
    """

    entries: tuple[Entry, ...]
    quarantined: tuple[Quarantined, ...]
    withdrawn: tuple[Withdrawn, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """What the command line says of all records of a list, where a record does not say it itself.

    A record's own owner, legal basis or purpose comes first; of two dates of review or expiry the earlier one counts,
    so that a source cannot prolong what the importing office has set.

    Attributes:
        fields: of the table format, by the names of its columns, e.g. "owner" or "expires" (YYYY-MM-DD).
        pictures: folder to write pictures to that are inside a file; None leaves them out.
        images: folder in which a picture named like the record is looked for; None for none.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    pictures: Path | None = None
    images: Path | None = None

    def __post_init__(self) -> None:
        """Refuses fields that no table has."""
        wrong = set(self.fields) - set(COLUMNS)
        if wrong:
            raise UsageError(f"no such field of an entry: {', '.join(sorted(wrong))}")

    def complete(self, row: Mapping[str, str]) -> dict[str, str]:
        """A full row of the table format."""
        whole = dict.fromkeys(COLUMNS, "") | {"schema_version": SCHEMA_VERSION}
        whole.update({name: value for name, value in self.fields.items() if value})
        for name, value in row.items():
            earlier = name in ("review_by", "expires") and value and whole[name]
            whole[name] = min(value, whole[name]) if earlier else value or whole[name]
        if "reference_id" not in row and whole["source_record"]:
            whole["reference_id"] = f"{whole['source']}:{whole['source_record']}"
        return whole

    def image(self, name: str) -> str:
        """The file in the folder of images that is called like a record; empty when there is none."""
        if self.images is None or not name or "/" in name:
            return ""
        for suffix in (".jpg", ".jpeg", ".png"):
            if (self.images / f"{name}{suffix}").is_file():
                return f"{name}{suffix}"
        return ""


def stream(
    records: Iterable[Record | Quarantined], given: Given, path: Path
) -> Iterator[Entry | Quarantined | Withdrawn]:
    """Turns records into entries one by one; a reference id that comes again is set aside.

    Raises:
        UsageError: more than `MAX_RECORDS`; it names the path.
    """
    first: dict[str, int] = {}
    for count, one in enumerate(records):
        if count >= MAX_RECORDS:
            raise UsageError(f"{path}: has more than {MAX_RECORDS} records; split the list")
        if isinstance(one, Quarantined):
            yield one
            continue
        row = given.complete(one.fields)
        reference_id = row["reference_id"]
        if one.withdrawn:
            yield Withdrawn(one.line, row["source"], row["source_record"])
            continue
        try:
            entry = entry_of(row, names=one.names, documents=one.documents)
            if reference_id in first:
                raise RowError(f"reference_id is on line {first[reference_id]} already")
        except RowError as error:
            yield Quarantined(one.line, reference_id, str(error))
        else:
            first[reference_id] = one.line
            yield entry


def collect(found: Iterable[Entry | Quarantined | Withdrawn]) -> ImportResult:
    """Sorts what a stream yields."""
    entries: list[Entry] = []
    quarantined: list[Quarantined] = []
    withdrawn: list[Withdrawn] = []
    for one in found:
        if isinstance(one, Entry):
            entries.append(one)
        elif isinstance(one, Quarantined):
            quarantined.append(one)
        else:
            withdrawn.append(one)
    return ImportResult(tuple(entries), tuple(quarantined), tuple(withdrawn))
