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
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image
from samples.drawing import Artist
from samples.people import DOCUMENTS, PEOPLE, Document, Person
from samples.plan import CROSSINGS, INSPECTION_DATE, ORDER, Crossing

from samples import degrade, lists
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
Page = tuple[str, Image.Image]


def seed(*names: str) -> np.random.Generator:
    """Give the random source of one file."""
    return np.random.default_rng(zlib.crc32("/".join(names).encode()))


def printed(value: dt.date) -> str:
    """Print a date as the VIZ does."""
    return value.strftime("%d %b %Y").upper()


def mrz_of(document: Document, person: Person) -> list[str]:
    """Give the MRZ lines of a document as printed."""
    code = {"TD3": "P", "TD1": "I", "TD2": "I"}[document.layout]
    return lines_of(
        document.layout, person, wrong=document.wrong, document_code=code, issuing_state=document.issuing,
        document_number=document.number, expiry_date=document.expiry, optional_data=document.optional,
    )  # fmt: skip


def lines_of(layout: str, person: Person, *, wrong: str = "", **values: str | dt.date) -> list[str]:
    """Give the MRZ lines of a person's document; `wrong` names the check digit to print wrong."""
    return list(
        encode_mrz(
            FORMATS[layout],
            {
                "primary_identifier": person.primary, "secondary_identifier": person.secondary, "sex": person.sex,
                "nationality": person.nationality, "birth_date": person.birth, **values,
            },
            wrong=[f"{wrong}_check_digit"] if wrong else (),
        )
    )  # fmt: skip


def viz_of(document: Document, person: Person) -> Fields:
    """Give the VIZ of a data page, as printed: label, value, row, column."""
    code = "P" if document.layout == "TD3" else "I"
    value = {
        "primary": person.primary, "secondary": person.secondary, "number": document.number,
        "birth": printed(person.birth), "issue": printed(document.issue), "expiry": printed(document.expiry),
    } | document.viz  # fmt: skip
    return [
        ("Type / Issuing state", f"{code} / {document.issuing}", 0, 1),
        ("Document No.", value["number"], 0, 0),
        ("Primary identifier", value["primary"], 1, 0),
        ("Secondary identifier", value["secondary"], 2, 0),
        ("Nationality", person.nationality, 3, 0),
        ("Date of birth", value["birth"], 3, 1),
        ("Sex", person.sex, 4, 0),
        ("Place of birth", person.place, 4, 1),
        ("Date of issue", value["issue"], 5, 0),
        ("Authority", "REGISTRY", 5, 1),
        ("Date of expiry", value["expiry"], 6, 0),
    ]


def visa_of(layout: str, document: Document, person: Person) -> tuple[Fields, list[str]]:
    """Give the VIZ and the MRZ of a visa stuck into the passport."""
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
    ]
    return fields, lines


class Day:
    """Draws one crossing after the other and keeps the rows of the manifest and the truth."""

    def __init__(self, out: Path, artist: Artist) -> None:
        """Write into `out`."""
        self._out, self._artist = out, artist
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
        front_mrz = [] if document.layout == "TD1" else lines
        pages = [
            (
                "document",
                self._artist.page(document.layout, document.portrait, viz_of(document, person), front_mrz),
            )
        ]
        if document.layout == "TD1":
            rear: Fields = [("Place of issue", "ALDMOOR", 0, 0), ("Card of", "UTOPIA", 0, 1)]
            pages.append(("document", self._artist.back("TD1", rear, lines)))
        truth = self.lines.setdefault(item, {})
        if len(pages) == 2 and crossing.kind in ("tif", "pdf"):  # both sides in one file
            truth["document"] = lines
            self._save(item, "document", pages, crossing)
        elif len(pages) == 2:
            truth["document_back"] = lines
            self._save(item, "document_front", pages[:1], crossing)
            self._save(item, "document_back", pages[1:], crossing)
        else:
            truth["document"] = lines
            self._save(item, "document", pages, crossing)
        if crossing.visa:
            fields, visa_lines = visa_of(crossing.visa, document, person)
            truth["visa"] = visa_lines
            page = self._artist.page(crossing.visa, document.portrait, fields, visa_lines)
            self._save(item, "visa", [("visa", page)], crossing)
        self._capture(item, crossing)
        self._truth(item, crossing, person)

    def _save(self, item: str, role: str, pages: list[Page], crossing: Crossing) -> None:
        rng = seed(crossing.key, role)
        shown = [degrade.degrade(page, crossing.look, rng) for _, page in pages]
        kind = "jpg" if role == "visa" else crossing.kind
        data = encode(shown, kind, 40 if crossing.look == "q40" else 85)
        damage = crossing.damage.get(role)
        if damage:
            data = b"" if damage == "empty" else data[: len(data) * 2 // 5]
        self._write(item, role, kind, data, crossing)

    def _capture(self, item: str, crossing: Crossing) -> None:
        if not crossing.live:
            return
        rng = seed(crossing.key, "capture")
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
        self.rows.append(row)

    def _truth(self, item: str, crossing: Crossing, person: Person) -> None:
        planted = []
        for plant in crossing.plants:
            entry = {"kind": plant.kind, "file": plant.file, "note": plant.note}
            if plant.other:
                entry["with"] = self.numbers[plant.other]
            if plant.reference_id:
                entry["reference_id"] = plant.reference_id
            planted.append(entry)
        clean = all(plant.kind == "expired_entry_suppressed" for plant in crossing.plants)
        self.items[item] = {"clean": clean, "holder": person.face, "planted": planted}


def encode(pages: list[Image.Image], kind: str, quality: int) -> bytes:
    """Encode pages as one file; only TIFF and PDF hold more than one."""
    first, rest, buffer = pages[0], pages[1:], io.BytesIO()
    dpi = (300, 300)
    if kind == "jpg":
        first.save(buffer, "JPEG", quality=quality, dpi=dpi)
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
        "checkpoint/files": (*made, "scan or live capture of an invented crossing"),
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


def make(out: Path, faces: Path, fonts: Path) -> None:
    """Make the day, its lists and its truth."""
    day_dir = out / "checkpoint"
    shutil.rmtree(day_dir / "files", ignore_errors=True)
    (day_dir / "files").mkdir(parents=True)
    for source in (faces, fonts):
        target = out / source.name
        if target.resolve() != source.resolve():
            shutil.copytree(source, target, dirs_exist_ok=True)
    day = Day(day_dir, Artist(fonts, faces))
    for key in ORDER:
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
