"""Search by names and date of birth: which entries a person should compare with a traveller.

A name alone never makes a candidate, for names are shared by many: of 1,000 synthetic travellers against 100,000
synthetic names, a threshold on the name alone (token-sort ratio 80) gave 47 % of those not listed a candidate,
with a tolerant date of birth 0.6 %, at .916 of the listed found. `SIMILAR_NAME` tells the figures of the
comparison used here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from verify.gallery.birth_date import BirthDate, DateRelation, closest_relation, partial
from verify.gallery.documents import normalised_state
from verify.gallery.grams import GramIndex
from verify.gallery.name import FoldedName, folded, folded_similarity, representation
from verify.model.candidate import BiographicEvidence, Candidate
from verify.model.gallery import Entry, Name

__all__ = ["NEAR_IDENTICAL_NAME", "SIMILAR_NAME", "NameIndex", "Probe", "search_names"]

SIMILAR_NAME = 0.80
"""Least similarity of a name whose date of birth is tolerable.

Measured on 500 travellers whose names carry reading errors and 500 who are not listed, 13 % of the dates of birth
disturbed, against 30,000 synthetic entries: .980 of the listed are among ten candidates, none of the others gets one
(at 0.75: .988 and 0.6 %; at 0.85: .940 and none). Chosen on the same set (`scripts/bench names --load`). The disturbed
dates are of the kinds that are tolerated.
"""

NEAR_IDENTICAL_NAME = 0.92
"""Least similarity of a name when a date of birth is missing: a letter or two may differ.

