from __future__ import annotations

import itertools
from collections import defaultdict

import numpy as np
import pytest
from numpy.typing import NDArray

from verify.document.lattice import ALPHABET, placed_text, places

Frames = NDArray[np.float32]


def frames_of(text: str, *, sure: float = 0.99, doubt: str = "") -> Frames:
    """Frames as a recogniser gives them: a blank, then the character, for each; `doubt` shares the last one."""
    rows = []
    for character in text:
        rows += [spread({0: sure}), spread({ALPHABET.index(character) + 1: sure})]
    rows.append(spread({0: sure}))
    if doubt:
        rows[-2] = spread({ALPHABET.index(text[-1]) + 1: 0.6, ALPHABET.index(doubt) + 1: 0.39})
    return np.log(np.array(rows, np.float32))


def spread(likely: dict[int, float]) -> list[float]:
    rest = (1 - sum(likely.values())) / (38 - len(likely))
    return [likely.get(index, rest) for index in range(38)]


def enumerated(probabilities: NDArray[np.float64], length: int) -> tuple[NDArray[np.float64], float]:
    """The same by going through all paths over the first classes."""
    total: dict[tuple[int, ...], float] = defaultdict(float)
    for path in itertools.product(range(probabilities.shape[1]), repeat=len(probabilities)):
        text = tuple(c for c, before in zip(path, (0, *path), strict=False) if c and c != before)
        if len(text) == length:
            total[text] += float(np.prod([row[c] for row, c in zip(probabilities, path, strict=True)]))
    whole = sum(total.values())
    found = np.zeros((length, probabilities.shape[1] - 1))
    for text, probability in total.items():
        for place, character in enumerate(text):
            found[place, character - 1] += probability / whole
    return found, float(np.log(whole))


@pytest.mark.parametrize("length", [1, 2, 3])
def test_the_sums_are_those_over_all_paths(length: int) -> None:
    probabilities = np.random.default_rng(length).dirichlet(np.ones(4), 6)
    frames = np.full((6, 38), -np.inf)
    frames[:, :4] = np.log(probabilities)
    (found,) = places([frames.astype(np.float32)], length)
    expected, total = enumerated(probabilities, length)
    assert np.abs(np.exp(found.log[:, :3]) - expected).max() < 1e-5
    assert found.length == pytest.approx(total, abs=1e-4)


def test_characters_that_stand_apart_and_a_sum_over_everything_agree() -> None:
    apart = frames_of("AB<0", sure=0.995, doubt="O")
    near = frames_of("AB<0", sure=0.9)
    for frames in (apart, near):
        (found,) = places([frames], 4)
        assert placed_text(found.log) == "AB<0"
        assert found.length < 0
    (found,) = places([apart], 4)
    assert np.exp(found.log[3, ALPHABET.index("O")]) == pytest.approx(0.39, abs=0.02)


def test_a_line_of_another_length_is_unlikely() -> None:
    frames = frames_of("ABCDE")
    right, short, long = (places([frames], length)[0].length for length in (5, 4, 6))
    assert right > short + 2
    assert right > long + 2


def test_a_line_that_cannot_be_so_long_is_no_error() -> None:
    (found,) = places([frames_of("A")], 44)
    assert found.length == -np.inf
    assert found.log.shape == (44, 37)
    assert np.isfinite(found.log).all()
