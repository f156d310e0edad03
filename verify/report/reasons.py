"""Reason codes: what a reviewer went by. Short labels of our own.

For faces they follow the components of the FISWG feature list for morphological analysis (version 2.0, 2018), top of
the face to the chin and unordered by weight; for documents the places where a finding can be resolved.
"""

from __future__ import annotations

from types import MappingProxyType

__all__ = ["DOCUMENT_REASONS", "FACE_REASONS", "REASONS"]

FACE_REASONS = MappingProxyType(
    {
        "skin": "skin texture and tone",
        "outline": "outline of face and head",
        "composition": "proportions and places of the features",
        "hairline": "hairline",
        "forehead": "forehead",
        "eyebrows": "eyebrows",
        "eyes": "eyes and lids",
        "cheeks": "cheeks",
        "nose": "nose",
        "ears": "ears",
        "mouth": "mouth and lips",
        "chin": "chin and jaw line",
        "neck": "neck",
        "facial-hair": "facial hair",
        "lines": "lines and wrinkles",
        "scars": "scars",
        "marks": "moles and other marks",
        "alterations": "tattoos, piercings, surgery",
        "age-gap": "years between the pictures",
        "relatives": "may be a relative or a twin",
    }
)
DOCUMENT_REASONS = MappingProxyType(
    {
        "misread": "the machine misread the print",
        "print": "wear, damage or light explains it",
        "issuer": "the issuing state prints it so",
        "entry": "list entry is of another person or outdated",
        "data": "the data speak for it",
        "source": "asked the source of the entry",
        "original": "looked at the original document",
    }
)
REASONS = MappingProxyType({**FACE_REASONS, **DOCUMENT_REASONS})
