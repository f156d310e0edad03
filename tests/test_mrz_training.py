"""What the line recogniser is trained with: texts and rendered rows (no torch is needed for these)."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"
monkeypatch = pytest.MonkeyPatch()
monkeypatch.syspath_prepend(str(SCRIPTS))
from mrz_training import glyphs, measure, page, render, texts  # noqa: E402

monkeypatch.undo()

FONTS = all(Path(path).is_file() for path in glyphs.FACES.values())
needs_fonts = pytest.mark.skipif(not FONTS, reason="apt-get install fonts-ocr-b fonts-liberation fonts-dejavu-core")


def test_texts_have_the_length_asked_for_and_only_the_characters_of_an_mrz() -> None:
    rng = np.random.default_rng(1)
    drawn = [texts.draw_text(rng, length) for length in range(1, 60) for _ in range(40)]
    assert all(len(text) == 1 + index // 40 for index, text in enumerate(drawn))
    assert set("".join(drawn)) == set(texts.CHARACTERS)
    assert len(set(drawn)) > 0.9 * len(drawn)


def test_every_character_is_drawn_often_enough() -> None:
    rng = np.random.default_rng(2)
    drawn = "".join(texts.draw_text(rng, 30) for _ in range(2000))
    shares = {one: drawn.count(one) / len(drawn) for one in texts.CHARACTERS}
    assert min(shares.values()) > 0.01
    assert 0.15 < shares["<"] < 0.4


@needs_fonts
def test_the_same_seed_draws_the_same_rows() -> None:
    first, second, other = (render.Renderer(seed, cuts=2) for seed in (5, 5, 6))
    for _ in range(3):
        (row, text), (again, same) = first.row(300), second.row(300)
        assert text == same
        np.testing.assert_array_equal(row, again)
        assert other.row(300)[1] != text or text == ""


@needs_fonts
def test_rows_are_as_a_locator_cuts_them() -> None:
    renderer = render.Renderer(3, cuts=3)
    rows = [renderer.row(400) for _ in range(60)]
    for row, text in rows:
        assert row.dtype == np.uint8
        assert row.shape[0] == render.HEIGHT
        assert 200 < row.shape[1] < 700
        assert set(text) <= set(texts.CHARACTERS)
    pitches = [row.shape[1] / len(text) for row, text in rows if text]
    assert 10 < min(pitches) < max(pitches) < 50
    assert any(set(np.unique(row // 255)) == {0, 1} and np.mean((row > 5) & (row < 250)) < 0.2 for row, _text in rows)


@needs_fonts
def test_letters_are_told_apart_by_their_outlines() -> None:
    cut = glyphs.face(glyphs.FACES["OCRB"])
    assert cut.distances.shape == (37, *glyphs.CELL)
    assert 0.8 < cut.pitch < 1.1
    ink = cut.distances > 0
    heights = [np.ptp(np.flatnonzero(one.any(axis=1))) + 1 for one in ink]
    capital = heights[texts.CHARACTERS.index("H")]
    assert abs(capital - glyphs.CAP) <= 1
    assert heights[0] > heights[texts.CHARACTERS.index("O")], "a 0 of OCR-B is taller than an O"
    bent = glyphs.draw_cut(np.random.default_rng(4)).distances > 0
    agreement = [np.mean(one == other) for one, other in zip(ink, bent, strict=True)]
    assert min(agreement) > 0.75


def test_a_font_that_is_not_there_is_named() -> None:
    with pytest.raises(OSError, match="apt-get install fonts-ocr-b"):
        glyphs.face("/nowhere/OCRB.otf")


def test_a_picture_keeps_the_print_darker_than_the_paper() -> None:
    ink = np.zeros((40, 300), np.float32)
    cv2.putText(ink, "IIIIIIIIIIII", (10, 32), cv2.FONT_HERSHEY_PLAIN, 2, 1.0, 3)
    rng = np.random.default_rng(8)
    for harm in (0.0, 0.0, 0.0, 0.2, 0.2):
        picture = page.photograph(rng, ink, 22.0, harm)
        assert picture.dtype == np.uint8
        assert picture.shape == ink.shape
        assert picture[ink > 0.5].mean() < picture[ink < 0.1].mean() - 10


def test_figures_count_rows_and_characters() -> None:
    figures = measure.Figures(((0, "ABC<", "ABC<"), (1, "AB00", "AB0"), (2, "", "X"), (3, "I<UT", "1<UTO")), 2.0)
    assert figures.exact == 0.25
    assert figures.character_errors == pytest.approx(4 / 12)
    assert "AB00\n     AB0" in measure.report(figures, every=True)
    assert "exact 0.2500" in measure.report(figures)
