from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.document.names import fold
from verify.gallery.han import pinyin
from verify.gallery.letter_names import script, spelled
from verify.gallery.romanisation import romanised


@pytest.mark.parametrize(
    ("name", "text", "tables"),
    [
        ("Müller-Lüdenscheidt", "MUELLER LUEDENSCHEIDT", "ICAO 9303-3"),
        ("Иванов", "IVANOV", "ICAO 9303-3"),
        ("Γεώργιος Παπαδόπουλος", "GEORGIOS PAPADOPOULOS", "ELOT 743"),
        ("Ευάγγελος Μπάμπης", "EVANGELOS BAMPIS", "ELOT 743"),
        ("Αυτός Ξένη Ψάλτης", "AFTOS XENI PSALTIS", "ELOT 743"),
        ("שלום", "SHLOM", "Hebrew consonants"),
        ("ג'ורג' וושינגטון", "JORJ VSHINGTON", "Hebrew consonants"),
        ("Հակոբ", "HAKOB", "letter names"),
        ("მიხეილ", "MIKHEIL", "letter names"),
        ("习近平", "XI JINPING", "pinyin"),
        ("羅伯特·莎娅", "LUOBOTE SHAYA", "pinyin"),
        ("김정은", "GIM JEONGEUN", "letter names"),
        ("ジャック・ウィリアムズ", "JAKU WIRIAMUZU", "letter names"),
        ("ふぁ しょ っか", "FA SHO KA", "letter names"),
        ("नरेन्द्र मोदी", "NARENDRA MODI", "letter names"),
        ("ทักษิณ", "THAKSIN", "letter names"),
        ("เอเธนส์ ไทย", "ETHEN THAIY", "letter names"),
        ("ລາວ ເອເທນ", "LAW ETHEN", "letter names"),
        ("കേരളൻ ഏറ്റി", "KERALAN ETI", "letter names"),
        ("ហ៊ុន សែន", "HUNO SAENO", "letter names"),
        ("අනුර", "ANARA", "letter names"),
        ("አበበ", "ABABA", "letter names"),
        ("Anna Αννα", "ANNA ANNA", "ICAO 9303-3; ELOT 743"),
        ("O'Neill THOMP5ON<<", "ONEILL THOMPSON", "ICAO 9303-3"),
        ("☺ 𐤀𐤁 9", "", "letter names"),
        ("", "", "ICAO 9303-3"),
    ],
)
def test_tables(name: str, text: str, tables: str) -> None:
    found = romanised(name)
    assert (found.text, found.tables) == (text, tables)


def test_what_the_original_was_is_kept() -> None:
    assert romanised("Ana").latin and not romanised("Ана").latin
    assert romanised("Ана").liquids and not romanised("アナ").liquids
    assert romanised("习近平").characters == "习近平"


@given(st.text(alphabet=st.characters(max_codepoint=127, exclude_characters="0123456789"), max_size=40))
def test_the_short_way_for_ascii_is_the_fold_of_the_standard(name: str) -> None:
    assert romanised(name).text == fold(name)


@given(st.text(max_size=30))
def test_any_text_becomes_words_of_latin_capitals(name: str) -> None:
    text = romanised(name).text
    assert text == " ".join(text.split())
    assert all(letter == " " or "A" <= letter <= "Z" for letter in text)


@given(st.characters())
def test_any_character_has_a_script_and_a_spelling(character: str) -> None:
    assert script(character) == script(character).upper()
    assert isinstance(spelled(character), str)


def test_pinyin_of_both_ends_of_a_syllable_and_of_nothing() -> None:
    assert [pinyin(one) for one in "啊阿埃座女略虐"] == ["A", "A", "AI", "ZUO", "NU", "LUE", "NUE"]
    assert [pinyin(one) for one in ("A", "あ", "〇", "亍", "龘")] == [""] * 5


@pytest.mark.parametrize(
    ("name", "by_ear"),
    [
        ("Schulz Philippe", "SHULZ FILIPE"),
        ("Xavier Quincy", "SAVIER KWINSI"),
        ("MXKKTBA", "MXKKTBA"),  # marked by Doc 9303-3: an Arabic letter
        ("محمد خاتمی", "MHMD KHATMI"),
        ("احمدی\u200cنژاد", "AMDINZHAD"),
        ("یاسر وکیلی", "YASR WKILI"),
        ("Μπάμπης Ντόρα Χάρης", "BABIS DORA KHARIS"),
        ("乔治·华盛顿", "JOJ WASHENTON"),
        ("블라디미르 조지", "BLADIMIR JOJI"),
        ("チャールズ・ブラント", "CHARZ BRANT"),
        ("ג'ורג'", "JORJ"),
        ("राम ហ៊ុន", "RAM HUN"),
    ],
)
def test_names_by_ear(name: str, by_ear: str) -> None:
    assert romanised(name).heard == by_ear


@given(st.text(max_size=30))
def test_there_is_one_word_by_ear_for_each_word(name: str) -> None:
    found = romanised(name)
    assert found.heard.count(" ") == found.text.count(" ") and bool(found.heard) == bool(found.text)
    assert all(letter == " " or "A" <= letter <= "Z" for letter in found.heard)
