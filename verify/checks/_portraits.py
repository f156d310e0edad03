"""The way of the checks that compare two portraits of one document: both are the same photograph, as a rule."""

from __future__ import annotations

from collections.abc import Sequence

from verify.checks._case import Meta
from verify.errors import PolicyError
from verify.face import compare
from verify.model.face import FaceTemplate
from verify.model.finding import CheckResult, Confidence, Evidence, Finding
from verify.model.score import Threshold

__all__ = ["Pair", "compare_portraits"]

Pair = tuple[FaceTemplate, FaceTemplate]


def compare_portraits(
    meta: Meta, pairs: Sequence[Pair], threshold: Threshold | None, names: tuple[str, str]
) -> CheckResult:
    """A finding for each pair that is less alike than the threshold allows.

    Args:
        meta: of the check.
        pairs: at least one.
        threshold: measured for such pairs; None where the engine's card has none.
        names: what the two portraits of a pair are called.
    """
    if threshold is None:
        return meta.not_computable("no threshold was measured for this engine and such pairs of portraits")
    try:
        findings = [_finding(meta, pair, threshold, names) for pair in pairs if compare(*pair).value < threshold.value]
    except PolicyError as error:
        return meta.not_computable(str(error))
    return meta.result(findings)


def _finding(meta: Meta, pair: Pair, threshold: Threshold, names: tuple[str, str]) -> Finding:
    advice = dict.fromkeys(sentence for one in pair for sentence in one.quality.advice)
    return meta.finding(
        f"The {names[0]} and the {names[1]} are less alike than most such pairs of one person: below the threshold for "
        f"{threshold.rate}. A trained person should compare the two.",
        confidence=Confidence.LOW if advice else Confidence.MEDIUM,
        evidence=(
            *(Evidence(name, one.source, one.picture) for name, one in zip(names, pair, strict=True)),
            *(Evidence("quality", sentence) for sentence in advice),
        ),
    )
