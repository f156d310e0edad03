"""Hidden connections between the records of a finished batch: shared faces, shared documents, shared portraits.

This room finds connections; the checks say what a person should look at, and why it may be innocent.
"""

from __future__ import annotations

from verify.linkage.documents import same_document
from verify.linkage.faces import FaceLink, same_face, same_portrait
from verify.linkage.presence import Presence, differs, presence_of

__all__ = ["FaceLink", "Presence", "differs", "presence_of", "same_document", "same_face", "same_portrait"]
