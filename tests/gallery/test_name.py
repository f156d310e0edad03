from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.gallery import SIMILAR_NAME, name_similarity
from verify.gallery.name import folded, representation

NAMES = st.text(alphabet="ABEIMNORST <-'éüŁЖшمح5", max_size=45)
LONG = "PAPANDREOPOULOU ALEXANDRA KONST"  # 31 places of a name that went on


@given(NAMES, NAMES)
def test_symmetric_and_bounded(one: str, other: str) -> None:
    similarity = name_similarity(one, other)
    assert similarity == name_similarity(other, one)
    assert 0.0 <= similarity <= 1.0


@given(NAMES)
def test_a_name_is_like_itself_unless_nothing_of_it_can_be_compared(name: str) -> None:
    assert name_similarity(name, name) == pytest.approx(1.0) or name_similarity(name, "ANNA") == 0.0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SILVA MARIA", "Maria Silva"),
        ("MUELLER HANS", "Müller Hans"),
        ("SMITH J", "Smith John"),
        ("SANTOS MARIA", "Santos Maria Elena"),
        ("ABDELRAHMAN ALI", "Abd el Rahman Ali"),
        ("JONATHAN BRAY", "Jonathan Brady"),
        (LONG, "Papandreopoulou Alexandra Konstantina"),
        ("SHESTAKOVA LONGIN", "Шестакова Лонгин"),
        ("MOHAMMED HASSAN", "محمد حسن"),
        ("DEBBIE ALLEN", "דבי אלן"),
        ("GEORGIOS PAPADOPOULOS", "Παπαδόπουλος Γεώργιος"),
        ("XI JINPING", "习近平"),
        ("BARACK OBAMA", "贝拉克·奥巴马"),
        ("VLADIMIR PUTIN", "블라디미르 푸틴"),
        ("ANGELA MERKEL", "アンゲラ・メルケル"),
        ("CHARLES DICKENS", "チャールズ・ディケンズ"),
        ("JOHANN SEBASTIAN BACH", "约翰·塞巴斯蒂安·巴赫"),
        ("ELIZABETH TAYLOR", "엘리자베스 테일러"),
        ("KIM JONG UN", "김정은"),
        ("ALI KHAMENEI", "علی خامنه‌ای"),
        ("YINGLUCK SHINAWATRA", "ยิ่งลักษณ์ ชินวัตร"),
        ("KYRIAKOS MITSOTAKIS", "Κυριάκος Μητσοτάκης"),
        ("SHEIKH HASINA", "শেখ হাসিনা"),
        ("VAN DER BERG", "ファンデルベルク"),
    ],
)
def test_tolerated(one: str, other: str) -> None:
    assert name_similarity(one, other) >= SIMILAR_NAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SILVA MARIA", "Pereira Maria"),
        ("MARIA", "Maria Silva"),
        ("S J", "Smith John Adam"),
        ("KIM LEE", "Petrov Ivan"),
        ("IVANOV PETR", "محمد حسن"),
        ("KIM LEE", "אברהם הלל"),
        ("HASAN TIKRITI", "Hasan Rawi"),
    ],
)
def test_not_tolerated(one: str, other: str) -> None:
    assert name_similarity(one, other) < SIMILAR_NAME


@pytest.mark.parametrize("empty", ["", "  ", "<<<", "☺☺"])
def test_what_cannot_be_folded_is_like_nothing(empty: str) -> None:
    assert name_similarity(empty, empty) == 0.0
    assert name_similarity(empty, "ANNA") == 0.0


def test_a_cut_token_counts_only_where_an_mrz_cuts() -> None:
    assert name_similarity("ANNA KONST", "ANNA KONSTANTINA") < name_similarity(
        LONG, "PAPANDREOPOULOU ALEXANDRA KONSTANTINA"
    )


def test_chinese_names_that_are_read_alike_are_not_the_same() -> None:
    assert name_similarity("习近平", "习近平") == 1.0
    assert name_similarity("习近朋", "习近平") < name_similarity("XI JINPING", "习近平")


def test_a_contradiction_costs_more_than_an_omission() -> None:
    assert name_similarity("IBRAHIM HASAN TIKRITI", "IBRAHIM HASAN RAWI") < name_similarity(
        "IBRAHIM HASAN TIKRITI", "IBRAHIM HASAN"
    )


def test_what_was_compared_is_told() -> None:
    one, other = folded("Ana Silva"), folded("Ана Силва")
    assert representation(one, one) == "ICAO 9303-3"
    assert representation(one, other) == "ICAO 9303-3; consonants as well"
    assert representation(one, folded("דבי")) == "ICAO 9303-3; Hebrew consonants; consonants as well"
