"""Makes the sample material: a checkpoint day of invented travellers of Utopia, with planted truths.

Run it as `python scripts/make_samples.py`, with --out, --faces and --fonts for other folders. Two runs with
the same versions of Pillow and OpenCV give the same bytes: each file has its own seed.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import hashlib
import io
import json
import shutil
import time
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image
from samples.drawing import Artist
from samples.electronic import Registry, licence
from samples.people import DOCUMENTS, PEOPLE, Document, Person
from samples.plan import CHECKS, CROSSINGS, INSPECTION_DATE, ORDER, Crossing

from samples import chip, degrade, lists
from verify.document.encode import encode as encode_mrz
from verify.document.formats import FORMATS

MANIFEST = [
    "schema_version", "item_id", "role", "path", "inspection_date", "declared_primary_identifier",
    "declared_secondary_identifier", "declared_birth_date", "declared_nationality", "travel_group",
    "travel_from", "travel_to",
]  # fmt: skip
REGISTER = ["file", "source", "licence", "purpose", "sha256"]
FROM = ["Port Vesper", "North Skerry", "Quillan", "Zedar", "Isle of Orm"]
TO = ["Aldmoor", "Brann", "East Harrow"]
_EPOCH = time.gmtime(1781481600)  # 2026-06-15, so that a PDF carries no time of its making

Fields = list[tuple[str, str, int, int]]


def seed(*names: str) -> np.random.Generator:
    """Give the random source of one file."""
    return np.random.default_rng(zlib.crc32("/".join(names).encode()))


def printed(value: dt.date) -> str:
    """Print a date as the VIZ does."""
    return value.strftime("%d %b %Y").upper()


def mrz_of(document: Document, person: Person, **other: str) -> list[str]:
    """Give the MRZ lines of a document as printed; `other` values take the place of its own."""
    values: dict[str, str | dt.date] = {
        "document_code": _code(document), "issuing_state": document.issuing, "document_number": document.number,
        "expiry_date": document.expiry, "optional_data": document.optional,
    }  # fmt: skip
    values.update(document.mrz)
    values.update(other)
    lines = lines_of(document.layout, person, wrong=document.wrong, **values)
    if document.retouch:
        row, column, text = document.retouch
        lines[row] = lines[row][:column] + text + lines[row][column + len(text) :]
    return lines


def _code(document: Document) -> str:
    return document.mrz.get("document_code", "P" if document.layout == "TD3" else "I")


def lines_of(layout: str, person: Person, *, wrong: Sequence[str] = (), **values: str | dt.date) -> list[str]:
    """Give the MRZ lines of a person's document; `wrong` names the fields whose check digits to print wrong."""
    return list(
        encode_mrz(
            FORMATS[layout],
            {
                "primary_identifier": person.primary, "secondary_identifier": person.secondary, "sex": person.sex,
                "nationality": person.nationality, "birth_date": person.birth, **values,
            },
            wrong=[f"{one}_check_digit" for one in wrong],
        )
    )  # fmt: skip


def viz_of(document: Document, person: Person) -> Fields:
    """Give the VIZ of a data page, as printed: label, value, row, column."""
    value = {
        "primary": person.primary, "secondary": person.secondary, "number": document.number, "sex": person.sex,
        "birth": printed(person.birth), "issue": printed(document.issue), "expiry": printed(document.expiry),
        "personal": document.optional,
    } | document.viz  # fmt: skip
    more: Fields = [("Personal No.", value["personal"], 6, 1)] if value["personal"] else []
    more += [("Document No.", value["again"], 6, 1)] if "again" in value else []
    return [
        ("Type / Issuing state", f"{_code(document)} / {document.issuing}", 0, 1),
        ("Document No.", value["number"], 0, 0),
        ("Primary identifier", value["primary"], 1, 0),
        ("Secondary identifier", value["secondary"], 2, 0),
        ("Nationality", person.nationality, 3, 0),
        ("Date of birth", value["birth"], 3, 1),
        ("Sex", value["sex"], 4, 0),
        ("Place of birth", person.place, 4, 1),
        ("Date of issue", value["issue"], 5, 0),
        ("Authority", "REGISTRY", 5, 1),
        ("Date of expiry", value["expiry"], 6, 0),
        *more,
    ]


