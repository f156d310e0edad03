from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.gallery.grams import GramIndex

NAMES = st.lists(st.text(alphabet="ABC ", min_size=1, max_size=8).map(lambda text: " ".join(text.split())), max_size=30)


def nearest(names: list[str], probe: str, count: int, among: list[bool] | None = None) -> list[str]:
    mask = None if among is None else np.array(among, dtype=bool)
    return [names[place] for place in GramIndex(names, names).nearest(probe, probe, count, among=mask).tolist()]


def test_the_name_itself_comes_before_others() -> None:
    names = ["JOHN SMITH", "JOAN SMYTHE", "PIOTR NOWAK", "SMITH JOHNSON"]
    assert nearest(names, "JOHN SMITH", 1) == ["JOHN SMITH"]
    assert set(nearest(names, "JOHN SMITH", 3)) == {"JOHN SMITH", "JOAN SMYTHE", "SMITH JOHNSON"}


def test_names_that_share_nothing_and_names_not_asked_for_are_left_out() -> None:
    names = ["ANNA", "ANNE", "XQ"]
    assert nearest(names, "ANNA", 3) == ["ANNA", "ANNE"]
    assert nearest(names, "ANNA", 3, [False, True, True]) == ["ANNE"]
    assert nearest([], "ANNA", 3) == []
    assert nearest(["", "ANNA"], "", 3) == []


def test_names_that_share_equally_much_come_together() -> None:
    assert nearest(["ANNA B", "ANNA B", "ANNA B", "OTTO"], "ANNA B", 1) == ["ANNA B"] * 3


@settings(deadline=None, max_examples=25)
@given(NAMES, st.text(alphabet="ABC", min_size=1, max_size=6), st.integers(1, 5), st.integers(0, 99))
def test_the_order_of_the_names_does_not_matter(names: list[str], probe: str, count: int, seed: int) -> None:
    shuffled = names[:]
    random.Random(seed).shuffle(shuffled)
    assert sorted(nearest(names, probe, count)) == sorted(nearest(shuffled, probe, count))


@pytest.mark.parametrize("name", ["A", "AB", "ABC DEF"])
def test_every_name_finds_itself(name: str) -> None:
    assert name in nearest([name, "ZZZ"], name, 1)
