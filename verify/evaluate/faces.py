"""Faces of labelled photographs: the matrix of all scores, the rates that follow, and a DET curve.

The identity of a file is the name of its folder. A score holds its normalisation; the same cohort serves all sets.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from verify.errors import UsageError
from verify.evaluate.calibrate import cllr, fit_llr, min_cllr
from verify.evaluate.cohorts import Normaliser
from verify.evaluate.rates import Pairs, bootstrap_fnmr, det_curve, pairs_of
from verify.evaluate.templates import Acquired

__all__ = ["FaceReport", "evaluate_pairs", "noisy_pairs", "plot_det", "score_matrix", "write_scores"]

_BLOCK = 512
_SHOWN = (1e-3, 1e-4, 1e-5)
_LEAST_PEOPLE = 30


@dataclass(frozen=True, slots=True)
class FaceReport:
    """Rates of a labelled set.

    Attributes:
        lines: for people.
        facts: for programs, JSON.
        pairs: behind them.
    """

    lines: tuple[str, ...]
    facts: dict[str, object]
    pairs: Pairs


def score_matrix(
    acquired: Acquired, normaliser: Normaliser, out: NDArray[np.float32] | None = None
) -> NDArray[np.float32]:
    """All scores of all files with all files; NaN without a template.

    Args:
        acquired: N files.
        normaliser: of the scores.
        out: float32 (N x N), written block by block; it may lie in a file. None takes memory.
    """
    if out is None:
        out = np.empty((len(acquired.files), len(acquired.files)), dtype=np.float32)
    vectors, found = acquired.vectors, acquired.found
    biases = np.zeros(len(vectors), dtype=np.float32)
    if normaliser.cohort is not None:
        own = None if normaliser.own is None else normaliser.own[found]
        biases[found] = normaliser.cohort.biases(vectors[found], own=own)
    for start in range(0, len(vectors), _BLOCK):
        block = slice(start, start + _BLOCK)
        out[block] = vectors[block] @ vectors.T - (biases[block, None] + biases)
    return out


def write_scores(path: Path, acquired: Acquired, normaliser: Normaliser) -> NDArray[np.float32]:
    """The matrix as a NumPy file.

    Raises:
        UsageError: it cannot be written.
    """
    size = len(acquired.files)
    try:
        out: NDArray[np.float32] = np.lib.format.open_memmap(path, "w+", np.dtype(np.float32), (size, size))
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror})") from error
    return score_matrix(acquired, normaliser, out)


def noisy_pairs(path: Path) -> frozenset[tuple[str, str]]:
    """Pairs of names that may be one person, from a file with two names a line; both orders.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        named = [line.split() for line in lines if line.strip() and not line.startswith("#")]
        return frozenset(pair for one, other in named for pair in ((one, other), (other, one)))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: not a list of two names a line ({error})") from error


def evaluate_pairs(
    acquired: Acquired,
    scores: NDArray[np.float32],
    *,
    cohort: str,
    leave_out: frozenset[tuple[str, str]] = frozenset(),
) -> FaceReport:
    """Failures to enrol and to acquire, FNMR at FMR with intervals, and what a log-likelihood ratio is worth."""
    people = [path.parent.name for path in acquired.files]
    size, missing = len(people), len(acquired.reasons)
    unreadable = len(acquired.unreadable)
    lines = [
        f"engine {acquired.engine.name}, cohort: {cohort}",
        f"{size} files, {len(set(people))} people by folder",
        f"failure to enrol (file unreadable) {unreadable}, failure to acquire (no template) {missing - unreadable}",
    ]
    lines += [f"  {count} x {reason}" for reason, count in Counter(acquired.reasons.values()).most_common(5)]
    pairs = pairs_of(scores, people, leave_out)
    facts: dict[str, object] = {
        "engine": acquired.engine.name,
        "model_sha256": acquired.engine.model_sha256,
        "cohort": cohort,
        "files": size,
        "people": len(set(people)),
        "failure_to_enrol": unreadable,
        "failure_to_acquire": missing - unreadable,
        "mated": len(pairs.mated),
        "non_mated": len(pairs.non_mated),
    }
    mated_people = len(set(pairs.owners.tolist()))
    if mated_people < _LEAST_PEOPLE:
        lines.append(f"{mated_people} people with two pictures: too few data to say how often mates are missed")
        return FaceReport(tuple(lines), facts, pairs)
    lines.append(f"{len(pairs.mated)} mated pairs of {mated_people} people, {len(pairs.non_mated)} non-mated pairs")
    for fmr in _SHOWN:
        threshold = pairs.threshold(fmr)
        if threshold is None:
            lines.append(f"FNMR at FMR {fmr:g}: too few data to say")
            continue
        low, high = bootstrap_fnmr(pairs, threshold)
        lines.append(
            f"FNMR at FMR {fmr:g}: {pairs.fnmr(threshold):.4f} (95 % of draws of people {low:.4f} to {high:.4f}), "
            f"threshold {threshold:.4f}"
        )
        facts[f"fnmr_at_fmr_{fmr:g}"] = [pairs.fnmr(threshold), low, high, threshold]
    offset, slope = fit_llr(pairs)
    worth, best = cllr(pairs, offset, slope), min_cllr(pairs)
    lines.append(
        f"log-likelihood ratio {offset:.2f} + {slope:.2f} x score: Cllr {worth:.4f} bit, {best:.4f} at best for these "
        "scores (fitted and measured on the same pairs)"
    )
    facts["llr"] = {"offset": offset, "slope": slope, "cllr": worth, "min_cllr": best}
    return FaceReport(tuple(lines), facts, pairs)


def plot_det(folder: Path, report: FaceReport) -> Path:
    """Writes the report, its facts and a DET curve (SVG) into a folder, and returns the curve's path.

    Raises:
        UsageError: matplotlib is not installed, or the folder cannot be written.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise UsageError("DET curves need matplotlib: pip install 'verify-toolkit[evaluate]'") from error
    rates, missed = det_curve(report.pairs)
    figure = Figure(figsize=(5, 4), layout="constrained")
    axes = figure.subplots()
    axes.loglog(rates, np.maximum(missed, 0.5 / max(1, len(report.pairs.mated))))
    axes.set(xlabel="FMR (strangers taken for one person)", ylabel="FNMR (mates missed)", title=report.lines[0])
    axes.title.set_fontsize(8)
    axes.grid(visible=True, which="both", alpha=0.3)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        curve = folder / "det.svg"
        figure.savefig(curve)
        (folder / "report.txt").write_text("\n".join(report.lines) + "\n", encoding="utf-8")
        (folder / "report.json").write_text(json.dumps(report.facts, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{folder}: cannot be written ({error.strerror})") from error
    return curve
