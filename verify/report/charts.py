"""Pictures of a whole run: how scores lie about the threshold, what happened when, and who is linked to whom.

Only geometry is worked out here; `charts.html.j2` draws it as inline SVG that needs nothing from elsewhere, each with a
title, a description and the same figures as a table (WCAG 2.2, 1.1.1 and 1.4.1).
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from verify.model.finding import Severity
from verify.model.judgement import Judgement
from verify.report.data import Case

__all__ = ["Bar", "Charts", "Cluster", "Histogram", "Node", "Timeline"]

WIDTH, HEIGHT = 640, 200  # of a chart's plane, in its own units
FEWEST_SCORES = 5  # fewer would tell single scores, which are hidden until somebody has judged
SHOWN_CLUSTERS = 12
_BINS = 20
_MOST_DAYS = 60
_RADIUS = 70.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One column.

    Attributes:
        label: what it counts.
        count: how many.
        second: how many of the other kind, in a timeline.
        x, width, height, second_height: in units of the chart's plane.
    """

    label: str
    count: int
    second: int
    x: float
    width: float
    height: float
    second_height: float = 0.0


@dataclass(frozen=True, slots=True)
class Histogram:
    """Scores of one kind.

    Attributes:
        kind: e.g. "cosine similarity".
        bars: from the least to the greatest score.
        low, high: ends of the axis.
        lines: thresholds, each with its place on the axis and what it aims at.
        most: count of the highest bar.
        total: scores counted.
    """

    kind: str
    bars: tuple[Bar, ...]
    low: float
    high: float
    lines: tuple[tuple[float, float, str], ...]
    most: int
    total: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """Crossings and judgements a day; a stretch of days when there are too many.

    Attributes:
        bars: in order of time; `count` are crossings, `second` judgements.
        days: how many days a bar stands for.
        most: count of the highest bar.
    """

    bars: tuple[Bar, ...]
    days: int
    most: int


@dataclass(frozen=True, slots=True)
class Node:
    """One item of a link picture: its id, holder, number in the run, and place."""

    item_id: str
    holder: str
    number: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Cluster:
    """Items that findings tie to each other.

    Attributes:
        nodes: the items, on a circle.
        edges: pairs of nodes, with the codes and titles of the findings that tie them.
        severity: the highest of those.
    """

    nodes: tuple[Node, ...]
    edges: tuple[tuple[Node, Node, tuple[str, ...]], ...]
    severity: Severity


@dataclass(slots=True)
class Charts:
    """Gathers what the charts need, one case at a time; nothing of a case is held but ids, names and numbers."""

    scores: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    thresholds: dict[str, dict[float, str]] = field(default_factory=lambda: defaultdict(dict))
    crossings: Counter[dt.date] = field(default_factory=Counter)
    judged: Counter[dt.date] = field(default_factory=Counter)
    _ties: dict[tuple[str, str], dict[str, Severity]] = field(default_factory=dict)
    _holders: dict[str, tuple[str, int]] = field(default_factory=dict)

    def add(self, case: Case, holder: str) -> None:
        """Counts one case."""
        self._holders[case.item_id] = holder, case.number
        self.crossings[case.result.item.inspection_date] += 1
        self.judged.update(one.given.date() for one in case.review if isinstance(one, Judgement) and one.conclusion)
        for searched in case.result.candidates:
            if searched.threshold is not None:
                self.thresholds[searched.threshold.kind][searched.threshold.value] = searched.threshold.rate
            for one in searched.candidates:
                if one.face is not None:
                    self.scores[one.face.kind].append(one.face.value)
        for finding in case.linkage:
            for other in finding.related:
                tie = self._ties.setdefault((min(case.item_id, other), max(case.item_id, other)), {})
                tie[f"{finding.code} {finding.title}"] = finding.severity

    @property
    def histograms(self) -> tuple[Histogram, ...]:
        """One for each kind of score of which there are enough."""
        enough = {kind: values for kind, values in self.scores.items() if len(values) >= FEWEST_SCORES}
        return tuple(_histogram(kind, enough[kind], self.thresholds.get(kind, {})) for kind in sorted(enough))

    @property
    def few_scores(self) -> int:
        """Scores of kinds too rare to be drawn."""
        return sum(len(values) for values in self.scores.values() if len(values) < FEWEST_SCORES)

    @property
    def timeline(self) -> Timeline | None:
        """None when there is not a single crossing."""
        return _timeline(self.crossings, self.judged) if self.crossings else None

    @property
    def clusters(self) -> tuple[Cluster, ...]:
        """The items that findings tie together, the most severe and largest first."""
        found = [self._cluster(members) for members in _components(self._ties)]
        return tuple(sorted(found, key=lambda one: (-one.severity, -len(one.nodes), one.nodes[0].item_id)))

    def _cluster(self, members: list[str]) -> Cluster:
        nodes = {}
        for at, item_id in enumerate(members):
            holder, number = self._holders.get(item_id, ("", 0))
            turn = 2 * math.pi * at / len(members) - math.pi / 2
            x, y = round(_RADIUS * math.cos(turn), 1), round(_RADIUS * math.sin(turn), 1)
            nodes[item_id] = Node(item_id, holder, number, x, y)
        tied = {pair: why for pair, why in self._ties.items() if pair[0] in nodes}
        edges = tuple((nodes[one], nodes[other], tuple(sorted(why))) for (one, other), why in sorted(tied.items()))
        return Cluster(tuple(nodes.values()), edges, max(level for why in tied.values() for level in why.values()))


