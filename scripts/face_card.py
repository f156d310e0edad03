"""A table of operating points for a model card, from a matrix of `verify evaluate faces`.

    python scripts/face_card.py FILES.txt SCORES.npy TABLE --data-set "..." --note "..." [--noise PAIRS.tsv]

TABLE is operating (plain cosines), normalised (with a cohort) or document (see scripts/print_scan.py).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from verify.evaluate import files_in, noisy_pairs, operating_table, pairs_of
from verify.face import KIND, NORMALISED


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path)
    parser.add_argument("scores", type=Path)
    parser.add_argument("table", choices=("operating", "normalised", "document"))
    parser.add_argument("--data-set", required=True)
    parser.add_argument("--note", required=True)
    parser.add_argument("--noise", type=Path)
    args = parser.parse_args()
    people = [path.parent.name for path in files_in(args.files)]
    noise = noisy_pairs(args.noise) if args.noise else frozenset()
    pairs = pairs_of(np.load(args.scores, mmap_mode="r"), people, noise)
    kind = NORMALISED if args.table == "normalised" else KIND
    print(operating_table(args.table, kind, pairs, args.data_set, args.note), end="")


if __name__ == "__main__":
    main()
