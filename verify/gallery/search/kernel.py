"""Which matrix kernel is in force: the same search is three to five times slower with an old one."""

from __future__ import annotations

import ctypes
from pathlib import Path

import numpy as np

__all__ = ["blas_kernel"]

_ASKED = ("scipy_openblas_get_corename64_", "scipy_openblas_get_corename", "openblas_get_corename")


def blas_kernel() -> str:
    """Name and version of numpy's BLAS and the kernel it took for this processor, e.g. "scipy-openblas 0.3 Haswell"."""
    config = np.show_config(mode="dicts")
    blas = config.get("Build Dependencies", {}).get("blas", {})
    name = f"{blas.get('name', 'unknown BLAS')} {blas.get('version', '')}".strip()
    folder = Path(np.__file__).parent
    for path in sorted(folder.parent.glob("numpy.libs/*openblas*")) + sorted(folder.glob(".dylibs/*openblas*")):
        library = ctypes.CDLL(str(path))  # loaded already; this only finds it again
        for asked in _ASKED:
            function = getattr(library, asked, None)
            if function is not None:
                function.restype = ctypes.c_char_p
                return f"{name} {function().decode('ascii', 'replace')}"
    return f"{name}, kernel not told"
