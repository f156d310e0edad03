from __future__ import annotations

import datetime as dt
import random

import pytest

from verify.gallery import NameIndex, Probe, search_names
from verify.model.gallery import Name, PartialDate

from .builders import entry

MARIA = Name("SILVA", "MARIA JOANA")
BORN = dt.date(1984, 5, 3)


ENTRIES = [
    entry("alias", Name("PEREIRA", "ANA"), Name("Silva", "Maria Joana"), birth_date=PartialDate(1984, 5, 3)),
    entry("exchanged", Name("Silva", "Maria J."), birth_date=PartialDate(1984, 3, 5)),
    entry("partial", Name("Sylva", "Maria Joana"), birth_date=PartialDate(1984)),
    entry("undated", Name("Silva", "Maria Joana")),
    entry("undated-other", Name("Silvestre", "Mariana")),
    entry("other-date", Name("Silva", "Maria Joana"), birth_date=PartialDate(1971, 9, 20)),
    entry("other-name", Name("Okafor", "Chidi"), birth_date=PartialDate(1984, 5, 3)),
    entry("nameless", birth_date=PartialDate(1984, 5, 3)),
]


def found(probe: Probe, limit: int = 10) -> dict[str, str]:
    candidates = search_names(probe, ENTRIES, limit=limit)
    assert [one.rank for one in candidates] == list(range(1, len(candidates) + 1))
    return {one.reference_id: one.biographic.date_relation for one in candidates if one.biographic}


def test_name_and_date_together_make_a_candidate() -> None:
    assert found(Probe((MARIA,), (BORN,))) == {
        "alias": "same date",
        "partial": "compatible, one is partial",
        "exchanged": "day and month exchanged",
        "undated": "unknown",
    }


def test_the_evidence_names_the_two_strings_compared() -> None:
    evidence = search_names(Probe((MARIA,), (BORN,)), ENTRIES, limit=1)[0].biographic
    assert evidence is not None
    assert (evidence.probe_name, evidence.reference_name) == ("SILVA MARIA JOANA", "SILVA MARIA JOANA")
    assert evidence.name_similarity == 1.0
    assert evidence.representation == "ICAO 9303-3"


def test_without_a_date_only_a_nearly_identical_name_counts() -> None:
    assert set(found(Probe((MARIA,)))) == {"alias", "exchanged", "partial", "undated", "other-date"}
    assert found(Probe((Name("SILVESTRE", "MARTA"),))) == {}
    assert found(Probe((MARIA,), (dt.date(2001, 1, 1),))) == {"undated": "unknown"}


def test_a_probe_without_a_name_finds_nothing() -> None:
    assert found(Probe((), (BORN,))) == {}
    assert found(Probe((Name("<<<"),), (BORN,))) == {}


def test_a_name_in_other_letters_is_found_by_ear_and_by_its_transliteration() -> None:
    draw = random.Random(3)
    others = [
        entry(f"o{number}", Name("".join(draw.choices("ABDEHIKLMNORSTU", k=7)), "".join(draw.choices("AEILMNR", k=5))))
        for number in range(400)
    ]
    index = NameIndex([entry("persian", Name("خاتمی", "محمد")), *others])
    for asked in (Name("KHATAMI", "MOHAMMAD"), Name("XKHATMXYA", "MXHMD"), Name("خاتمی", "محمد")):
        (reference_id, similarity), *_ = index.nearest(asked, limit=3)
        assert reference_id == "persian" and similarity > 0.7


def test_both_centuries_are_searched() -> None:
    assert "alias" in found(Probe((MARIA,), (dt.date(2084, 5, 3), BORN)))


def test_limit_and_order_of_entries() -> None:
    probe = Probe((MARIA,), (BORN,))
    whole = search_names(probe, ENTRIES, limit=10)
    shuffled = ENTRIES[:]
    random.Random(4).shuffle(shuffled)
    assert search_names(probe, shuffled, limit=10) == whole
    assert search_names(probe, ENTRIES, limit=2) == whole[:2]


def test_another_sex_or_nationality_is_remarked_and_ranks_lower_but_is_not_hidden() -> None:
    name = Name("Silva", "Maria Joana")
    born = PartialDate(1984, 5, 3)
    entries = [
        entry("a", name, birth_date=born, sex="M", nationalities=("BRA",)),
        entry("b", name, birth_date=born, sex="F", nationalities=("PRT", "AGO")),
    ]
    first, second = search_names(Probe((MARIA,), (BORN,), "PRT", "F"), entries, limit=5)
    assert first.reference_id == "b" and first.biographic and first.biographic.remarks == ()
    assert second.biographic and second.biographic.remarks == ("another sex", "no nationality in common")


def test_names_that_cannot_be_folded_are_counted() -> None:
    index = NameIndex([entry("signs", Name("☺")), entry("latin", Name("Debbie")), entry("nameless")])
    assert index.unsearchable == 1


@pytest.mark.parametrize("letters", ["Шестакова", "حسن", "דבי", "Σωτήρης", "王小明"])
def test_a_name_in_another_script_is_found_without_a_date_as_itself(letters: str) -> None:
    found = search_names(Probe((Name(letters),)), [entry("other", Name(letters))], limit=1)
    assert [one.reference_id for one in found] == ["other"]


def test_the_nearest_names_alone_are_told_by_similarity_and_in_any_order_of_entries() -> None:
    index = NameIndex(ENTRIES)
    found = index.nearest(Name("Silva", "Maria Joanna"), limit=3)
    assert [one for one, _ in found] == ["alias", "other-date", "undated"]
    assert 0.9 < found[0][1] == found[2][1] < 1.0
    assert NameIndex(list(reversed(ENTRIES))).nearest(Name("Silva", "Maria Joanna"), limit=3) == found
    assert index.nearest(Name("☺"), limit=3) == ()


def test_a_latin_probe_finds_an_entry_in_hebrew_by_name_and_date() -> None:
    index = NameIndex([entry("hebrew", Name("אלן", "דבי"), birth_date=PartialDate(1984, 5, 3))])
    (one,) = index.search(Probe((Name("ALLEN", "DEBBIE"),), (BORN,)), limit=3)
    assert one.biographic and one.biographic.reference_name == "ALN DBI"
    assert one.biographic.representation == "ICAO 9303-3; Hebrew consonants; consonants as well"
