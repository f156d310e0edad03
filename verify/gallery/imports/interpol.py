"""Notices in the JSON of INTERPOL's public notices service: one notice, a list of them, or one a line.

Red, yellow and United Nations notices have the same names of fields. The service is never asked from here: pictures are
taken from a folder, where they are called like the notice ("2099-90001.jpg").
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from verify.gallery.imports.json_values import BrokenValueError, values
from verify.gallery.imports.record import Given, Quarantined, Record
from verify.gallery.imports.row import RowError
from verify.gallery.imports.table import open_list
from verify.gallery.imports.values import JsonObject, date_of, json_object, split_name, state_of, strings

__all__ = ["notice_records"]

_ALIASES = ("aliases", "formerly_known_as", "name_at_birth")


def notice_records(path: Path, given: Given) -> Iterator[Record | Quarantined]:
    """The notices of a file, one by one; each is told by the line that it begins on.

    Raises:
        UsageError: not a readable file.
    """
    with open_list(path) as file:
        for line, found in values(file, "notices"):
            try:
                if isinstance(found, BrokenValueError):
                    raise RowError(str(found))
                yield _record(line, json_object(found), given)
            except RowError as error:
                yield Quarantined(line, "", str(error))


def _record(line: int, notice: JsonObject, given: Given) -> Record:
    number = "".join(strings(notice.get("entity_id") or notice.get("un_reference"))[:1])
    names = [split_name(name) for key in _ALIASES for name in _alias_names(notice.get(key))]
    original = strings(notice.get("name_in_original_script")), strings(notice.get("forename_in_original_script"))
    if original[0]:
        names.append((original[0][0], "".join(original[1][:1])))
    given_names = "".join(strings(notice.get("forename"))[:1])
    names += [(birth, given_names) for birth in strings(notice.get("birth_name"))]
    sex = "".join(strings(notice.get("sex_id"))[:1])
    return Record(
        line,
        {
            "source": "INTERPOL",
            "source_record": number,
            "primary_identifier": "".join(strings(notice.get("name"))[:1]) or given_names,
            "secondary_identifier": given_names if strings(notice.get("name")) else "",
            "birth_date": date_of("".join(strings(notice.get("date_of_birth"))[:1])),
            "sex": sex if sex in ("M", "F") else "",
            "nationalities": ";".join(map(state_of, strings(notice.get("nationalities")))),
            "image": given.image(number.replace("/", "-")),
        },
        names=tuple(names),
        documents=tuple(_documents(notice.get("identity_documents"))),
    )


def _alias_names(value: object) -> list[str]:
    """Aliases are texts, or objects that hold a name."""
    if isinstance(value, list):
        return [name for one in value for name in _alias_names(one)]
    if isinstance(value, dict):
        return strings(value.get("name"))
    return strings(value)


def _documents(value: object) -> Iterator[dict[str, str]]:
    """Documents that say number and issuer; one without an issuer means nothing."""
    for one in value if isinstance(value, list) else []:
        if not isinstance(one, dict):
            continue
        number = strings(one.get("number") or one.get("document_number"))
        issuer = strings(one.get("country") or one.get("issuing_country_id"))
        if number and issuer:
            yield {
                "document_number": number[0],
                "document_type": "",
                "issuing_state": state_of(issuer[0]),
                "document_status": "",
            }