Measured as above, entries without dates: .728 of the listed found, 2.2 % of the others get a candidate (at 0.90: .844
and 3.2 %; at 0.94: .564 and 1.4 %).
"""

_SHORTLIST = 32  # names that the sieve lets through
_DATE_COST = {DateRelation.SAME: 0.0, DateRelation.COMPATIBLE: 0.02, DateRelation.UNKNOWN: 0.10}
_OTHER_DATE_COST = 0.05
_REMARK_COST = 0.02


@dataclass(frozen=True, slots=True)
class Probe:
    """What is known of a traveller; empty where nothing is.

    Attributes:
        names: as read (MRZ, VIZ) and as declared.
        birth_dates: every date it may be, e.g. both centuries of an MRZ date.
        nationality: ICAO code.
        sex: "M", "F" or "X".
    """

    names: tuple[Name, ...]
    birth_dates: tuple[BirthDate, ...] = ()
    nationality: str = ""
    sex: str = ""


class NameIndex:
    """Entries made ready for many searches: names folded once, found by their dates of birth first.

    Dates are the sharper sieve (about 0.3 % of a list has a tolerable one): names are compared of all that pass. Where
    a date is missing, a sieve of shared letters (`GramIndex`) chooses the names that are compared.

    Attributes:
        unsearchable: entries that name somebody of whom no name can be folded: they cannot be found by name.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Folds and groups the entries, which the caller has limited to those in force."""
        self._entries: list[Entry] = []
        self._names: list[tuple[int, ...]] = []  # of each entry, places among the names
        self._by_year: defaultdict[int, list[int]] = defaultdict(list)
        self._by_day: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        self.unsearchable = 0
        places: dict[FoldedName, int] = {}
        for entry in entries:
            folds = [one for one in map(_fold, entry.names) if one.text]
            if folds:
                self._names.append(tuple(places.setdefault(one, len(places)) for one in folds))
                self._add(entry)
            elif entry.names:
                self.unsearchable += 1
        self._folds = list(places)
        self._bearers: list[list[int]] = [[] for _ in places]
        self._undated = np.zeros(len(places), dtype=bool)
        for number, (entry, held) in enumerate(zip(self._entries, self._names, strict=True)):
            for place in held:
                self._bearers[place].append(number)
                self._undated[place] |= entry.birth_date is None
        # names of other letters are found by ear, and by their transliteration, as an MRZ may have it
        rows = [(one.letters, one.sounds, place) for place, one in enumerate(self._folds)]
        rows += [(one.text, one.sounds, place) for place, one in enumerate(self._folds) if not one.latin]
        self._places = np.array([place for _, _, place in rows], dtype=np.intp)
        self._grams = GramIndex([letters for letters, _, _ in rows], [sounds for _, sounds, _ in rows])

    def _add(self, entry: Entry) -> None:
        number = len(self._entries)
        self._entries.append(entry)
        date = entry.birth_date
        if date is not None:
            self._by_year[date.year].append(number)
            if date.month is not None and date.day is not None:
                self._by_day[date.month, date.day].append(number)

    def search(self, probe: Probe, *, limit: int) -> tuple[Candidate, ...]:
        """Candidates for a person to look at, the most alike first.

        Args:
            probe: whom to look for.
            limit: longest list.

        Returns:
            Candidates of which the name is similar and the date of birth tolerable, or the name nearly
            identical and a date unknown (`date_relation` "unknown": the weaker kind). Ties are ordered by
            reference id.
        """
        names = [one for one in map(_fold, probe.names) if one.text]
        found: list[tuple[float, str, Entry, BiographicEvidence]] = []
        for number, relation in self._pool(names, probe.birth_dates, limit) if names else ():
            entry = self._entries[number]
            similarity, mine, theirs = _most_alike(names, [self._folds[place] for place in self._names[number]])
            if similarity < (SIMILAR_NAME if relation.tolerable else NEAR_IDENTICAL_NAME):
                continue
            remarks = _remarks(probe, entry)
            cost = _DATE_COST.get(relation, _OTHER_DATE_COST) + _REMARK_COST * len(remarks)
            evidence = BiographicEvidence(
                mine.text, theirs.text, round(similarity, 4), representation(mine, theirs), relation.value, remarks
            )
            found.append((cost - similarity, entry.reference_id, entry, evidence))
        found.sort(key=lambda one: (round(one[0], 6), one[1]))
        return tuple(
            Candidate(rank, reference_id, entry, biographic=evidence)
            for rank, (_, reference_id, entry, evidence) in enumerate(found[:limit], 1)
        )

    def nearest(self, name: Name, *, limit: int) -> tuple[tuple[str, float], ...]:
        """Reference ids by the similarity of their name alone: to measure the sieve, never for a finding.

        Returns:
            (reference id, similarity), the most alike first, ties by reference id.
        """
        probe = _fold(name)
        best: dict[str, float] = {}
        for place in self._near(probe, limit).tolist():
            similarity = folded_similarity(probe, self._folds[place])
            for number in self._bearers[place]:
                reference_id = self._entries[number].reference_id
                best[reference_id] = max(similarity, best.get(reference_id, 0.0))
        return tuple(sorted(best.items(), key=lambda one: (-round(one[1], 6), one[0]))[:limit])

    def _pool(
        self, names: Sequence[FoldedName], dates: Sequence[BirthDate], limit: int
    ) -> Iterator[tuple[int, DateRelation]]:
        """Entries that may be candidates, each once: a tolerable date shares the year, or day and month."""
        numbers: set[int] = set()
        for date in map(partial, dates):
            numbers.update(self._by_year.get(date.year, ()))
            if date.month is not None and date.day is not None:
                numbers.update(self._by_day.get((date.month, date.day), ()))
        for number in numbers:
            relation = closest_relation(dates, self._entries[number].birth_date)
            if relation.tolerable:
                yield number, relation
        among = self._undated if dates else None
        near = {place for name in names for place in self._near(name, limit, among).tolist()}
        for number in {number for place in near for number in self._bearers[place]}:
            if not dates or self._entries[number].birth_date is None:
                yield number, DateRelation.UNKNOWN

    def _near(self, name: FoldedName, limit: int, among: NDArray[np.bool_] | None = None) -> NDArray[np.intp]:
        kept = None if among is None else among[self._places]
        rows = self._grams.nearest(name.letters, name.sounds, max(_SHORTLIST, limit), among=kept)
        return np.unique(self._places[rows])


def search_names(probe: Probe, entries: Iterable[Entry], *, limit: int) -> tuple[Candidate, ...]:
    """One search over entries, as `NameIndex.search`; for many searches make the index once."""
    return NameIndex(entries).search(probe, limit=limit)


def _fold(name: Name) -> FoldedName:
    return folded(f"{name.primary} {name.secondary}")


def _most_alike(ones: Sequence[FoldedName], others: Sequence[FoldedName]) -> tuple[float, FoldedName, FoldedName]:
    return max(
        ((folded_similarity(one, other), one, other) for one in ones for other in others),
        key=lambda pair: pair[0],
    )


def _remarks(probe: Probe, entry: Entry) -> tuple[str, ...]:
    """What speaks against the candidate; it lowers the rank and never hides the entry."""
    remarks = []
    if probe.sex and entry.sex and probe.sex != entry.sex and "X" not in (probe.sex, entry.sex):
        remarks.append("another sex")
    nationalities = {normalised_state(one) for one in entry.nationalities}
    if probe.nationality and nationalities and normalised_state(probe.nationality) not in nationalities:
        remarks.append("no nationality in common")
    return tuple(remarks)
