"""From scores to log-likelihood ratios, and a table of operating points for a model card.

Logistic regression with equal weight for mated and non-mated pairs, and Cllr: Brümmer and du Preez,
"Application-independent evaluation of speaker detection" (2006). The best monotone calibration (pool adjacent
violators) gives min Cllr.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
from numpy.typing import NDArray

from verify.evaluate.rates import FMRS, Pairs

__all__ = ["cllr", "fit_llr", "min_cllr", "operating_table"]

_SAMPLE = 400_000  # non-mated pairs for the fit, evenly over the sorted ones
_FNMRS = (1e-1, 5e-2, 2e-2, 1e-2, 5e-3, 2e-3)
_STEPS = 50


def fit_llr(pairs: Pairs) -> tuple[float, float]:
    """Offset and slope of the natural log-likelihood ratio over the score (Newton's method)."""
    mated, non = _finite(pairs)
    x = np.concatenate([mated, non])
    y = np.concatenate([np.ones(len(mated)), np.zeros(len(non))])
    weight = np.concatenate([np.full(len(mated), 0.5 / len(mated)), np.full(len(non), 0.5 / len(non))])
    middle, scale = float(x.mean()), float(x.std()) or 1.0
    design = np.stack([np.ones_like(x), (x - middle) / scale], axis=1)
    beta = np.zeros(2)
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-np.clip(design @ beta, -50, 50)))
        gradient = design.T @ (weight * (y - p))
        hessian = design.T @ (design * (weight * p * (1 - p))[:, None]) + 1e-9 * np.eye(2)
        step = np.linalg.solve(hessian, gradient)
        beta += step
        if float(np.abs(step).max()) < 1e-9:
            break
    return float(beta[0] - beta[1] * middle / scale), float(beta[1] / scale)


def cllr(pairs: Pairs, offset: float, slope: float) -> float:
    """The cost of these log-likelihood ratios in bits: 0 is perfect, 1 says nothing."""
    mated, non = _finite(pairs)
    return _cost(offset + slope * mated, offset + slope * non)


def min_cllr(pairs: Pairs) -> float:
    """The least cost that any monotone calibration of these scores could have."""
    mated, non = _finite(pairs)
    x = np.concatenate([mated, non])
    order = np.argsort(x, kind="stable")
    y = np.concatenate([np.full(len(mated), 1 / len(mated)), np.zeros(len(non))])[order]
    w = np.concatenate([np.full(len(mated), 1 / len(mated)), np.full(len(non), 1 / len(non))])[order]
    share = _pool_adjacent(y, w)
    with np.errstate(divide="ignore"):
        llr = np.log(share) - np.log1p(-share)
    of_mated = np.concatenate([np.ones(len(mated), bool), np.zeros(len(non), bool)])[order]
    return _cost(llr[of_mated], llr[~of_mated])


def operating_table(name: str, kind: str, pairs: Pairs, data_set: str, note: str, *, least: int = 10) -> str:
    """A table for a model card, as TOML: what of FMR and FNMR was measured, the fit, and today's date.

    An FNMR counts as measured where `least` mated pairs stand behind it.
    """
    fmr = [(rate, value) for rate in FMRS if (value := pairs.threshold(rate)) is not None]
    mated = np.sort(pairs.mated)
    fnmr = [(rate, float(mated[int(rate * len(mated))])) for rate in _FNMRS if rate * len(mated) >= least]
    fnmr = [(rate, value) for rate, value in fnmr if np.isfinite(value)]
    offset, slope = fit_llr(pairs)
    rows = [f"[{name}]", f'kind = "{kind}"', "# (false match rate, score): at or above the score", "fmr = ["]
    rows += [f"  [{rate:.0e}, {value:.4f}]," for rate, value in fmr]
    rows += ["]", "# (false non-match rate, score): mated pairs below the score", "fnmr = ["]
    rows += [f"  [{rate:.0e}, {value:.4f}]," for rate, value in fnmr]
    worth = f"cllr = {cllr(pairs, offset, slope):.4f}, min_cllr = {min_cllr(pairs):.4f}"
    rows += ["]", f"llr = {{ offset = {offset:.3f}, slope = {slope:.3f}, {worth} }}", f'data_set = "{data_set}"']
    rows += [f'measured = "{dt.datetime.now(dt.UTC).date()}"', f'note = "{note}"']
    return "\n".join(rows) + "\n"


def _finite(pairs: Pairs) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    non = pairs.non_mated[:: max(1, len(pairs.non_mated) // _SAMPLE)]
    return pairs.mated[np.isfinite(pairs.mated)].astype(np.float64), non[np.isfinite(non)].astype(np.float64)


def _cost(mated: NDArray[np.float64], non: NDArray[np.float64]) -> float:
    return float((np.logaddexp(0, -mated).mean() + np.logaddexp(0, non).mean()) / (2 * np.log(2)))


def _pool_adjacent(y: NDArray[np.float64], w: NDArray[np.float64]) -> NDArray[np.float64]:
    """Isotonic regression of y / w with weights w."""
    sums: list[float] = []
    weights: list[float] = []
    counts: list[int] = []
    for value, weight in zip(y.tolist(), w.tolist(), strict=True):
        sums.append(value)
        weights.append(weight)
        counts.append(1)
        while len(sums) > 1 and sums[-2] * weights[-1] >= sums[-1] * weights[-2]:
            last, weight, count = sums.pop(), weights.pop(), counts.pop()
            sums[-1] += last
            weights[-1] += weight
            counts[-1] += count
    return np.repeat(np.clip(np.array(sums) / np.array(weights), 0.0, 1.0), counts)
