"""End to end against the loop a user would write today: PassportEye and face_recognition, one crossing after the other.

    scripts/bench naive [--crossings 200] [--jobs 2] [--engine omz --models DIR]

Draws distinct crossings outside the repository with the sample maker, runs the loop and the batch on them in turn, and
prints crossings per second, zones read exactly and captures compared. Both see the same files; the batch also screens,
checks, encrypts and keeps an audit log. The printed page (VIZ) is read by neither.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import make_samples
from samples.drawing import Artist
from samples.electronic import Registry
from samples.people import DOCUMENTS, PEOPLE, Document, Person
from samples.plan import Crossing

from verify.batch import Commission, read_manifest, run
from verify.batch.codec import ITEM_RESULT
from verify.ledger import Ledger
from verify.model.finding import CheckState
from verify.settings import Settings
from verify.vault.keys import new_data_key

SAMPLES = Path(__file__).parents[2] / "samples"
LOOKS = ("flat", "flat", "flat", "rotate", "shadow", "q40", "perspective", "turn90")
SYLLABLES = (
    "BRA",
    "DEN",
    "FOL",
    "GAR",
    "HIL",
    "KAM",
    "LOR",
    "MIN",
    "NOV",
    "PEL",
    "RUS",
    "SAN",
    "TOL",
    "VER",
    "WIS",
    "ZAN",
)
_Count = tuple[int, int]


def draw(folder: Path, count: int) -> dict[str, list[str]]:
    """Draws `count` crossings with a manifest; returns the printed MRZ lines of each."""
    rng = random.Random(7)
    (folder / "files").mkdir()
    stems = sorted(path.stem[:5] for path in (SAMPLES / "faces").glob("*_cap.jpg"))
    crossings = []
    for number in range(count):
        face, key = stems[number % len(stems)], f"bench{number:04d}"
        birth = dt.date(1970 + rng.randrange(35), rng.randrange(1, 13), rng.randrange(1, 28))
        issue = dt.date(2018 + rng.randrange(8), rng.randrange(1, 13), rng.randrange(1, 28))
        names = ("".join(rng.sample(SYLLABLES, 3)), "".join(rng.sample(SYLLABLES, 2)))
        PEOPLE[key] = Person(face, *names, birth, rng.choice("FM"), "ALDMOOR")
        DOCUMENTS[key] = Document(
            key, rng.choice(("TD3", "TD3", "TD2")), f"U{rng.choice('ABCDEFGH')}{rng.randrange(10**6, 10**7)}",
            issue, issue.replace(year=issue.year + 10), f"{face}_doc",
        )  # fmt: skip
        crossings.append(Crossing(key, key, f"{face}_cap", look=rng.choice(LOOKS)))
    day = make_samples.Day(folder, Artist(fonts=SAMPLES / "fonts", faces=SAMPLES / "faces"), Registry())
    day.numbers = {crossing.key: f"C{number:04d}" for number, crossing in enumerate(crossings, 1)}
    for crossing in crossings:
        day.cross(crossing)
    make_samples.write_csv(folder / "manifest.csv", make_samples.MANIFEST, day.rows)
    return {item: roles["document"] for item, roles in day.lines.items()}


def loop(folder: Path, printed: dict[str, list[str]]) -> tuple[_Count, _Count]:
    """The loop: (read exactly, of), (compared, of)."""
    import face_recognition_models

    # the package loads its 68-point model when it is imported; that model's licence excludes commercial use
    face_recognition_models.pose_predictor_model_location = (
        face_recognition_models.pose_predictor_five_point_model_location
    )
    import face_recognition
    from passporteye import read_mrz

    exact = compared = 0
    for item, lines in printed.items():
        document, capture = (str(folder / "files" / f"{item}_{role}.jpg") for role in ("document", "capture"))
        zone = read_mrz(document)
        text = "".join(zone.aux.get("text", "").split()) if zone is not None else ""
        exact += text == "".join(lines)
        faces = [
            face_recognition.face_encodings(face_recognition.load_image_file(path), model="small")
            for path in (document, capture)
        ]
        if all(faces):
            compared += 1
            face_recognition.compare_faces([faces[0][0]], faces[1][0])
    return (exact, len(printed)), (compared, len(printed))


def batch(folder: Path, printed: dict[str, list[str]], settings: Settings) -> tuple[_Count, _Count]:
    """The same by the batch."""
    kek = new_data_key()
    commission = Commission(read_manifest(folder / "manifest.csv"), folder / "job", kek, "bench", "benchmark")
    run(commission, settings, ())
    exact = compared = 0
    with Ledger.open(folder / "job", kek, "read") as ledger:
        for record in ledger.items():
            result = ITEM_RESULT.validate_json(record.payload)
            read = [list(one.mrz.lines) for one in result.readings if one.mrz is not None]
            exact += printed[record.item_id] in read
            states = {check.code: check.state for check in result.checks}
            compared += states["R63"] in (CheckState.PASS, CheckState.FINDING)
    return (exact, len(printed)), (compared, len(printed))


def timed(name: str, work: Callable[[], tuple[_Count, _Count]], count: int) -> float:
    """Prints one row and returns the rate."""
    begun = time.monotonic()
    (exact, of), (compared, _of) = work()
    seconds = time.monotonic() - begun
    row = {"seconds": round(seconds, 1), "crossings_per_second": round(count / seconds, 3)}
    print(
        json.dumps({"who": name, **row, "mrz_exact": f"{exact}/{of}", "faces_compared": f"{compared}/{of}"}), flush=True
    )
    return count / seconds


def main() -> None:
    """Runs from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--crossings", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--engine", default="dlib")
    parser.add_argument("--models", type=Path)
    arguments = parser.parse_args()
    settings = Settings(
        profile="specimen",
        jobs=arguments.jobs,
        viz_engine="none",
        face_engine=arguments.engine,
        models=arguments.models,
    )
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        printed = draw(folder, arguments.crossings)
        ours = timed("verify", lambda: batch(folder, printed, settings), arguments.crossings)
        theirs = timed("loop", lambda: loop(folder, printed), arguments.crossings)
    print(json.dumps({"ratio": round(ours / theirs, 2)}))


if __name__ == "__main__":
    main()