def visa_of(layout: str, document: Document, person: Person, viz: dict[str, str]) -> tuple[Fields, list[str]]:
    """Give the VIZ, with other values by label where asked, and the MRZ of a visa stuck into the passport."""
    number, start, until = f"V{document.number[2:]}5", dt.date(2026, 3, 2), dt.date(2027, 3, 1)
    lines = lines_of(layout, person, document_code="V", issuing_state="UTO", document_number=number, expiry_date=until)
    fields: Fields = [
        ("Visa No.", number, 0, 0),
        ("Passport No.", document.number, 0, 1),
        ("Primary identifier", person.primary, 1, 0),
        ("Secondary identifier", person.secondary, 2, 0),
        ("Nationality", person.nationality, 3, 0),
        ("Date of birth", printed(person.birth), 3, 1),
        ("Sex", person.sex, 4, 0),
        ("Entries", "MULTIPLE", 4, 1),
        ("Valid from", printed(start), 5, 0),
        ("Authority", "CONSULATE", 5, 1),
        ("Valid until", printed(until), 6, 0),
        ("Duration of stay", "90 DAYS", 6, 1),
    ]
    return [(label, viz.get(label, value), row, column) for label, value, row, column in fields], lines


class Day:
    """Draws one crossing after the other and keeps the rows of the manifest and the truth."""

    def __init__(self, out: Path, artist: Artist, registry: Registry) -> None:
        """Write into `out`."""
        self._out, self._artist, self._registry = out, artist, registry
        self.rows: list[dict[str, str]] = []
        self.items: dict[str, object] = {}
        self.lines: dict[str, dict[str, list[str]]] = {}
        self.numbers = {key: f"C{i:03d}" for i, key in enumerate(ORDER, 1)}

    def cross(self, crossing: Crossing) -> None:
        """Make the files, rows and truth of one crossing."""
        item = self.numbers[crossing.key]
        document = DOCUMENTS[crossing.document]
        person = PEOPLE[document.person]
        lines = mrz_of(document, person)
        if document.layout == "TD1":
            self._card(item, crossing, document, person, lines)
        elif "document" not in crossing.skip:
            fields = viz_of(document, person)
            page = self._artist.page(document.layout, document.portrait, fields, lines, ghost=document.ghost)
            if crossing.seal and not crossing.visa:
                self._seal(page, document.layout, crossing, 0xFB06, lines)
            self._keep(item, "document", page, crossing, lines)
        if crossing.visa:
            self._visa(item, crossing, document, person)
        self._capture(item, crossing)
        if crossing.chip:
            self._chip(item, crossing, document, person)
        self._truth(item, crossing, person)

    def _card(self, item: str, crossing: Crossing, document: Document, person: Person, lines: list[str]) -> None:
        """Both sides of a TD1 card, in one file where the kind of file can hold two."""
        front = self._artist.page("TD1", document.portrait, viz_of(document, person), [], engraved=document.engraved)
        back = self._artist.back("TD1", [("Place of issue", "ALDMOOR", 0, 0), ("Card of", "UTOPIA", 0, 1)], lines)
        if crossing.licence:
            self._artist.code(back, "TD1", licence(document, person, state=crossing.licence), "PDF417", 3)
        if crossing.kind in ("tif", "pdf"):
            self.lines.setdefault(item, {})["document"] = lines
            self._save(item, "document", [front, back], crossing)
            return
        self._keep(item, "document_front", front, crossing, [])
        self._keep(item, "document_back", back, crossing, lines)

    def _visa(self, item: str, crossing: Crossing, document: Document, person: Person) -> None:
        fields, lines = visa_of(crossing.visa, document, PEOPLE[crossing.visa_holder or document.person],
                                crossing.visa_viz)  # fmt: skip
        page = self._artist.page(crossing.visa, document.portrait, fields, lines)
        if crossing.seal:
            _fields, sealed = visa_of(crossing.visa, document, person, {})
            self._seal(page, crossing.visa, crossing, 0x5D01, [sealed[0], sealed[1][:28]], passport=document.number)
        self._keep(item, crossing.as_role or "visa", page, crossing, lines)

    def _seal(
        self, page: Image.Image, layout: str, crossing: Crossing, kind: int, lines: list[str], passport: str = ""
    ) -> None:
        """A seal of a residence permit or a visa: it repeats the MRZ, of a visa up to the expiry date."""
        fields = [(2, chip.c40("".join(lines)))] + ([(5, chip.c40(passport))] if passport else [])
        content = self._registry.seal(crossing.seal, kind, fields, dt.date(2026, 3, 2))
        self._artist.code(page, layout, content, "DataMatrix", 4)

    def _chip(self, item: str, crossing: Crossing, document: Document, person: Person) -> None:
        """A dump; where no page is handed over it holds a portrait only where that is what it is about."""
        other = {"document_number": "UP1628940"} if crossing.chip == "other" else {}
        stem = crossing.chip_face or document.portrait
        seen = "document" not in crossing.skip or crossing.chip == "misdescribed"
        portrait = self._artist.face(stem) if seen else None
        lines = mrz_of(document, person, **other)
        self._write(
            item, "chip", "zip", self._registry.dump(crossing.chip, document, person, lines, portrait), crossing
        )

    def _keep(self, item: str, role: str, page: Image.Image, crossing: Crossing, lines: list[str]) -> None:
        """Saves a page that is handed over, and notes its MRZ."""
        if role not in crossing.skip or role == crossing.as_role:
            if lines:
                self.lines.setdefault(item, {})[role] = lines
            self._save(item, role, [page], crossing)

    def _save(self, item: str, role: str, pages: list[Image.Image], crossing: Crossing) -> None:
        rng = seed(crossing.key, role)
        shown = [degrade.degrade(page, crossing.look, rng) for page in pages]
        kind = "jpg" if role == "visa" else crossing.kind
        quality = {"q40": 40}.get(crossing.look, {"edited": 75}.get(crossing.exif, 85))
        data = encode(shown, kind, quality, exif=exif_of(shown[0], crossing.exif))
        damage = crossing.damage.get(role)
        if damage:
            data = b"" if damage == "empty" else data[: len(data) * 2 // 5]
        self._write(item, role, kind, data, crossing)

    def _capture(self, item: str, crossing: Crossing) -> None:
        if not crossing.live:
            return
        rng = seed(crossing.capture_of or crossing.key, "capture")
        if crossing.live == "room":
            picture = degrade.empty_room(rng)
        else:
            stems = crossing.live.removeprefix("two:").split(",")
            picture = degrade.capture([self._artist.face(stem) for stem in stems], rng)
        self._write(item, "capture", "jpg", encode([picture], "jpg", int(rng.integers(72, 88))), crossing)

    def _write(self, item: str, role: str, kind: str, data: bytes, crossing: Crossing) -> None:
        name = f"files/{item}_{role}.{kind}"
        (self._out / name).write_bytes(data)
        row = dict.fromkeys(MANIFEST, "") | {
            "schema_version": "1",
            "item_id": item,
            "role": role,
            "path": name,
        }
        if not (self.rows and self.rows[-1]["item_id"] == item):
            person = PEOPLE[DOCUMENTS[crossing.document].person]
            number = int(item[1:]) if not crossing.group else int(crossing.group[1:])
            row |= {
                "inspection_date": INSPECTION_DATE,
                "declared_primary_identifier": person.primary,
                "declared_secondary_identifier": person.secondary,
                "declared_birth_date": person.birth.isoformat(),
                "declared_nationality": person.nationality,
                "travel_group": crossing.group,
                "travel_from": FROM[number % len(FROM)],
                "travel_to": TO[number % len(TO)],
            }
            row |= crossing.declared
        self.rows.append(row)

    def _truth(self, item: str, crossing: Crossing, person: Person) -> None:
        planted = []
        for plant in crossing.plants:
            entry = {"kind": plant.kind, "file": plant.file, "note": plant.note}
            if plant.kind in CHECKS:
                entry["check"] = CHECKS[plant.kind]
            if plant.other:
                entry["with"] = self.numbers[plant.other]
            if plant.reference_id:
                entry["reference_id"] = plant.reference_id
            planted.append(entry)
        clean = all(plant.kind == "expired_entry_suppressed" for plant in crossing.plants)
        self.items[item] = {"clean": clean, "holder": person.face, "planted": planted}


def exif_of(page: Image.Image, state: str) -> bytes:
    """Give the EXIF of a camera: true of this picture, or `edited`; none for an empty state."""
    if not state:
        return b""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Utopia Optics", "Desk 2"
    width, height = page.size
    if state == "edited":
        exif[0x0131], width, height = "Adobe Photoshop 24.1", 4032, 3024
    exif[0x8769] = {0xA002: width, 0xA003: height}
    return exif.tobytes()


def encode(pages: list[Image.Image], kind: str, quality: int, *, exif: bytes = b"") -> bytes:
    """Encode pages as one file; only TIFF and PDF hold more than one, and only JPEG gets an EXIF here."""
    first, rest, buffer = pages[0], pages[1:], io.BytesIO()
    dpi = (300, 300)
    if kind == "jpg":
        first.save(buffer, "JPEG", quality=quality, dpi=dpi, **({"exif": exif} if exif else {}))
    elif kind == "png":
        first.save(buffer, "PNG", optimize=True, dpi=dpi)
    elif kind == "tif":
        first.save(buffer, "TIFF", compression="tiff_adobe_deflate", dpi=dpi, save_all=True, append_images=rest)
    elif kind == "pdf":
        first.save(
            buffer, "PDF", resolution=300 if first.height < 2500 else 240, quality=quality, save_all=True,
            append_images=rest, creationDate=_EPOCH, modDate=_EPOCH,
        )  # fmt: skip
    elif kind == "heic":
        pillow_heif.from_pillow(first).save(buffer, quality=80)
    else:
        first.save(buffer, "WEBP", quality=quality, method=4)
    return buffer.getvalue()


def write_csv(path: Path, columns: list[str], rows: list[dict[str, str]]) -> None:
    """Write a table as UTF-8 CSV; a column that a row lacks is empty."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def register(out: Path) -> None:
    """Write REGISTER.csv: source, licence, purpose and SHA-256 of each file."""
    made = ("scripts/make_samples.py", "CC0-1.0")
    known = {
        "faces": ("rendered for this project from CC0 assets", "CC0-1.0", "portrait of an invented person"),
        "fonts/OCRB.otf": (
            "Debian fonts-ocr-b",
            "public domain and permissive, see fonts/NOTICE.md",
            "MRZ font",
        ),
        "fonts/DejaVuSansCondensed-Bold.ttf": (
            "Debian fonts-dejavu",
            "Bitstream Vera, see fonts/NOTICE.md",
            "VIZ font",
        ),
        "checkpoint/files": (*made, "scan, live capture or chip dump of an invented crossing"),
        "checkpoint/trust": (*made, "whom this day's chips and seals ask to trust; its keys are public"),
        "checkpoint/manifest.csv": (*made, "manifest of the day"),
        "checkpoint/truth.json": (*made, "what was planted, and the printed MRZ"),
        "checkpoint": (*made, "invented list to enrol"),
    }
    rows = []
    for path in sorted(p for p in out.rglob("*") if p.is_file() and p.name != "REGISTER.csv"):
        name = path.relative_to(out).as_posix()
        parents = [name, *(p.as_posix() for p in Path(name).parents)]
        what = next(
            (known[p] for p in parents if p in known),
            ("written for this project", "CC0-1.0", "explains or sets"),
        )
        sha = hashlib.sha256(path.read_bytes()).hexdigest()
        rows.append(dict(zip(REGISTER, (name, *what, sha), strict=True)))
    write_csv(out / "REGISTER.csv", REGISTER, rows)


def make(out: Path, faces: Path, fonts: Path, keys: Sequence[str] = ORDER) -> None:
    """Make the day, or only some crossings of it, its lists and its truth."""
    day_dir = out / "checkpoint"
    shutil.rmtree(day_dir / "files", ignore_errors=True)
    (day_dir / "files").mkdir(parents=True)
    for source in (faces, fonts):
        target = out / source.name
        if target.resolve() != source.resolve():
            shutil.copytree(source, target, dirs_exist_ok=True)
    registry = Registry()
    (day_dir / "trust").mkdir(exist_ok=True)
    for name, data in registry.trust().items():
        (day_dir / "trust" / name).write_bytes(data)
    day = Day(day_dir, Artist(fonts, faces), registry)
    for key in keys:
        day.cross(CROSSINGS[key])
    write_csv(day_dir / "manifest.csv", MANIFEST, day.rows)
    for name, rows in (
        ("watchlist", lists.WATCHLIST),
        ("nominals", lists.NOMINALS),
        ("missing", lists.MISSING),
    ):
        write_csv(day_dir / f"{name}.csv", lists.COLUMNS, rows)
    truth = {"schema_version": 1, "inspection_date": INSPECTION_DATE, "items": day.items, "mrz": day.lines}
    (day_dir / "truth.json").write_text(json.dumps(truth, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    """Make everything."""
    here = Path(__file__).resolve().parent.parent / "samples"
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=here)
    parser.add_argument("--faces", type=Path, default=here / "faces")
    parser.add_argument("--fonts", type=Path, default=here / "fonts")
    parser.add_argument("--register-only", action="store_true", help="write REGISTER.csv anew, make nothing")
    args = parser.parse_args()
    if not args.register_only:
        make(args.out, args.faces, args.fonts)
    register(args.out)


if __name__ == "__main__":
    main()
