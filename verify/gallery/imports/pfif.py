"""PFIF, the People Finder Interchange Format of missing-person registries: XML, versions 1.1 to 1.4.

Read by expat's events, not as a tree: a file of any length takes the memory of one person. A document type declaration
is refused, and with it every entity, so nothing can be expanded or fetched. A person whose record has expired comes as
a placeholder of ids and dates alone (PFIF 1.4, "Data expiry"): that is a withdrawal.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from verify.errors import UsageError
from verify.gallery.imports.record import Given, Quarantined, Record
from verify.gallery.imports.row import MAX_FIELD
from verify.gallery.imports.table import MAX_BYTES
from verify.gallery.imports.values import date_of, day_of, split_name

__all__ = ["person_records"]

_BLOCK = 1 << 16
_DEEPEST = 8
_SPACE = "http://zesty.ca/pfif/1."
_SEXES = {"male": "M", "female": "F", "other": "X"}
_TOLD = ("full_name", "given_name", "family_name", "first_name", "last_name", "photo_url", "description")


def person_records(path: Path, given: Given) -> Iterator[Record | Quarantined]:
    """The persons of a file, one by one, each told by the line of its element.

    Raises:
        UsageError: not readable, no XML, with a document type declaration, or nested too deeply; it names the line.
    """
    reader = _Reader(path)
    try:
        with path.open("rb") as file:
            size = 0
            while block := file.read(_BLOCK):
                size += len(block)
                if size > MAX_BYTES:
                    raise UsageError(f"{path}: more than {MAX_BYTES} bytes; split the list")
                yield from (_record(*one, given) for one in reader.feed(block))
            yield from (_record(*one, given) for one in reader.feed(b"", final=True))
    except OSError as error:
        raise UsageError(f"{path}: the list cannot be opened ({error.strerror}); check the path") from error


class _Reader:
    """Gathers the fields of one person after another."""

    def __init__(self, path: Path) -> None:
        self._path, self._depth, self._line = path, 0, 0
        self._person: dict[str, str] | None = None
        self._name, self._text = "", ""
        self._done: list[tuple[int, dict[str, str]]] = []
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.EntityDeclHandler = self._refuse
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._take

    def feed(self, block: bytes, *, final: bool = False) -> list[tuple[int, dict[str, str]]]:
        """The persons that a block completes, with their lines."""
        try:
            self._parser.Parse(block, final)
        except expat.ExpatError as error:
            raise UsageError(f"{self._path}: line {error.lineno}: not XML; save the list as it came") from error
        done, self._done = self._done, []
        return done

    def _refuse(self, *_declared: object) -> None:
        raise UsageError(f"{self._path}: has a document type declaration; PFIF needs none, and it is never followed")

    def _begin(self, tag: str, _attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise UsageError(f"{self._path}: nested more than {_DEEPEST} deep; that is not PFIF")
        space, _, name = tag.rpartition(" ")
        if self._depth == 1 and not space.startswith(_SPACE):
            raise UsageError(f"{self._path}: not PFIF; its root is of another namespace")
        if name == "person" and self._depth == 2:
            self._person, self._line = {}, self._parser.CurrentLineNumber
        self._name, self._text = (name, "") if self._depth == 3 else ("", "")

    def _take(self, text: str) -> None:
        if self._name and self._person is not None and len(self._text) <= MAX_FIELD:
            self._text += text[: MAX_FIELD + 1 - len(self._text)]

    def _end(self, tag: str) -> None:
        name = tag.rpartition(" ")[2]
        if self._person is not None and self._depth == 3 and self._name:
            self._person.setdefault(name, self._text.strip())
            self._name = ""
        elif self._person is not None and self._depth == 2:
            self._done.append((self._line, self._person))
            self._person = None
        self._depth -= 1


def _record(line: int, person: dict[str, str], given: Given) -> Record | Quarantined:
    number = person.get("person_record_id", "")
    if not number:
        return Quarantined(line, "", "without person_record_id")
    names = [split_name(name) for name in person.get("full_name", "").splitlines() if name.strip()]
    aliases = [split_name(name) for name in person.get("alternate_names", "").splitlines() if name.strip()]
    family = " ".join((person.get("family_name") or person.get("last_name", "")).split())
    first = " ".join((person.get("given_name") or person.get("first_name", "")).split())
    main = (family or first, first if family else "")
    if not main[0] and names:
        main = names.pop(0)
    expiry = day_of(person.get("expiry_date", ""))
    return Record(
        line,
        {
            "source": _source(number),
            "source_record": number,
            "collected": day_of(person.get("source_date") or person.get("entry_date", "")),
            "expires": expiry,
            "primary_identifier": main[0],
            "secondary_identifier": main[1],
            "birth_date": date_of(person.get("date_of_birth", "")),
            "sex": _SEXES.get(person.get("sex", ""), ""),
            "image": given.image(number.replace("/", "-")),
        },
        names=tuple(name for name in dict.fromkeys((*names, *aliases)) if name[0] and name != main),
        withdrawn=not any(person.get(one) for one in _TOLD),
    )


def _source(number: str) -> str:
    """The registry's domain, by which every record id begins."""
    return number.partition("/")[0]
