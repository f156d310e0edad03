"""Where galleries are kept: in files, or on a server that a team shares."""

from __future__ import annotations

from verify.gallery.store.embedded import Gallery
from verify.gallery.store.upkeep import copy_gallery, damage, rotate, share_gallery

__all__ = ["Gallery", "copy_gallery", "damage", "rotate", "share_gallery"]
