"""Matrix products of templates and a batch of probes, by the inference runtime or by numpy's BLAS.

The runtime packs the probes once and reads the templates as they lie, where a BLAS packs both for every tile.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from verify.gallery.search.layout import Float32s
from verify.runtime import Session

__all__ = [
    "Products",
    "float_products",
    "integer_bits",
    "integer_products",
    "processor_has_integer_products",
]

_FLOAT, _UINT8, _INT8, _INT32 = 1, 2, 3, 6  # onnx.proto, TensorProto.DataType
_FLAGS = frozenset({"amx_int8", "avx512_vnni", "avx_vnni", "asimddp", "i8mm"})
_FEW = 1 << 24  # scores of a search below which loading a network costs more than it saves
ZERO = 128
"""What is added to the whole numbers of templates, because one factor has no sign."""


class Products(Protocol):
    """Products with probes that were given before."""

    def into(self, tile: NDArray[Any], templates: NDArray[Any]) -> None:
        """Writes the products of templates (R x D) into a tile (R x P)."""
        ...


class _ByBlas:
    def __init__(self, probes: Float32s) -> None:
        self._probes = np.ascontiguousarray(probes.T)

    def into(self, tile: NDArray[Any], templates: NDArray[Any]) -> None:
        if tile.shape[1] == 1:  # as a matrix and a vector, BLAS reads the templates once, at the speed of the memory
            np.matmul(templates, self._probes[:, 0], out=tile[:, 0])
        else:
            np.matmul(templates, self._probes, out=tile)


class _ByRuntime(Session):
    def __init__(self, network: bytes) -> None:
        super().__init__(network)
        self._binding = self._session.io_binding()
        self._bound: tuple[int, int] | None = None

    def into(self, tile: NDArray[Any], templates: NDArray[Any]) -> None:
        if not (tile.flags.c_contiguous and templates.flags.c_contiguous):
            raise ValueError("a product reads and writes memory as it lies")
        place = _address(tile), len(tile)
        if place != self._bound:
            self._binding.bind_output("s", "cpu", 0, tile.dtype.type, tile.shape, place[0])
            self._bound = place
        self._binding.bind_input("t", "cpu", 0, templates.dtype.type, templates.shape, _address(templates))
        self._session.run_with_iobinding(self._binding)


def _address(array: NDArray[Any]) -> int:
    return int(array.__array_interface__["data"][0])


def float_products(probes: Float32s, rows: int) -> Products:
    """Products of float32.

    Args:
        probes: P x D.
        rows: how many templates there will be.
    """
    if len(probes) == 1 or len(probes) * rows < _FEW:
        return _ByBlas(probes)
    return _ByRuntime(_network(np.ascontiguousarray(probes.T), "MatMul", _FLOAT, _FLOAT))


def integer_products(probes: NDArray[np.int8]) -> Products:
    """Products of whole numbers, uint8 by int8 into int32, with VNNI or AMX where there is one.

    Args:
        probes: P x D, of `integer_bits` bits. Of the templates `ZERO` is taken off.
    """
    return _ByRuntime(_network(np.ascontiguousarray(probes.T), "MatMulInteger", _UINT8, _INT32))


@lru_cache(maxsize=1)
def integer_bits() -> int:
    """Bits of a probe's numbers with which the product is exact, looked over once; 0: use float32 instead.

    With 7, sums of two products fit 16 bits, which older processors add in.
    """
    return next((bits for bits in (8, 7) if _exact((1 << (bits - 1)) - 1)), 0)


def _exact(most: int) -> bool:
    """Whether greatest and least values, of every sign, come out as whole numbers do."""
    chance = np.random.default_rng(2026)
    for dimensions in (128, 200, 512):
        probes = chance.choice([-most, most], size=(9, dimensions))
        templates = chance.choice([-127, 127], size=(40, dimensions))
        templates[0] = 127 * np.sign(probes[0])
        found = np.empty((40, 9), dtype=np.int32)
        integer_products(probes.astype(np.int8)).into(found, (templates + ZERO).astype(np.uint8))
        if not np.array_equal(found, templates @ probes.T):
            return False
    return True


@lru_cache(maxsize=1)
def processor_has_integer_products() -> bool:
    """Whether the processor multiplies bytes faster than floats (AMX, VNNI, or their like on ARM)."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return bool(_FLAGS & set(text.split()))


def _network(probes: NDArray[Any], act: str, kind: int, product: int) -> bytes:
    """One product with a constant, as an ONNX file (Protocol Buffers, field numbers of onnx.proto)."""
    names = [b"t", b"p"] + [b"z"] * (act == "MatMulInteger")
    node = b"".join(_field(1, name) for name in names) + _field(2, b"s") + _field(4, act.encode())
    constants = [_constant(b"p", _INT8 if kind == _UINT8 else _FLOAT, probes.shape, probes.tobytes())]
    if kind == _UINT8:
        constants.append(_constant(b"z", _UINT8, (), bytes([ZERO])))
    graph = _field(1, node) + _field(2, b"network") + b"".join(_field(5, one) for one in constants)
    dimensions, count = probes.shape
    graph += _field(11, _value(b"t", kind, dimensions)) + _field(12, _value(b"s", product, count))
    return b"\x08\x08" + _field(7, graph) + _field(8, b"\x10\x0d")  # IR version 8, operator set 13


def _constant(name: bytes, kind: int, shape: tuple[int, ...], content: bytes) -> bytes:
    sizes = b"".join(b"\x08" + _varint(size) for size in shape)
    return sizes + b"\x10" + _varint(kind) + _field(8, name) + _field(9, content)


def _value(name: bytes, kind: int, columns: int) -> bytes:
    shape = _field(1, _field(2, b"rows")) + _field(1, b"\x08" + _varint(columns))
    return _field(1, name) + _field(2, _field(1, bytes([8, kind]) + _field(2, shape)))


def _field(number: int, content: bytes) -> bytes:
    return bytes([number << 3 | 2]) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    return bytes(found) + bytes([value])
