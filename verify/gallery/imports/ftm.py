"""FollowTheMoney entities, one JSON object a line: persons, with their passports and other documents.

Read by hand, because the library drops what travel documents hold: the codes D, UTO and XXA, and dates it does not like
(docs/decisions/014-names.md). A line may speak of a person on another line, so the file is read twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from verify.gallery.imports.record import Given, Quarantined, Record
from verify.gallery.imports.row import RowError
from verify.gallery.imports.table import numbered_lines, open_list
from verify.gallery.imports.values import JsonObject, date_of, day_of, json_object, split_name, state_of, strings

__all__ = ["entity_records"]

_MAX_LINE = 1 << 20
_SEXES = {"male": "M", "female": "F", "other": "X"}
_DOCUMENTS = ("Passport", "Identification")
_ALIASES = ("alias", "previousName", "weakAlias")


def entity_records(path: Path, given: Given) -> Iterator[Record | Quarantined]:
    """The persons of a file, one by one; lines that are no entity are set aside, entities of other kinds passed over.

    Raises:
        UsageError: not a readable file.
    """
    documents: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    sanctions: defaultdict[str, list[JsonObject]] = defaultdict(list)
    for _, found in _entities(path):
        if isinstance(found, str):
            continue
        schema, properties = found["schema"], found["properties"]
        if schema in _DOCUMENTS:
            for holder in strings(properties.get("holder")):
                documents[holder] += _document(schema, properties)
        elif schema == "Sanction":
            for entity in strings(properties.get("entity")):
                sanctions[entity].append(properties)
    for line, found in _entities(path):
        if isinstance(found, str):
            yield Quarantined(line, "", found)
        elif found["schema"] == "Person":
            yield _person(line, found, documents[found["id"]], sanctions[found["id"]], given)


def _entities(path: Path) -> Iterator[tuple[int, JsonObject | str]]:
    """Each line as an entity, or why not."""
    with open_list(path) as file:
        for line, text in numbered_lines(file, _MAX_LINE):
            if not text.strip():
                continue
            if len(text) > _MAX_LINE:
                yield line, f"longer than {_MAX_LINE} characters"
                continue
            try:
                entity = json_object(text)
            except RowError as error:
                yield line, str(error)
                continue
            shape = entity.get("id"), entity.get("schema"), entity.get("properties")
            if not (isinstance(shape[0], str) and isinstance(shape[1], str) and isinstance(shape[2], dict)):
                yield line, "not an entity with id, schema and properties"
                continue
            yield line, entity


def _document(schema: str, properties: JsonObject) -> list[dict[str, str]]:
    numbers = strings(properties.get("number")) or strings(properties.get("passportNumber"))
    return [
        {
            "document_number": number,
            "document_type": "P" if schema == "Passport" else "",
            "issuing_state": state_of(state),
            "document_status": "",
        }
        for number in numbers
        for state in strings(properties.get("country"))[:1]  # a number without an issuer means nothing
    ]


def _person(
    line: int, entity: JsonObject, documents: list[dict[str, str]], sanctions: list[JsonObject], given: Given
) -> Record:
    properties = entity["properties"]
    last, first = strings(properties.get("lastName")), strings(properties.get("firstName"))
    names = [split_name(name) for key in ("name", *_ALIASES) for name in strings(properties.get(key))]
    main = (last[0], " ".join([*first[:1], *strings(properties.get("middleName"))[:1]])) if last else ("", "")
    if not last and names:
        main = names.pop(0)
    sexes = {_SEXES.get(one.lower(), "") for one in strings(properties.get("gender"))}
    ends = [day for one in sanctions for text in strings(one.get("endDate")) if (day := day_of(text))]
    authorities = [name for one in sanctions for name in strings(one.get("authority"))]
    dates = [date_of(text) for text in strings(properties.get("birthDate"))]
    return Record(
        line,
        {
            "source": (authorities or [""])[0],
            "source_record": entity["id"],
            "primary_identifier": main[0],
            "secondary_identifier": main[1],
            "birth_date": max(dates, key=len, default=""),  # the most precise one
            "sex": sexes.pop() if len(sexes) == 1 else "",
            "nationalities": ";".join(
                state_of(code) for key in ("nationality", "citizenship") for code in strings(properties.get(key))
            ),
            "expires": max(ends, default=""),
            "image": given.image(entity["id"]),
        },
        names=tuple(name for name in dict.fromkeys(names) if name != main),
        documents=tuple(documents),
    )
