"""Notices in the JSON of INTERPOL's public notices service: one notice, a list of them, or one a line.

Red, yellow and United Nations notices have the same names of fields. The service is never asked from here: pictures are
taken from a folder, where they are called like the notice ("2099-90001.jpg").
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from verify.errors import UsageError
from verify.gallery.imports.record import Given, Quarantined, Record
from verify.gallery.imports.row import RowError
from verify.gallery.imports.table import open_list
from verify.gallery.imports.values import JsonObject, date_of, split_name, state_of, strings

__all__ = ["MAX_CHARACTERS", "notice_records"]

MAX_CHARACTERS = 1 << 28
_ALIASES = ("aliases", "formerly_known_as", "name_at_birth")


def notice_records(path: Path, given: Given) -> Iterator[Record | Quarantined]:
    """The notices of a file, one by one; each is told by the line that it begins on.

    Raises:
        UsageError: not a readable file of at most `MAX_CHARACTERS`, or not JSON.
    """
    with open_list(path) as file:
        text = file.read(MAX_CHARACTERS + 1)
    if len(text) > MAX_CHARACTERS:
        raise UsageError(f"{path}: longer than {MAX_CHARACTERS} characters; split the list")
    for line, notice in _notices(text, path):
        try:
            if not isinstance(notice, dict):
                raise RowError("not a JSON object")
            yield _record(line, notice, given)
        except RowError as error:
            yield Quarantined(line, "", str(error))


def _notices(text: str, path: Path) -> Iterator[tuple[int, object]]:
    """Every value of the file, a list of notices taken apart, with its line."""
    decoder, end = json.JSONDecoder(), len(text)
    named = text.find('"notices"')
    listed = text.find("[", max(named, 0)) + 1 if named >= 0 or text.lstrip()[:1] == "[" else 0
    place, line = listed, 1 + text.count("\n", 0, listed)
    while True:
        begin = place
        while place < end and (text[place].isspace() or text[place] == ","):
            place += 1
        line += text.count("\n", begin, place)
        if (place >= end and not listed) or (listed and text[place : place + 1] == "]"):
            return
        try:
            value, after = decoder.raw_decode(text, place)
        except (ValueError, RecursionError) as error:
            raise UsageError(f"{path}: line {line}: not JSON; save the answer of the service as it came") from error
        yield line, value
        line += text.count("\n", place, after)
        place = after


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
