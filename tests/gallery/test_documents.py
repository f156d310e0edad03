from __future__ import annotations

from verify.gallery import DocumentIndex, normalised_number, normalised_state, search_documents
from verify.model.gallery import DocumentStatus, EntryKind, ListedDocument

from .builders import entry


def document(reference_id: str, number: str, state: str = "UTO"):  # type: ignore[no-untyped-def]
    listed = ListedDocument(number, "P", state, DocumentStatus.STOLEN)
    return entry(reference_id, documents=[listed], kind=EntryKind.DOCUMENT)


def test_fillers_spaces_and_signs_do_not_count_but_look_alikes_do() -> None:
    entries = [document("d2", "ab-123 O5"), document("d1", "AB123O5"), document("zero", "AB12305")]
    found = search_documents("UTO", "AB<123O5<<", entries)
    assert [(one.rank, one.reference_id, one.document_number) for one in found] == [
        (1, "d1", "AB123O5"),
        (2, "d2", "ab-123 O5"),
    ]
    assert search_documents("UTO", "AB12306", entries) == ()


def test_the_issuing_state_is_part_of_the_number() -> None:
    entries = [document("d", "C01X00T47", "D")]
    assert [one.reference_id for one in search_documents("D<<", "C01X00T47", entries)] == ["d"]
    assert [one.reference_id for one in search_documents("DEU", "C01X00T47", entries)] == ["d"]
    assert search_documents("AUT", "C01X00T47", entries) == ()
    assert normalised_state("d<<") == "D"


def test_what_is_empty_finds_nothing() -> None:
    index = DocumentIndex([document("d", "<<<"), document("e", "X1", "")])
    assert index.search("UTO", "") == index.search("", "X1") == index.search("UTO", "<<<") == ()
    assert normalised_number(" <-. ") == ""
