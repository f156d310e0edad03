"""The day at the border, as data: who crosses, with which files, how scanned, and what is planted."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

__all__ = ["CROSSINGS", "INSPECTION_DATE", "ORDER", "Crossing", "Plant"]

INSPECTION_DATE = "2026-06-15"


@dataclass(frozen=True, slots=True)
class Plant:
    """One planted truth: its kind, the role of the file that shows it, and whom or what it refers to."""

    kind: str
    file: str
    note: str
    other: str = ""
    reference_id: str = ""


@dataclass(frozen=True, slots=True)
class Crossing:
    """One crossing.

    Attributes:
        key: name in this plan, unique.
        document: key of the document.
        live: file stem of the face before the camera, `room`, `two:stem,stem`, or empty for no capture.
        look: how the document was scanned, see `degrade.LOOKS`.
        kind: file kind of the document: jpg png tif pdf heic webp.
        visa: MRV-A or MRV-B where a visa page is handed over too.
        damage: file role -> `empty` or `cut`.
        skip: roles that are not handed over.
    """

    key: str
    document: str
    live: str
    look: str = "flat"
    kind: str = "jpg"
    visa: str = ""
    plants: tuple[Plant, ...] = ()
    damage: dict[str, str] = field(default_factory=dict)
    skip: tuple[str, ...] = ()
    group: str = ""


# document, live view, look, kind, visa, travel group
_CLEAN = """
000 cap     flat        jpg  MRV-A G1
000 cap~m   rotate      jpg  -     -
001 cap     flat        png  -     -
001 cap~z   perspective jpg  -     -
001 cap~m   shadow      jpg  -     -
003 cap     dark        jpg  MRV-B G1
003 side    turn90      jpg  -     -
003 cap~m   glare       jpg  -     G4
007 cap     rotate      jpg  MRV-A -
007 side    q40         jpg  -     -
007 cap~m   flat        pdf  -     G4
013 cap     a4          pdf  -     -
013 side    flat        webp -     G2
013 cap~m   turn180     jpg  -     -
018 cap     flat        heic -     -
018 side    lowlight    jpg  -     G2
018 cap~m   rotate      jpg  -     -
025 cap     flat        jpg  MRV-B -
025 cap~m   shadow      jpg  -     G3
014 cap     flat        tif  -     -
014 cap~z   perspective jpg  -     G3
014 cap~m   flat        png  -     -
015 cap     flat        jpg  -     -
015 side    rotate      jpg  -     -
015 cap~m   flat        pdf  -     -
027 cap     dark        jpg  -     -
027 side    turn90      jpg  -     -
027 cap~m   q40         jpg  -     -
030 cap     flat        tif  -     -
030 side    glare       jpg  -     G5
030 cap~m   flat        webp -     -
031 cap     flat        heic -     G5
031 side    a4          jpg  -     -
"""


def _clean() -> list[Crossing]:
    out: list[Crossing] = []
    for row in _CLEAN.split("\n"):
        if not row:
            continue
        doc, view, look, kind, visa, group = (cell.replace("-", "") if cell == "-" else cell for cell in row.split())
        live = f"id{doc}_{view}" if view else ""
        count = sum(c.document == doc for c in out)
        plants: tuple[Plant, ...] = ()
        if doc == "025":
            note = "the watch list has this name and birth date in an entry that expired: no finding is expected"
            plants = (Plant("expired_entry_suppressed", "document", note, reference_id="W-008"),)
        out.append(Crossing(f"{doc}-{count + 1}", doc, live, look, kind, visa, plants, group=group))
    return out


def _one(
    key: str, document: str, live: str, look: str, kind: str, plant: Plant, *more: Plant, **extra: object
) -> Crossing:
    return Crossing(key, document, live, look, kind, plants=(plant, *more), **extra)  # type: ignore[arg-type]


_P = Plant
_ALIKE = "different people; a candidate is expected, and innocent"
_REUSED = "the same portrait file on another number"
_FOLLOWS = "follows from the shared portrait"
_OTHER_NAME = "the same person under another name and birth date"
_SAME_NUMBER = "the same number, another name, birth date and face"
_PLANTED = [
    _one("docnum", "002-number", "id002_cap", "flat", "jpg",
         _P("document_number_check_digit", "document", "only this check digit is wrong")),
    _one("birth", "005-birth", "id005_cap", "flat", "jpg",
         _P("birth_date_check_digit", "document_back", "only this check digit is wrong")),
    _one("expiry", "009-expiry", "id009_cap", "rotate", "jpg",
         _P("expiry_date_check_digit", "document", "only this check digit is wrong")),
    _one("optional", "022-optional", "id022_side", "flat", "jpg",
         _P("optional_data_check_digit", "document", "only this check digit is wrong")),
    _one("composite", "035-composite", "", "flat", "png",
         _P("composite_check_digit", "document", "only this check digit is wrong")),
    _one("expired", "036-expired", "", "shadow", "jpg",
         _P("expired", "document", "expired 2025-05-29")),
    _one("early", "002-early", "id002_side", "flat", "jpg",
         _P("not_yet_valid", "document_front", "VIZ date of issue 2026-07-01, after the inspection")),
    _one("issue", "005-issue", "id005_side", "flat", "jpg",
         _P("birth_after_issue", "document", "VIZ date of issue 1979-02-12, birth 1980-08-16")),
    _one("vizname", "009-name", "id009_cap~z", "dark", "jpg",
         _P("viz_name_differs", "document_front", "VIZ says IRIBARREN, MRZ says IRIARTE")),
    _one("viznumber", "035-number", "", "flat", "tif",
         _P("viz_number_differs", "document", "VIZ says UN4889071, MRZ says UN4839071")),
    _one("vizdate", "036-date", "", "flat", "jpg",
         _P("viz_date_differs", "document", "VIZ says born 1988-01-18, MRZ says 1983-01-18")),
    _one("withdrawn", "005-sun", "id005_cap~m", "perspective", "jpg",
         _P("withdrawn_state_code", "document", "issuing state SUN, withdrawn")),
    _one("unknown", "009-wsa", "id009_cap~m", "flat", "webp",
         _P("unknown_state_code", "document", "issuing state WSA, which Doc 9303-3 does not list")),
    _one("notlive", "036-other", "id024_cap", "flat", "jpg",
         _P("portrait_not_live", "capture", "the live person is id024, the portrait is id036")),
    _one("listedface", "020", "id020_cap", "flat", "jpg",
         _P("listed_by_face", "document", "a nominal under another name, enrolled with another picture",
            reference_id="N-001")),
    _one("listedname", "039", "", "rotate", "jpg",
         _P("listed_by_name_and_date", "document", "listed as MULLER KOEHN, same birth date",
            reference_id="W-001")),
    _one("listeddoc", "035-listed", "", "flat", "jpg",
         _P("document_listed", "document", "the document number is recorded as stolen",
            reference_id="W-009")),
    _one("missing", "010", "id010_old~m", "flat", "jpg",
         _P("missing_person_by_face", "document", "enrolled with a picture 13 years younger; other name",
            reference_id="M-001")),
    _one("two-a", "011A", "id011_cap", "flat", "jpg",
         _P("one_face_two_identities", "document", _OTHER_NAME, "two-b")),
    _one("two-b", "011B", "id011_cap~z", "lowlight", "jpg",
         _P("one_face_two_identities", "document", _OTHER_NAME, "two-a")),
    _one("shared-a", "002-shared", "id002_cap~m", "flat", "jpg",
         _P("one_document_two_holders", "document", _SAME_NUMBER, "shared-b")),
    _one("shared-b", "022-shared", "id022_cap~m", "flat", "jpg",
         _P("one_document_two_holders", "document", _SAME_NUMBER, "shared-a")),
    _one("portrait-a", "022-portrait", "id022_cap~z", "flat", "jpg",
         _P("one_portrait_two_documents", "document", _REUSED, "portrait-b"),
         _P("one_face_two_identities", "document", _FOLLOWS, "portrait-b")),
    _one("portrait-b", "022B-portrait", "id033_old", "flat", "jpg",
         _P("one_portrait_two_documents", "document", _REUSED, "portrait-a"),
         _P("one_face_two_identities", "document", _FOLLOWS, "portrait-a"),
         _P("portrait_not_live", "capture", "the live person is id033, the portrait is id022")),
    _one("alike-004", "004", "id004_cap", "flat", "jpg",
         _P("look_alike", "document", _ALIKE, "alike-028")),
    _one("alike-028", "028", "id028_cap", "flat", "jpg",
         _P("look_alike", "document", _ALIKE, "alike-004")),
    _one("alike-006", "006", "id006_cap", "turn90", "jpg",
         _P("look_alike", "document", _ALIKE, "alike-012")),
    _one("alike-012", "012", "id012_cap", "flat", "jpg",
         _P("look_alike", "document_front", _ALIKE, "alike-006")),
    _one("alike-021", "021", "id021_cap", "flat", "jpg",
         _P("look_alike", "document", "not the nominal: a candidate is expected, and innocent",
            reference_id="N-002")),
    _one("blur", "019", "", "blur", "jpg",
         _P("unreadable_scan", "document", "moved during the scan: neither MRZ nor face can be read")),
    _one("night", "032", "", "night", "jpg",
         _P("unreadable_scan", "document", "nearly black: neither MRZ nor face can be read")),
    _one("noface", "009-good", "room", "flat", "jpg",
         _P("no_face", "capture", "the camera saw an empty room")),
    _one("twofaces", "009-good", "two:id009_cap,id024_side", "flat", "jpg",
         _P("two_faces", "capture", "a second person beside the holder")),
    _one("empty", "008", "", "flat", "jpg",
         _P("empty_file", "document_front", "0 bytes; the back of the card can be read"),
         damage={"document_front": "empty"}),
    _one("cut", "038", "", "flat", "jpg",
         _P("truncated_file", "document", "the JPEG ends at 40 % of its bytes"), damage={"document": "cut"}),
]  # fmt: skip

CROSSINGS = {c.key: c for c in (*_clean(), *_PLANTED)}

ORDER = sorted(CROSSINGS)
random.Random(20260615).shuffle(ORDER)
