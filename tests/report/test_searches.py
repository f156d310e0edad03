"""Fused lists in a report: candidates are shown beside the searches that could not be made, and both are counted."""

from __future__ import annotations

import dataclasses
import io
import re

from verify.gallery import fuse
from verify.model.candidate import CandidateList
from verify.report import Report, write_html
from verify.report.data import Case
from verify.report.summary import gaps_of


def test_a_search_that_could_not_be_made_hides_no_candidate(report: Report) -> None:
    first = next(one for one in report.items if any(found.candidates for found in one.candidates))
    found = next(one for one in first.candidates if one.candidates)
    without = CandidateList(
        found.gallery, found.gallery_version, "name and birth date", 40, 2, not_computable="not read"
    )
    (fused,) = fuse([found, without])
    item = dataclasses.replace(first, candidates=(fused,))
    stream = io.StringIO()
    write_html(dataclasses.replace(report, items=(item,), linkage=()), stream)
    text = re.sub(r"<[^>]+>|\s+", " ", stream.getvalue())
    assert "Not computable by name and birth date: not read" in text
    assert found.candidates[0].reference_id in text
    assert f"searched by {fused.probe}" in text
    assert (f"search of {found.gallery} by name and birth date", "not read") in gaps_of(Case(1, item))
