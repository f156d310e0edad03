"""Galleries and watchlists: enrol, search by face, name and document; expired entries yield nothing."""

from __future__ import annotations

from verify.gallery.biographic import NEAR_IDENTICAL_NAME, SIMILAR_NAME, NameIndex, Probe, search_names
from verify.gallery.birth_date import BirthDate, DateRelation, closest_relation, date_relation
from verify.gallery.documents import DocumentIndex, normalised_number, normalised_state, search_documents
from verify.gallery.fusion import evidence_of, fuse
from verify.gallery.identify import identify, identify_all
from verify.gallery.imports import (
    FORMATS,
    Given,
    ImportResult,
    Quarantined,
    Withdrawn,
    read_list,
    read_table,
    stream_list,
)
from verify.gallery.name import name_similarity
from verify.gallery.normalise import Normalised, normalise
from verify.gallery.reconcile import Pair, Reconciliation, reconcile
from verify.gallery.references import References, references_of
from verify.gallery.retention import in_force, lapsed
from verify.gallery.scatter import Scattered, SealedBlock, Searcher, locally, merged, opened
from verify.gallery.store import Gallery, copy_gallery, damage, rotate, share_gallery

__all__ = [
    "FORMATS",
    "NEAR_IDENTICAL_NAME",
    "SIMILAR_NAME",
    "BirthDate",
    "DateRelation",
    "DocumentIndex",
    "Gallery",
    "Given",
    "ImportResult",
    "NameIndex",
    "Normalised",
    "Pair",
    "Probe",
    "Quarantined",
    "Reconciliation",
    "References",
    "Scattered",
    "SealedBlock",
    "Searcher",
    "Withdrawn",
    "closest_relation",
    "copy_gallery",
    "damage",
    "date_relation",
    "evidence_of",
    "fuse",
    "identify",
    "identify_all",
    "in_force",
    "lapsed",
    "locally",
    "merged",
    "name_similarity",
    "normalise",
    "normalised_number",
    "normalised_state",
    "opened",
    "read_list",
    "read_table",
    "reconcile",
    "references_of",
    "rotate",
    "search_documents",
    "search_names",
    "share_gallery",
    "stream_list",
]
