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

from rapidfuzz import fuzz, process

from verify.gallery.birth_date import BirthDate, DateRelation, closest_relation, partial
from verify.gallery.documents import normalised_state
from verify.gallery.name import REPRESENTATION, FoldedName, folded, folded_similarity
from verify.model.candidate import BiographicEvidence, Candidate
from verify.model.gallery import Entry, Name

__all__ = ["NEAR_IDENTICAL_NAME", "SIMILAR_NAME", "NameIndex", "Probe", "search_names"]

SIMILAR_NAME = 0.80
"""Least similarity of a name whose date of birth is tolerable.

Measured on 500 travellers whose names carry reading errors and 500 who are not listed, 13 % of the dates of birth
disturbed, against 34,253 synthetic entries: .990 of the listed are among ten candidates, 0.2 % of the others get
one (at 0.75: .994 and 0.4 %; at 0.85: .948 and none). Chosen on the same set. The disturbed dates are of the kinds
that are tolerated, and entries whose names cannot be folded were left out.
"""

NEAR_IDENTICAL_NAME = 0.92
"""Least similarity of a name when a date of birth is missing: a letter or two may differ.

Measured as above, without dates: .78 of 100 listed found, 2 % of 200 others get a candidate."""

_PREFILTER = 60.0  # token-set ratio of the consonants; at 70 two of 100 listed names were lost
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

    Dates are the sharper sieve (about 0.3 % of a list has a tolerable one), so names are compared of the few
    that pass, by brute force and exactly.

    Attributes:
        unsearchable: entries that name somebody of whom no name can be folded: they cannot be found by name.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Folds and groups the entries, which the caller has limited to those in force."""
        self._entries: list[Entry] = []
        self._names: list[list[FoldedName]] = []
        self._by_year: defaultdict[int, list[int]] = defaultdict(list)
        self._by_day: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        self._undated: list[int] = []
        self.unsearchable = 0
        for entry in entries:
            names = [one for one in map(_fold, entry.names) if one.text]
            if names:
                self._add(entry, names)
            elif entry.names:
                self.unsearchable += 1

    def _add(self, entry: Entry, names: list[FoldedName]) -> None:
        place = len(self._entries)
        self._entries.append(entry)
        self._names.append(names)
        date = entry.birth_date
        if date is None:
            self._undated.append(place)
            return
        self._by_year[date.year].append(place)
        if date.month is not None and date.day is not None:
            self._by_day[date.month, date.day].append(place)

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
        for place, relation in self._pool(names, probe.birth_dates):
            entry = self._entries[place]
            similarity, mine, theirs = _most_alike(names, self._names[place])
            if similarity < (SIMILAR_NAME if relation.tolerable else NEAR_IDENTICAL_NAME):
                continue
            remarks = _remarks(probe, entry)
            cost = _DATE_COST.get(relation, _OTHER_DATE_COST) + _REMARK_COST * len(remarks)
            evidence = BiographicEvidence(
                mine.text, theirs.text, round(similarity, 4), REPRESENTATION, relation.value, remarks
            )
            found.append((cost - similarity, entry.reference_id, entry, evidence))
        found.sort(key=lambda one: (round(one[0], 6), one[1]))
        return tuple(
            Candidate(rank, reference_id, entry, biographic=evidence)
            for rank, (_, reference_id, entry, evidence) in enumerate(found[:limit], 1)
        )

    def _pool(self, names: Sequence[FoldedName], dates: Sequence[BirthDate]) -> Iterator[tuple[int, DateRelation]]:
        """Entries that may be candidates, each once: a tolerable date shares the year, or day and month."""
        if not names:
            return
        if not dates:
            yield from ((place, DateRelation.UNKNOWN) for place in self._near(names, range(len(self._entries))))
            return
        places: set[int] = set()
        for date in map(partial, dates):
            places.update(self._by_year.get(date.year, ()))
            if date.month is not None and date.day is not None:
                places.update(self._by_day.get((date.month, date.day), ()))
        for place in places:
            relation = closest_relation(dates, self._entries[place].birth_date)
            if relation.tolerable:
                yield place, relation
        yield from ((place, DateRelation.UNKNOWN) for place in self._near(names, self._undated))

    def _near(self, names: Sequence[FoldedName], places: Sequence[int]) -> set[int]:
        """Of the places, those with a name that may be nearly identical: a coarse sieve by consonants, fast."""
        owners = [place for place in places for _ in self._names[place]]
        sounds = [name.sounds for place in places for name in self._names[place]]
        return {
            owners[which]
            for name in names
            for _, _, which in process.extract_iter(
                name.sounds, sounds, scorer=fuzz.token_set_ratio, score_cutoff=_PREFILTER
            )
        }


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
