"""Travellers against a list of names: CPU of the name index against a plain product of all pairs, and recall at ten.

scripts/bench names PEOPLE.csv [--names 100000] [--travellers 1000] [--seed 1] [--load]

PEOPLE.csv: synthetic people with the columns first_name, middle_name and last_name; their names are recombined within
their script. Half of the travellers are on the list and carry the slips of an MRZ reader, the others are not.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import itertools
import json
import random
import time
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process

from verify.gallery import NameIndex, Probe, biographic
from verify.gallery.name import folded
from verify.model.gallery import Entry, EntryKind, Name, PartialDate, Provenance

LIKE = {"O": "0Q", "I": "1L", "S": "5", "B": "8", "M": "NH", "N": "M", "E": "F", "G": "6C", "U": "V", "L": "I",
        "Z": "2", "C": "G", "H": "M", "R": "K", "P": "F", "V": "Y", "T": "I", "A": "R"}  # fmt: skip
DAY = dt.date(2026, 1, 1)
PROVENANCE = Provenance("bench", "", "bench", "none: invented", "benchmark", DAY, DAY, dt.date(2099, 1, 1))
BLOCK = 100


def draw_names(people: Path, count: int, draw: random.Random) -> list[Name]:
    """Different names whose parts can be folded, family and given names recombined within one script."""
    parts: defaultdict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    with people.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            given = f"{row['first_name']} {row['middle_name']}".strip()
            family, tables = row["last_name"], folded(row["last_name"]).tables
            if folded(given).text and folded(family).text:
                parts[tables][0].append(given)
                parts[tables][1].append(family)
    scripts = sorted(parts)
    weights = [len(parts[one][0]) for one in scripts]
    names: dict[str, Name] = {}
    while len(names) < count:
        givens, families = parts[draw.choices(scripts, weights)[0]]
        name = Name(draw.choice(families), draw.choice(givens))
        names.setdefault(folded(f"{name.primary} {name.secondary}").text, name)
    return list(names.values())


def misread(text: str, draw: random.Random) -> str:
    """One or two letters taken for others, and now and then a gap or a second name lost."""
    words = text.split()
    if len(words) > 2 and draw.random() < 0.15:
        words.pop()
    if len(words) > 2 and draw.random() < 0.15:
        words[1:3] = [words[1] + words[2]]
    letters = list(" ".join(words)[:39])
    for _ in range(draw.choice((1, 1, 2))):
        place = draw.randrange(len(letters))
        if letters[place] != " ":
            letters[place] = draw.choice(LIKE.get(letters[place], letters[place]))
    return "".join(letters).strip()


def recall(found: list[list[str]], truth: list[str]) -> float:
    """The share of listed travellers whose entry is among their first ten."""
    return sum(one in ten for ten, one in zip(found, truth, strict=False) if one) / sum(map(bool, truth))


def all_pairs(queries: list[str], texts: list[str]) -> list[list[str]]:
    """The plain way: every pair by rapidfuzz's token-sort ratio, the ten greatest of each row."""
    found = []
    for start in range(0, len(queries), BLOCK):
        rows = process.cdist(
            queries[start : start + BLOCK], texts, scorer=fuzz.token_sort_ratio, dtype=np.uint8, workers=1
        )
        ten = np.argpartition(rows, -10, axis=1)[:, -10:]
        found += [[str(place) for place in places] for places in ten.tolist()]
    return found


def slipped(date: dt.date, draw: random.Random) -> dt.date:
    """A date with day and month exchanged, another day, or another year by 1 or 10; now and then it stays."""
    day = draw.randint(1, 28)
    changes = [
        {"day": date.month, "month": date.day if date.day <= 12 else date.month},
        {"day": day},
        {"year": date.year + draw.choice((-10, -1, 1, 10)), "day": min(date.day, 28)},
    ]
    return date.replace(**draw.choice(changes))


