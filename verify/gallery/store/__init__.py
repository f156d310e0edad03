"""Where galleries are kept, one file a kind of store."""

from __future__ import annotations

from verify.gallery.store.embedded import Gallery
from verify.gallery.store.upkeep import copy_gallery, damage, rotate

__all__ = ["Gallery", "copy_gallery", "damage", "rotate"]
