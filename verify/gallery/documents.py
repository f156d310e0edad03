"""Search by document: the same number of the same issuing state, exactly."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable

from verify.model.candidate import Candidate
from verify.model.gallery import Entry

__all__ = ["DocumentIndex", "normalised_number", "normalised_state", "search_documents"]


def normalised_number(document_number: str) -> str:
    """A document number without fillers, spaces and signs, in capitals.

    An MRZ replaces every sign and space of the number by a filler (ICAO Doc 9303-3, 4.6), so a printed "AB-12
    3" and a read "AB<12<3" are equal. Letters and digits that look alike (O and 0, I and 1) are kept apart:
    on a list of stolen documents they are two documents.
    """
    text = unicodedata.normalize("NFKC", document_number).upper()
    return "".join(character for character in text if character.isalnum())


def normalised_state(issuing_state: str) -> str:
    """A code of ICAO Doc 9303-3, section 5, without fillers; DEU becomes the D of German documents."""
    code = normalised_number(issuing_state)
    return "D" if code == "DEU" else code


class DocumentIndex:
    """Entries that name a document, for many searches."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Takes the entries that the caller has limited to those in force."""
        self._found: defaultdict[tuple[str, str], list[tuple[Entry, str]]] = defaultdict(list)
        for entry in entries:
            for document in entry.documents:
                key = normalised_state(document.issuing_state), normalised_number(document.document_number)
                if all(key):
                    self._found[key].append((entry, document.document_number))

    def search(self, issuing_state: str, document_number: str) -> tuple[Candidate, ...]:
        """Every entry that lists this document, ordered by reference id; none when either value is empty."""
        key = normalised_state(issuing_state), normalised_number(document_number)
        found = {entry.reference_id: (entry, number) for entry, number in self._found.get(key, ())}
        return tuple(
            Candidate(rank, reference_id, found[reference_id][0], document_number=found[reference_id][1])
            for rank, reference_id in enumerate(sorted(found), 1)
        )


def search_documents(issuing_state: str, document_number: str, entries: Iterable[Entry]) -> tuple[Candidate, ...]:
    """One search over entries; for many, make a `DocumentIndex` once.

    Args:
        issuing_state: as on the document; a number means nothing without it.
        document_number: as read or printed.
        entries: in force.
    """
    return DocumentIndex(entries).search(issuing_state, document_number)