def candidate_load(
    listed: list[Name], queries: list[str], truth: list[str], dates: list[dt.date], draw: random.Random
) -> list[dict[str, object]]:
    """Of the listed travellers, how many are among ten candidates; of the others, how many get one."""
    born = [draw.choice(dates) for _ in listed]
    entries = [
        Entry(str(place), EntryKind.NOMINAL, PROVENANCE, (name,), PartialDate(date.year, date.month, date.day))
        for place, (name, date) in enumerate(zip(listed, born, strict=True))
    ]
    undated = [replace(entry, birth_date=None) for entry in entries]
    dated = [
        slipped(date, draw) if draw.random() < 0.13 else date
        for date in (born[int(one)] if one else draw.choice(dates) for one in truth)
    ]
    rows: list[dict[str, object]] = []
    for kind, index, constant, values in (
        ("dated", NameIndex(entries), "SIMILAR_NAME", (0.70, 0.75, 0.80, 0.85)),
        ("undated", NameIndex(undated), "NEAR_IDENTICAL_NAME", (0.88, 0.90, 0.92, 0.94)),
    ):
        for value in values:
            setattr(biographic, constant, value)
            found = [
                [one.reference_id for one in index.search(Probe((Name(query),), (date,)), limit=10)]
                for query, date in zip(queries, dated, strict=True)
            ]
            others = [bool(ten) for ten, one in zip(found, truth, strict=True) if not one]
            rows.append({"entries": kind, "least_similarity": value, "recall_at_10": round(recall(found, truth), 4),
                         "others_with_a_candidate": round(sum(others) / len(others), 4)})  # fmt: skip
    return rows


def main() -> None:
    """Runs from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("people", type=Path)
    parser.add_argument("--names", type=int, default=100_000)
    parser.add_argument("--travellers", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--load", action="store_true", help="measure what the two thresholds let through, too")
    arguments = parser.parse_args()
    draw = random.Random(arguments.seed)
    half = arguments.travellers // 2
    drawn = draw_names(arguments.people, arguments.names + half, draw)
    draw.shuffle(drawn)
    listed, others = drawn[half:], drawn[:half]
    places = draw.sample(range(len(listed)), arguments.travellers - half)
    truth = [str(place) for place in places] + [""] * half
    queries = [
        misread(folded(f"{name.primary} {name.secondary}").text, draw)
        for name in [listed[place] for place in places] + others
    ]
    entries = [Entry(str(place), EntryKind.NOMINAL, PROVENANCE, (name,)) for place, name in enumerate(listed)]

    folded.cache_clear()
    marks = [time.process_time()]
    texts = [folded(f"{name.primary} {name.secondary}").text for name in listed]
    marks.append(time.process_time())
    plain = all_pairs(queries, texts)
    marks.append(time.process_time())
    index = NameIndex(entries)  # folds anew what its cache no longer holds
    marks.append(time.process_time())
    ours = [[one for one, _ in index.nearest(Name(query), limit=10)] for query in queries]
    marks.append(time.process_time())
    fold, plain_cpu, build, search = (round(b - a, 2) for a, b in itertools.pairwise(marks))
    print(
        json.dumps(
            {
                "names": len(listed),
                "travellers": len(queries),
                "fold_cpu": fold,
                "all_pairs_cpu": plain_cpu,
                "index_cpu": build,
                "search_cpu": search,
                "ratio": round((build + search) / plain_cpu, 3),
                "ratio_search": round(search / plain_cpu, 3),
                "recall_at_10": round(recall(ours, truth), 4),
                "recall_at_10_all_pairs": round(recall(plain, truth), 4),
            }
        )
    )
    if arguments.load:
        with arguments.people.open(encoding="utf-8", newline="") as file:
            dates = [dt.date.fromisoformat(row["date_of_birth"]) for row in csv.DictReader(file)]
        for row in candidate_load(listed, queries, truth, dates, draw):
            print(json.dumps(row))


if __name__ == "__main__":
    main()
