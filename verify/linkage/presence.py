"""Who was present, in short: the few facts of an item that connections are made of."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from verify.document.names import fold
from verify.face import of_person
from verify.gallery import name_similarity, normalised_number, normalised_state
from verify.model.face import FaceRole, FaceTemplate
from verify.model.item import Role
from verify.model.outcome import Outcome
from verify.model.result import ItemResult

__all__ = ["PictureFile", "Presence", "differs", "presence_of"]

_SAME_NAME = 0.8  # docs/decisions/006-names.md


@dataclass(frozen=True, slots=True)
class PictureFile:
    """One picture of an item.

    Attributes:
        role: the part it plays.
        sha256: of its bytes.
        pixels_sha256: of the pixels of its first page; empty when unknown.
    """

    role: str
    sha256: str
    pixels_sha256: str


@dataclass(frozen=True, slots=True)
class Presence:
    """One item, reduced to what linkage needs.

    Attributes:
        item_id: of the manifest.
        name: of the travel document's holder, folded; empty when unread.
        birth_dates: all the dates it may be; empty when unread.
        document: (issuing state, number), normalised; None when either is unread.
        supported: the number's check digit verifies.
        faces: main portrait and live face.
        primary_identifier: the primary identifier of the same holder, folded; empty when unread.
        group: of the journey, as the manifest has it; empty for none.
        pictures: of each page and capture that was opened.
        remarks: what has to be said where its face is compared.
    """

    item_id: str
    name: str
    birth_dates: tuple[dt.date, ...]
    document: tuple[str, str] | None
    supported: bool
    faces: tuple[FaceTemplate, ...]
    primary_identifier: str = ""
    group: str = ""
    pictures: tuple[PictureFile, ...] = ()
    remarks: tuple[str, ...] = ()


def presence_of(result: ItemResult) -> Presence:
    """Reduces an item to its presence; the travel document counts, not a visa."""
    mrz = next((one.mrz for one in result.readings if one.mrz and one.outcome.role != Role.VISA), None)
    faces = tuple(
        face
        for one in result.readings
        for face in one.faces
        if face.role in (FaceRole.PORTRAIT, FaceRole.LIVE) and one.outcome.role != Role.VISA
    )
    pictures = tuple(
        PictureFile(one.outcome.role, one.outcome.sha256, one.traces.pixels_sha256 if one.traces else "")
        for one in result.readings
        if one.outcome.outcome is Outcome.OK and one.outcome.role != Role.CHIP and one.outcome.sha256
    )
    group = result.item.travel.group.strip()
    declared = result.item.declared.birth_date
    births = (*(mrz.birth_date.candidates if mrz else ()), *((declared,) if declared else ()))
    remarks = of_person(births, result.item.inspection_date)
    if mrz is None:
        return Presence(
            result.item.item_id, "", (), None, False, faces, group=group, pictures=pictures, remarks=remarks
        )
    digit = mrz.check_digit("document_number_check_digit")
    document = normalised_state(mrz.value("issuing_state")), normalised_number(mrz.value("document_number"))
    return Presence(
        item_id=result.item.item_id,
        name=fold(f"{mrz.value('primary_identifier')} {mrz.value('secondary_identifier')}"),
        birth_dates=mrz.birth_date.candidates,
        document=document if all(document) else None,  # a number means nothing without its issuer
        supported=bool(digit and digit.verifies),
        faces=faces,
        primary_identifier=fold(mrz.value("primary_identifier")),
        group=group,
        pictures=pictures,
        remarks=remarks,
    )


def differs(one: Presence, other: Presence) -> tuple[str, ...]:
    """In what two identities differ: "name", "birth date". What was not read is never a difference."""
    found = []
    if one.name and other.name and name_similarity(one.name, other.name) < _SAME_NAME:
        found.append("name")
    if one.birth_dates and other.birth_dates and not set(one.birth_dates) & set(other.birth_dates):
        found.append("birth date")
    return tuple(found)
