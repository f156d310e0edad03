"""Hidden connections between the records of a finished batch: shared faces, shared documents, shared portraits.

This room finds connections; the checks say what a person should look at, and why it may be innocent.
"""

from __future__ import annotations

from verify.linkage.documents import numbers_in_a_row, same_document, same_picture
from verify.linkage.faces import FaceLink, same_face, same_portrait
from verify.linkage.presence import PictureFile, Presence, differs, presence_of

__all__ = [
    "FaceLink",
    "PictureFile",
    "Presence",
    "differs",
    "numbers_in_a_row",
    "presence_of",
    "same_document",
    "same_face",
    "same_picture",
    "same_portrait",
]
