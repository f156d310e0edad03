"""The visual inspection zone (VIZ): what is printed on a page, read and held against its MRZ (docs/viz.md)."""

from verify.document.viz.dates import PrintedDate, dates_in
from verify.document.viz.fields import compare
from verify.document.viz.reader import VizReader, describe_viz, get_viz

__all__ = ["PrintedDate", "VizReader", "compare", "dates_in", "describe_viz", "get_viz"]