def _histogram(kind: str, values: list[float], thresholds: Mapping[float, str]) -> Histogram:
    """Bars of equal width from the least to the greatest of scores and thresholds."""
    marks = [*values, *thresholds]
    low, high = math.floor(min(marks) * 20) / 20, math.ceil(max(marks) * 20) / 20
    high = high if high > low else low + 0.05
    width = (high - low) / _BINS
    counts = Counter(min(int((value - low) / width), _BINS - 1) for value in values)
    most = max(counts.values())
    bars = tuple(
        Bar(
            f"{low + at * width:.3f} to {low + (at + 1) * width:.3f}",
            counts[at],
            0,
            round(WIDTH * at / _BINS, 1),
            round(WIDTH / _BINS - 2, 1),
            round(HEIGHT * counts[at] / most, 1),
        )
        for at in range(_BINS)
    )
    lines = tuple(
        (value, round(WIDTH * (value - low) / (high - low), 1), rate) for value, rate in sorted(thresholds.items())
    )
    return Histogram(kind, bars, low, high, lines, most, len(values))


def _timeline(crossings: Counter[dt.date], judged: Counter[dt.date]) -> Timeline:
    """One bar for each day on which something happened; neighbouring ones together where they are too many."""
    moments = sorted({*crossings, *judged})
    step = math.ceil(len(moments) / _MOST_DAYS)
    parts = [moments[at : at + step] for at in range(0, len(moments), step)]
    counts = [(sum(crossings[day] for day in part), sum(judged[day] for day in part)) for part in parts]
    most = max(max(pair) for pair in counts)
    wide = WIDTH / len(parts)
    bars = tuple(
        Bar(
            str(part[0]) if len(part) == 1 else f"{part[0]} to {part[-1]}",
            first,
            second,
            round(wide * at, 1),
            round(min(wide / 2 - 1, 40), 1),
            round(HEIGHT * first / most, 1),
            round(HEIGHT * second / most, 1),
        )
        for at, (part, (first, second)) in enumerate(zip(parts, counts, strict=True))
    )
    return Timeline(bars, step, most)


def _components(pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Items that can be reached from each other, each group sorted."""
    near: dict[str, set[str]] = defaultdict(set)
    for one, other in pairs:
        near[one].add(other)
        near[other].add(one)
    groups, seen = [], set[str]()
    for start in sorted(near):
        if start in seen:
            continue
        group, todo = {start}, [start]
        while todo:
            fresh = near[todo.pop()] - group
            group |= fresh
            todo += fresh
        seen |= group
        groups.append(sorted(group))
    return groups
