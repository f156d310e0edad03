"""Charts: the figures behind them, and that each can be read without seeing it."""

from __future__ import annotations

import datetime as dt
import io
import xml.etree.ElementTree as ET
from dataclasses import replace
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.model.candidate import Candidate, CandidateList
from verify.model.finding import Confidence, Finding, Severity
from verify.model.judgement import Conclusion, Judgement, ReviewRole
from verify.model.score import ComparisonScore
from verify.report import Report, write_html
from verify.report.charts import FEWEST_SCORES, HEIGHT, SHOWN_CLUSTERS, WIDTH, Charts
from verify.report.data import Case

DAY = dt.date(2026, 11, 20)


def linked(code: str, *others: str, severity: Severity = Severity.STRONG) -> Finding:
    return Finding(code, "a title", severity, Confidence.HIGH, "seen", ("innocent",), "a source", related=others)


def case(make: SimpleNamespace, item_id: str, number: int = 1, **more: object) -> Case:
    result = make.results()[0]
    item = replace(result.item, item_id=item_id, inspection_date=more.pop("day", DAY))
    lists = more.pop("candidates", ())
    return Case(number, replace(result, item=item, candidates=lists), **more)  # type: ignore[arg-type]


def found(make: SimpleNamespace, *scores: float) -> CandidateList:
    entry = next(one.entry for item in make.results() for lists in item.candidates for one in lists.candidates)
    shown = tuple(
        Candidate(rank, f"r{rank}", entry, ComparisonScore(score, "cosine similarity", "e", "ab" * 32))
        for rank, score in enumerate(scores, start=1)
    )
    return CandidateList("g", "cd" * 32, "live capture", 9, 0, shown, threshold=make.threshold)


def test_a_histogram_counts_every_score_and_shows_the_threshold(make: SimpleNamespace) -> None:
    charts = Charts()
    charts.add(case(make, "A", candidates=(found(make, 0.5, 0.52, 0.7, 0.7, 0.9),)), "holder")
    (one,) = charts.histograms
    assert (one.total, sum(bar.count for bar in one.bars), one.most) == (5, 5, 2)
    assert one.low <= 0.482
    assert [round(value, 3) for value, _x, _rate in one.lines] == [0.482]
    assert max(bar.height for bar in one.bars) == HEIGHT
    assert 0 <= one.lines[0][1] <= WIDTH


def test_few_scores_are_counted_and_not_drawn(make: SimpleNamespace) -> None:
    charts = Charts()
    charts.add(case(make, "A", candidates=(found(make, *[0.6] * (FEWEST_SCORES - 1)),)), "holder")
    assert charts.histograms == ()
    assert charts.few_scores == FEWEST_SCORES - 1


@given(st.lists(st.floats(0, 1), min_size=FEWEST_SCORES, max_size=60))
def test_no_score_falls_out_of_the_histogram(values: list[float]) -> None:
    charts = Charts()
    charts.scores["cosine similarity"] += values
    (one,) = charts.histograms
    assert sum(bar.count for bar in one.bars) == len(values)
    assert all(0 <= bar.x < WIDTH and 0 <= bar.height <= HEIGHT for bar in one.bars)


def test_the_timeline_counts_crossings_and_judgements(make: SimpleNamespace) -> None:
    charts = Charts()
    moment = dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC)
    yes = Judgement(1, "A", "q", "ann", ReviewRole.REVIEWER, moment, Conclusion.NO_CANDIDATE)
    undo = replace(yes, number=2, conclusion=None, undoes=1)
    charts.add(case(make, "A", review=(yes, undo)), "holder")
    charts.add(case(make, "B", 2), "holder")
    line = charts.timeline
    assert line is not None
    assert [(bar.label, bar.count, bar.second) for bar in line.bars] == [("2026-11-20", 2, 0), ("2026-11-21", 0, 1)]


def test_many_days_are_drawn_together_and_none_is_lost(make: SimpleNamespace) -> None:
    charts = Charts()
    for at in range(200):
        charts.crossings[DAY + dt.timedelta(days=at)] += 1
    line = charts.timeline
    assert line is not None
    assert len(line.bars) <= 60
    assert sum(bar.count for bar in line.bars) == 200


def test_links_become_groups(make: SimpleNamespace) -> None:
    charts = Charts()
    for number, (item_id, links) in enumerate(
        {
            "A": (linked("R65", "B"),),
            "B": (linked("R65", "A"), linked("R64", "C", severity=Severity.CRITICAL)),
            "C": (),
            "X": (linked("R66", "Y"),),
            "Y": (),
            "Z": (),
        }.items(),
        start=1,
    ):
        charts.add(case(make, item_id, number, linkage=links), f"holder {item_id}")
    first, second = charts.clusters
    assert [node.item_id for node in first.nodes] == ["A", "B", "C"]
    assert first.severity is Severity.CRITICAL
    assert [(left.item_id, right.item_id, why) for left, right, why in first.edges] == [
        ("A", "B", ("R65 a title",)),
        ("B", "C", ("R64 a title",)),
    ]
    assert [node.holder for node in second.nodes] == ["holder X", "holder Y"]


def test_each_chart_of_a_report_says_in_words_what_it_shows(make: SimpleNamespace) -> None:
    items = make.results()
    linkage = tuple((one.item.item_id, linked("R65", items[0].item.item_id)) for one in items[1:3])
    stream = io.StringIO()
    write_html(Report(make.run(), items, lambda _item, _name: None, linkage), stream)
    page = stream.getvalue()
    part = page[page.index('<section id="charts">') : page.index('<section id="cases">')]
    drawings = [piece[: piece.index("</svg>") + 6] for piece in part.split("<svg ")[1:]]
    assert len(drawings) >= 2
    for drawing in drawings:
        tree = ET.fromstring("<svg " + drawing)
        assert tree.get("role") == "img"
        named = {one.get("id") for one in tree.iter() if one.get("id")}
        assert set(str(tree.get("aria-labelledby")).split()) <= named
        assert (tree.findtext("title") or "").strip()
        assert (tree.findtext("desc") or "").strip()
        assert "style=" not in drawing, "the policy of the review would not allow it"
    assert part.count("As a table") == len(drawings) - sum("link-" in one for one in drawings) + 1
    assert "<script" not in part


@pytest.mark.parametrize("groups", [SHOWN_CLUSTERS + 2])
def test_groups_that_are_not_drawn_are_counted_and_in_the_table(make: SimpleNamespace, groups: int) -> None:
    items = [
        replace(make.results()[0], item=replace(make.results()[0].item, item_id=f"{side}{at}"))
        for at in range(groups)
        for side in "LR"
    ]
    linkage = tuple((f"L{at}", linked("R65", f"R{at}")) for at in range(groups))
    stream = io.StringIO()
    write_html(Report(make.run(), items, lambda _item, _name: None, linkage), stream)
    assert "2 further groups are in the table only" in stream.getvalue()
    assert stream.getvalue().count("R65 a title") >= groups
