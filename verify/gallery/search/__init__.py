"""Exact identification: blocked products, a look at each while it is in the cache, exact scores for the few left."""

from __future__ import annotations

from verify.gallery.search.exact import Found, Templates, search
from verify.gallery.search.filters import Attributes, Filter, attributes_of, selected
from verify.gallery.search.kernel import blas_kernel
from verify.gallery.search.products import integer_bits, processor_has_integer_products
from verify.gallery.search.quantised import Quantised, quantise
from verify.gallery.search.score import scores_of_pairs, unit_rows

__all__ = [
    "Attributes",
    "Filter",
    "Found",
    "Quantised",
    "Templates",
    "attributes_of",
    "blas_kernel",
    "integer_bits",
    "processor_has_integer_products",
    "quantise",
    "scores_of_pairs",
    "search",
    "selected",
    "unit_rows",
]
