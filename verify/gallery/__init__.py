"""Galleries and watchlists: enrol, search by face, name and document; expired entries yield nothing."""

from __future__ import annotations

from verify.gallery.biographic import NEAR_IDENTICAL_NAME, SIMILAR_NAME, NameIndex, Probe, search_names
from verify.gallery.birth_date import BirthDate, DateRelation, closest_relation, date_relation
from verify.gallery.documents import DocumentIndex, normalised_number, normalised_state, search_documents
from verify.gallery.identify import identify
from verify.gallery.imports import ImportResult, Quarantined, read_table
from verify.gallery.name import name_similarity
from verify.gallery.references import References, references_of
from verify.gallery.retention import in_force
from verify.gallery.store import Gallery

__all__ = [
    "NEAR_IDENTICAL_NAME",
    "SIMILAR_NAME",
    "BirthDate",
    "DateRelation",
    "DocumentIndex",
    "Gallery",
    "ImportResult",
    "NameIndex",
    "Probe",
    "Quarantined",
    "References",
    "closest_relation",
    "date_relation",
    "identify",
    "in_force",
    "name_similarity",
    "normalised_number",
    "normalised_state",
    "read_table",
    "references_of",
    "search_documents",
    "search_names",
]
