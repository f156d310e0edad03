"""Where galleries are kept, one file a kind of store."""

from __future__ import annotations

from verify.gallery.store.embedded import Gallery

__all__ = ["Gallery"]
