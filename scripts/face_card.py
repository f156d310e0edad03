"""A table of operating points for a model card, from a matrix of `verify evaluate faces`.

    python scripts/face_card.py FILES.txt SCORES.npy TABLE --data-set "..." --note "..." [--noise PAIRS.tsv]

TABLE is operating (plain cosines), normalised (with a cohort) or document. For a document table FILES holds photographs
and the copies that scripts/print_scan.py made of some of them; --copies is their folder, and each copy is compared with
all photographs but its own.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from verify.evaluate import Pairs, files_in, noisy_pairs, operating_table, pairs_of
from verify.face import KIND, NORMALISED


def copy_pairs(
    scores: NDArray[np.float32], files: tuple[Path, ...], copies: Path, leave_out: frozenset[tuple[str, str]]
) -> Pairs:
    """Copies against photographs.

    Args:
        scores: float32 (N x N); NaN without a template.
        files: N.
        copies: the folder of the copies.
        leave_out: pairs of names that may be one person, in both orders.
    """
    people = np.array([path.parent.name for path in files])
    copied = np.array([path.is_relative_to(copies) for path in files])
    photographs = np.flatnonzero(~copied)
    names = np.array([files[n].name for n in photographs])
    ids = np.unique(people, return_inverse=True)[1]
    mated, owners, non_mated = [], [], []
    for row in np.flatnonzero(copied):
        values = np.nan_to_num(np.asarray(scores[row, photographs], dtype=np.float32), nan=-np.inf)
        same = people[photographs] == people[row]
        doubtful = [other for one, other in leave_out if one == people[row]]
        own = values[same & (names != files[row].name)]
        mated.append(own)
        owners.append(np.full(len(own), ids[row], dtype=np.int64))
        non_mated.append(values[~same & ~np.isin(people[photographs], doubtful)])
    return Pairs(np.concatenate(mated), np.concatenate(owners), np.sort(np.concatenate(non_mated)))


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path)
    parser.add_argument("scores", type=Path)
    parser.add_argument("table", choices=("operating", "normalised", "document"))
    parser.add_argument("--data-set", required=True)
    parser.add_argument("--note", required=True)
    parser.add_argument("--noise", type=Path)
    parser.add_argument("--copies", type=Path)
    args = parser.parse_args()
    if (args.table == "document") != bool(args.copies):
        parser.error("--copies belongs to the document table, and it needs it")
    files, scores = files_in(args.files), np.load(args.scores, mmap_mode="r")
    noise = noisy_pairs(args.noise) if args.noise else frozenset()
    if args.copies:
        pairs = copy_pairs(scores, files, args.copies, noise)
    else:
        pairs = pairs_of(scores, [path.parent.name for path in files], noise)
    counts = f"; {len(pairs.non_mated):,} non-mated and {len(pairs.mated):,} mated pairs"
    kind = NORMALISED if args.table == "normalised" else KIND
    print(operating_table(args.table, kind, pairs, args.data_set + counts, args.note), end="")


if __name__ == "__main__":
    main()
