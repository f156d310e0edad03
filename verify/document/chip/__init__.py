"""The chip of a document, from a dump of its files: dump (a zip) -> lds, portrait, clone -> authenticate."""

from verify.document.chip.authenticate import read_chip
from verify.document.chip.dump import ChipDump, read_dump

__all__ = ["ChipDump", "read_chip", "read_dump"]
