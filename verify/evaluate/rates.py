"""Error rates of labelled comparisons, with intervals that know that comparisons of one person are not independent.

Terms of ISO/IEC 19795-1. Intervals: the bootstrap over people (Bolle, Ratha and Pankanti, "Error analysis of pattern
recognition systems: the subsets bootstrap", 2004), Wilson's for a share of few, and the rule of three where
nothing was seen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["FMRS", "Pairs", "bootstrap_fnmr", "det_curve", "pairs_of", "wilson"]

FMRS = (1e-1, 3e-2, 1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5, 3e-6, 1e-6)
_LEAST = 10  # pairs of strangers that a measured rate rests on
_Z = 1.96


@dataclass(frozen=True, slots=True)
class Pairs:
    """Comparisons of a labelled set, each pair once. A pair without a template has the score -inf.

    Attributes:
        mated: float32 (M), scores of one person's pictures.
        owners: int64 (M), whose they are.
        non_mated: float32 (K), sorted.
    """

    mated: NDArray[np.float32]
    owners: NDArray[np.int64]
    non_mated: NDArray[np.float32]

    def threshold(self, fmr: float) -> float | None:
        """The least score that at most this share of non-mated pairs exceeds; None where too few stand behind it."""
        if fmr * len(self.non_mated) < _LEAST:
            return None
        return float(self.non_mated[math.ceil(len(self.non_mated) * (1 - fmr)) - 1])

    def fnmr(self, threshold: float) -> float:
        """The share of mated pairs at or below the threshold."""
        return float(np.mean(self.mated <= threshold))


def pairs_of(
    scores: NDArray[np.float32], people: Sequence[str], leave_out: frozenset[tuple[str, str]] = frozenset()
) -> Pairs:
    """Splits a symmetric matrix of scores.

    Args:
        scores: float32 (N x N); NaN without a template.
        people: N names.
        leave_out: pairs of names that may be one person, in both orders; their comparisons are neither.
    """
    names, ids = np.unique(list(people), return_inverse=True)
    places = {name: number for number, name in enumerate(names.tolist())}
    doubtful: dict[int, list[int]] = {}
    for one, other in leave_out:
        if one in places and other in places:
            doubtful.setdefault(places[one], []).append(places[other])
    mated, owners, non = [], [], []
    for row in range(len(ids) - 1):
        values = np.asarray(scores[row, row + 1 :], dtype=np.float32)
        values = np.where(np.isnan(values), np.float32(-np.inf), values)
        others = ids[row + 1 :]
        same = others == ids[row]
        mated.append(values[same])
        owners.append(np.full(int(same.sum()), ids[row], dtype=np.int64))
        non.append(values[~same & ~np.isin(others, doubtful.get(int(ids[row]), []))])
    nothing = [np.empty(0, dtype=np.float32)]
    return Pairs(
        np.concatenate(mated or nothing),
        np.concatenate(owners or [np.empty(0, dtype=np.int64)]),
        np.sort(np.concatenate(non or nothing)),
    )


def det_curve(pairs: Pairs, points: int = 400) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """FMR and FNMR over thresholds from FMR 0.5 down to what ten pairs stand behind."""
    least = max(_LEAST / max(1, len(pairs.non_mated)), 1e-7)
    rates = np.geomspace(0.5, min(0.5, least), points)
    places = np.clip(np.ceil(len(pairs.non_mated) * (1 - rates)).astype(int) - 1, 0, None)
    missed = np.searchsorted(np.sort(pairs.mated), pairs.non_mated[places], "right") / max(1, len(pairs.mated))
    return rates, missed


def bootstrap_fnmr(pairs: Pairs, threshold: float, *, draws: int = 1000, seed: int = 0) -> tuple[float, float]:
    """The 95 % interval of the FNMR at a fixed threshold, drawing people, not pairs."""
    people, place = np.unique(pairs.owners, return_inverse=True)
    counts = np.bincount(place).astype(np.float64)
    missed = np.bincount(place, weights=pairs.mated <= threshold)
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(draws):
        weights = np.bincount(rng.integers(0, len(people), len(people)), minlength=len(people))
        found.append(float(weights @ missed / (weights @ counts)))
    low, high = np.quantile(found, (0.025, 0.975))
    return float(low), float(high)


def wilson(errors: int, trials: int) -> tuple[float, float]:
    """The 95 % interval of a share; with no error seen, up to three in the number of trials."""
    if trials == 0:
        return 0.0, 1.0
    if errors == 0:
        return 0.0, min(1.0, 3 / trials)
    share, square = errors / trials, _Z**2
    middle = (share + square / (2 * trials)) / (1 + square / trials)
    half = _Z * math.sqrt(share * (1 - share) / trials + square / (4 * trials**2)) / (1 + square / trials)
    return max(0.0, middle - half), min(1.0, middle + half)
