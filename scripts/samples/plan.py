"""The day at the border, as data: who crosses, with which files, how scanned, and what is planted."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from typing import Any

__all__ = ["CHECKS", "CROSSINGS", "INSPECTION_DATE", "ORDER", "Crossing", "Plant"]

INSPECTION_DATE = "2026-06-15"

CHECKS = {
    "document_number_check_digit": "R01", "birth_date_check_digit": "R02", "expiry_date_check_digit": "R03",
    "optional_data_check_digit": "R04", "composite_check_digit": "R05", "all_check_digits": "R07",
    "look_alike_character": "R08", "layout_of_another_page": "R09", "letter_among_digits": "R10",
    "document_code_of_another_layout": "R11", "unknown_state_code": "R12", "withdrawn_state_code": "R13",
    "unknown_nationality": "R14", "issuer_is_not_nationality": "R15", "impossible_birth_date": "R16",
    "impossible_expiry_date": "R17", "aged_99": "R18", "birth_after_issue": "R19", "birth_after_expiry": "R19",
    "expired": "R20", "not_yet_valid": "R21", "valid_too_long": "R22", "odd_validity": "R23",
    "child_with_long_validity": "R24", "emergency_with_long_validity": "R25", "sex_x": "R27",
    "viz_sex_differs": "R28", "name_field_with_gap": "R29", "name_cut_off": "R30", "viz_name_differs": "R31",
    "viz_number_differs": "R32", "viz_date_differs": "R33", "viz_nationality_differs": "R34",
    "viz_personal_number_differs": "R42", "long_number_of_td1_without_rest": "R43",
    "long_number_of_td2_without_rest": "R44", "front_of_another_card": "R45", "repeated_field_differs": "R46",
    "visa_of_another_person": "R47", "visa_dates_differ": "R48", "visa_of_own_state": "R49",
    "chip_file_missing": "R50", "chip_file_altered": "R51", "chip_signature_forged": "R52",
    "chip_signer_not_certified": "R53", "chip_chain_unknown": "R53", "chip_signer_revoked": "R54",
    "chip_signed_for_another_state": "R55", "chip_signed_later": "R56", "chip_signer_expired": "R57",
    "chip_and_print_differ": "R58", "chip_details_differ": "R59", "chip_portrait_misdescribed": "R60",
    "chip_portrait_differs": "R61", "ghost_differs": "R62", "portrait_not_live": "R63",
    "one_document_two_holders": "R64", "one_face_two_identities": "R65", "one_portrait_two_documents": "R66",
    "numbers_in_a_row": "R67", "seal_altered": "R68", "seal_and_print_differ": "R68", "seal_signer_unknown": "R68",
    "chip_copied": "C01", "licence_contradicts_itself": "B01", "declared_otherwise": "D01", "two_faces": "F01",
    "no_face": "R63", "unreadable_scan": "R01", "listed_by_face": "G01", "missing_person_by_face": "G01",
    "listed_by_name_and_date": "G02", "document_listed": "L09", "picture_editor": "I01", "saved_by_a_library": "I02",
    "resampled": "I03", "grey_copy": "I04", "one_picture_two_items": "P01",
}  # fmt: skip
"""The check that each kind of plant is for. What no check answers for (look-alikes, damaged files, expired entries) is
missing."""


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
        group: of travellers.
        capture_of: key of the crossing whose live capture is handed over once more.
        declared: what was declared in place of the true value, by column of the manifest.
        chip: where a dump is handed over, `good` or what is wrong with it (`electronic.Registry.dump`).
        chip_face: stem of the face in the chip where it is not the printed one.
        seal: where the visa, otherwise the document, carries a seal: `good` or what is wrong with it.
        licence: where the back of the card carries a licence's barcode: `good` or what is wrong with it.
        visa_holder: whom the visa names in place of the traveller; its seal still names the traveller.
        visa_viz: what the visa prints in place of the true value, by label.
        as_role: under which role the visa is filed where it is all that is handed over.
        exif: `camera`, or `edited` for metadata that do not fit the file.
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
    capture_of: str = ""
    declared: dict[str, str] = field(default_factory=dict)
    chip: str = ""
    chip_face: str = ""
    seal: str = ""
    licence: str = ""
    visa_holder: str = ""
    visa_viz: dict[str, str] = field(default_factory=dict)
    as_role: str = ""
    exif: str = ""


# document, live view, look, kind, visa, travel group, and what else is there
_CLEAN = """
000 cap     flat        jpg  -     G1 chip
000 cap~m   rotate      jpg  -     -  camera
001 cap     flat        png  -     -  chip
001 cap~z   perspective jpg  -     -  -
001 cap~m   shadow      jpg  -     -  -
003 cap     dark        jpg  -     G1 chip
003 side    turn90      jpg  -     -  -
003 cap~m   glare       jpg  -     G4 -
007 cap     rotate      jpg  -     -  -
007 side    q40         jpg  -     -  -
007 cap~m   flat        pdf  -     G4 -
013 cap     a4          pdf  -     -  -
013 side    flat        webp MRV-A G2 seal
013 cap~m   turn180     jpg  MRV-A -  -
018 cap     flat        heic -     -  chip
018 side    lowlight    jpg  -     G2 -
018 cap~m   rotate      jpg  -     -  -
025 cap     flat        jpg  -     -  -
025 cap~m   shadow      jpg  -     G3 -
014 cap     flat        tif  -     -  licence
014 cap~z   perspective jpg  -     G3 -
014 cap~m   flat        png  -     -  chip
015 cap     flat        jpg  -     -  -
015 side    rotate      jpg  -     -  -
015 cap~m   flat        pdf  -     -  -
027 cap     dark        jpg  MRV-B -  seal
027 side    turn90      jpg  MRV-B -  -
027 cap~m   q40         jpg  -     -  -
030 cap     flat        tif  -     -  seal
030 side    glare       jpg  -     G5 -
030 cap~m   flat        webp -     -  -
031 cap     flat        heic -     G5 -
031 side    a4          jpg  -     -  -
"""


def _clean() -> list[Crossing]:
    out: list[Crossing] = []
    for row in _CLEAN.split("\n"):
        if not row:
            continue
        doc, view, look, kind, visa, group, more = ("" if cell == "-" else cell for cell in row.split())
        live = f"id{doc}_{view}" if view else ""
        count = sum(c.document == doc for c in out)
        plants: tuple[Plant, ...] = ()
        if doc == "025":
            note = "the watch list has this name and birth date in an entry that expired: no finding is expected"
            plants = (Plant("expired_entry_suppressed", "document", note, reference_id="W-008"),)
        crossing = Crossing(f"{doc}-{count + 1}", doc, live, look, kind, visa, plants, group=group)
        with_more: dict[str, Any] = {more: "good"} if more in ("chip", "seal", "licence") else {"exif": more}
        out.append(replace(crossing, **with_more))
    return out


def _one(
    key: str, document: str, live: str, look: str, kind: str, plant: Plant, *more: Plant, **extra: object
) -> Crossing:
    return Crossing(key, document, live, look, kind, plants=(plant, *more), **extra)  # type: ignore[arg-type]


_P = Plant
_ALIKE = "different people; a candidate is expected, and innocent"
_REUSED = "the same portrait file on another number"
_FOLLOWS = "follows from the shared portrait"
_SAME_CAPTURE = "the live capture of another crossing, handed in once more"
_OTHER_NAME = "the same person under another name and birth date"
_SAME_NUMBER = "the same number, another name, birth date and face"
_PLANTED = [
    _one("docnum", "002-number", "id002_cap", "flat", "jpg",
         _P("document_number_check_digit", "document", "only this check digit is wrong"),
         _P("one_picture_two_items", "capture", _SAME_CAPTURE, "early")),
    _one("birth", "005-birth", "id005_cap", "flat", "jpg",
         _P("birth_date_check_digit", "document_back", "only this check digit is wrong")),
    _one("expiry", "009-expiry", "id009_cap", "rotate", "jpg",
         _P("expiry_date_check_digit", "document", "only this check digit is wrong")),
    _one("optional", "022-optional", "id022_side", "flat", "jpg",
         _P("optional_data_check_digit", "document", "only this check digit is wrong")),
    _one("composite", "035-composite", "", "flat", "png",
         _P("composite_check_digit", "document", "only this check digit is wrong"),
         _P("seal_signer_unknown", "document", "nothing can be told of its signature"), seal="unknown"),
    _one("expired", "036-expired", "", "shadow", "jpg",
         _P("expired", "document", "expired 2025-05-29"),
         _P("declared_otherwise", "document", "declared as KRISTOFFERSEN"),
         _P("chip_and_print_differ", "chip", "DG1 holds the number UP1628940"),
         declared={"declared_primary_identifier": "KRISTOFFERSEN"}, chip="other"),
    _one("early", "002-early", "id002_cap", "flat", "jpg",
         _P("not_yet_valid", "document_front", "VIZ date of issue 2026-07-01, after the inspection"),
         _P("one_picture_two_items", "capture", _SAME_CAPTURE, "docnum"), capture_of="docnum"),
    _one("issue", "005-issue", "id005_side", "flat", "jpg",
         _P("birth_after_issue", "document", "VIZ date of issue 1979-02-12, birth 1980-08-16"),
         _P("picture_editor", "document", "EXIF names an editor"),
         _P("saved_by_a_library", "document", "EXIF names a camera, the JPEG has a library's tables"),
         _P("resampled", "document", "EXIF speaks of another size"), exif="edited"),
    _one("vizname", "009-name", "id009_cap~z", "dark", "jpg",
         _P("viz_name_differs", "document_front", "VIZ says IRIBARREN, MRZ says IRIARTE")),
    _one("viznumber", "035-number", "", "flat", "tif",
         _P("viz_number_differs", "document", "VIZ says UN4889071, MRZ says UN4839071")),
    _one("vizdate", "036-date", "", "grey", "jpg",
         _P("viz_date_differs", "document", "VIZ says born 1988-01-18, MRZ says 1983-01-18"),
         _P("grey_copy", "document", "the page has no colour"),
         _P("seal_altered", "document", "one bit of its signature is changed"), seal="altered"),
    _one("withdrawn", "005-sun", "id005_cap~m", "perspective", "jpg",
         _P("withdrawn_state_code", "document", "issuing state SUN, withdrawn")),
    _one("unknown", "009-wsa", "id009_cap~m", "flat", "webp",
         _P("unknown_state_code", "document", "issuing state WSA, which Doc 9303-3 does not list")),
    _one("notlive", "036-other", "id024_cap", "flat", "jpg",
         _P("portrait_not_live", "capture", "the live person is id024, the portrait is id036"),
         _P("front_of_another_card", "document_front", "number and birth date of the front are not those of the back")),
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
         _P("look_alike", "document", _ALIKE, "alike-028"),
         _P("one_face_two_identities", "document", "the chip of another document holds this face", "substituted")),
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


def _back(document: str, *plants: Plant, **extra: object) -> Crossing:
    """A card of which only the back is handed over."""
    return Crossing(document, document, "", plants=plants, skip=("document_front",), **extra)  # type: ignore[arg-type]


def _at_gate(state: str, document: str, kind: str, note: str) -> Crossing:
    """A traveller at a gate that reads the chip only."""
    skip = ("document", "document_front", "document_back")
    return Crossing(f"chip-{state}", document, "", plants=(Plant(kind, "chip", note),), skip=skip, chip=state)


_BACK = "document_back"
_IN_A_ROW = "numbers UB4405711 to UB4405713 in one group, two surnames"
_ALTERED = [
    _back("digits", _P("all_check_digits", _BACK, "every check digit is wrong")),
    _back("lookalike", _P("look_alike_character", _BACK, "the last digit of the number is printed 3 for 8")),
    _back("letter", _P("letter_among_digits", _BACK, "the letter O stands in the birth date for 0")),
    _back("code", _P("document_code_of_another_layout", _BACK, "a card with the code P")),
    _back("stranger", _P("unknown_nationality", _BACK, "nationality WSA, which Doc 9303-3 does not list"),
          _P("sex_x", _BACK, "sex X in the MRZ"), declared={"declared_nationality": "WSA"}),
    _back("dates", _P("impossible_birth_date", _BACK, "born 871332"),
          _P("impossible_expiry_date", _BACK, "until 290231"), declared={"declared_birth_date": ""}),
    _back("aged", _P("aged_99", _BACK, "born 1926-08-01")),
    _back("unborn", _P("birth_after_expiry", _BACK, "born 2005-01-10, expired 2004-05-01")),
    _back("endless", _P("valid_too_long", _BACK, "valid until 2050-05-01")),
    _back("fillers", _P("name_field_with_gap", _BACK, "three fillers within the name")),
    _back("long", _P("long_number_of_td1_without_rest", _BACK, "a filler for the number's check digit, and no rest")),
    _back("licence", _P("licence_contradicts_itself", _BACK, "by its barcode issued after it expired"),
          licence="altered"),
    _one("emergency", "emergency", "", "flat", "jpg",
         _P("emergency_with_long_validity", "document", "code PE, valid until 2031-04-15"),
         _P("viz_sex_differs", "document", "VIZ says M, MRZ says F"),
         _P("numbers_in_a_row", "document", _IN_A_ROW, "foreign"), group="G6"),
    _one("foreign", "foreign", "", "flat", "jpg",
         _P("issuer_is_not_nationality", "document", "a passport of UTO for a national of NOR"),
         _P("viz_nationality_differs", "document", "VIZ says UTO, MRZ says NOR"),
         _P("viz_personal_number_differs", "document", "VIZ says 7780164, MRZ says 7730164"),
         _P("numbers_in_a_row", "document", _IN_A_ROW, "emergency"),
         declared={"declared_nationality": "NOR"}, group="G6"),
    _one("child", "child", "", "flat", "jpg",
         _P("child_with_long_validity", "document", "born 2019-05-06, valid until 2035-09-01"),
         _P("repeated_field_differs", "document", "the number is printed as UB4405713 and as UB4402713"),
         _P("numbers_in_a_row", "document", _IN_A_ROW, "foreign"), group="G6"),
    _one("cutoff", "cutoff", "", "flat", "jpg",
         _P("name_cut_off", "document", "MRZ says BJARNADOT, VIZ says BJARNADOTTIR"),
         _P("long_number_of_td2_without_rest", "document", "a filler for the number's check digit, and no rest"),
         _P("odd_validity", "document", "VIZ date of issue 2020-08-21, expiry 2030-11-05")),
    _one("ghost", "ghost", "", "flat", "jpg",
         _P("ghost_differs", "document", "the portrait is id009, the ghost portrait id034")),
    _one("substituted", "substituted", "", "flat", "jpg",
         _P("chip_portrait_differs", "chip", "the portrait is id009, in the chip it is id004"),
         _P("one_face_two_identities", "chip", "the face in the chip is another traveller's", "alike-004"),
         chip="good", chip_face="id004_doc"),
    _one("visited", "visited", "", "flat", "jpg",
         _P("visa_of_another_person", "visa", "the visa names DUNMORE, the passport OYELARAN"),
         _P("visa_of_own_state", "visa", "a visa of UTO for its own national"),
         _P("visa_dates_differ", "visa", "VIZ valid until 2028-03-01, MRZ 2027-03-01"),
         _P("seal_and_print_differ", "visa", "the seal still names OYELARAN"),
         visa="MRV-A", visa_holder="b12", visa_viz={"Valid until": "01 MAR 2028"}, seal="good"),
    _one("misfiled", "misfiled", "", "flat", "jpg",
         _P("layout_of_another_page", "document", "a visa filed as the document"),
         visa="MRV-B", as_role="document", skip=("document",)),
    _at_gate("altered", "001", "chip_file_altered", "the birth date in DG1 was changed after it was signed"),
    _at_gate("forged", "001", "chip_signature_forged", "one bit of the signature of EF.SOD is changed"),
    _at_gate("uncertified", "003", "chip_signer_not_certified", "the CSCA did not sign the signer's certificate"),
    _at_gate("unknown", "003", "chip_chain_unknown", "a CSCA that the trust store does not hold: nothing can be told"),
    _at_gate("revoked", "007", "chip_signer_revoked", "the signer stands in the revocation list"),
    _at_gate("foreign", "007", "chip_signed_for_another_state", "the signer is of the state ZZ"),
    _at_gate("late", "013", "chip_signed_later", "the signer was certified 400 days after the issue"),
    _at_gate("outlived", "013", "chip_signer_expired", "the signer's certificate ends 900 days before the document"),
    _at_gate("details", "014", "chip_details_differ", "DG11 names OSTROWSKA"),
    _at_gate("misdescribed", "014", "chip_portrait_misdescribed", "the header says 240 x 320 pixels"),
    _at_gate("stripped", "018", "chip_file_missing", "DG11 is signed and not there"),
    _at_gate("copied", "018", "chip_copied", "the answer was made with another key than that of DG15"),
]  # fmt: skip

CROSSINGS = {c.key: c for c in (*_clean(), *_PLANTED, *_ALTERED)}


def _shuffled(crossings: list[Crossing]) -> list[str]:
    keys = sorted(one.key for one in crossings)
    random.Random(20260615).shuffle(keys)
    return keys


ORDER = [*_shuffled([*_clean(), *_PLANTED]), *_shuffled(_ALTERED)]  # what comes later leaves the first their numbers
