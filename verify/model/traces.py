"""What a file says of its own making, beside its pixels. Anybody can write or remove it: notes, never proof."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Traces"]


@dataclass(frozen=True, slots=True)
class Traces:
    """Traces of one image or PDF file, all of them bounded.

    Attributes:
        software: names of programs that the metadata give (EXIF, XMP, PNG text, PDF producer), as written there.
        device: maker and model that the EXIF gives; empty when it gives none.
        stated_size: width and height that the EXIF gives for the picture; None when it gives none.
        size: width and height of the first page in pixels, as stored.
        jpeg_quality: the quality at which the common library (IJG) would write just these quantisation tables;
            None for other tables and other formats.
        chroma: of the first page, how far the 99th percentile of its pixels is from grey (0 to 255); None when no page
            was decoded.
        pixels_sha256: of the first page's pixels, the same whatever container they came in; empty when no page was
            decoded.
    """

    software: tuple[str, ...] = ()
    device: str = ""
    stated_size: tuple[int, int] | None = None
    size: tuple[int, int] | None = None
    jpeg_quality: int | None = None
    chroma: float | None = None
    pixels_sha256: str = ""
