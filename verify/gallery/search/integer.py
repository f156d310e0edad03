"""Products of whole numbers by the inference runtime: uint8 by int8 into int32, with VNNI or AMX where there is one."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from verify.runtime import Session

__all__ = ["IntegerProducts", "integer_products", "processor_has_integer_products"]

_UINT8, _INT8, _INT32 = 2, 3, 6  # onnx.proto, TensorProto.DataType
_FLAGS = frozenset({"amx_int8", "avx512_vnni", "avx_vnni", "asimddp", "i8mm"})


class IntegerProducts:
    """Products of probes (uint8, P x D) and a tile of templates (int8, D x T).

    Attributes:
        most: greatest value of a probe's code.
        zero: what is added to it, because one factor has no sign.
    """

    def __init__(self, bits: int) -> None:
        """Loads the product.

        Args:
            bits: of a probe's codes; with 7, sums of two products fit 16 bits, which older processors add in.

        Raises:
            MissingEngineError: the runtime cannot do it.
        """
        self.zero = 1 << (bits - 1)
        self.most = self.zero - 1
        self._zero = np.array(self.zero, dtype=np.uint8)
        self._session = Session(_network())

    def of(self, probes: NDArray[np.uint8], templates: NDArray[np.int8]) -> NDArray[np.int32]:
        """int32 (P x T); `zero` is taken off again."""
        return np.asarray(self._session.run(probes, templates, self._zero)[0]).view(np.int32)

    def exact(self) -> bool:
        """Whether greatest and least values, of every sign, come out as whole numbers do."""
        chance = np.random.default_rng(2026)
        for dimensions in (128, 200, 512):
            probes = chance.choice([-self.most, self.most], size=(9, dimensions))
            templates = chance.choice([-127, 127], size=(dimensions, 40))
            templates[:, 0] = 127 * np.sign(probes[0])
            codes = (probes + self.zero).astype(np.uint8)
            if not np.array_equal(self.of(codes, templates.astype(np.int8)), probes @ templates):
                return False
        return True


@lru_cache(maxsize=1)
def integer_products() -> IntegerProducts | None:
    """The product in force, looked over once; None where none gives whole numbers exactly: use float32 then."""
    for bits in (8, 7):
        found = IntegerProducts(bits)
        if found.exact():
            return found
    return None


@lru_cache(maxsize=1)
def processor_has_integer_products() -> bool:
    """Whether the processor multiplies bytes faster than floats (AMX, VNNI, or their like on ARM)."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return bool(_FLAGS & set(text.split()))


def _network() -> bytes:
    """One MatMulInteger, as an ONNX file (Protocol Buffers, field numbers of onnx.proto)."""
    node = b"".join(_field(1, name) for name in (b"p", b"t", b"z")) + _field(2, b"s") + _field(4, b"MatMulInteger")
    inputs = (_value(b"p", _UINT8, 2), _value(b"t", _INT8, 2), _value(b"z", _UINT8, 0))
    graph = _field(1, node) + _field(2, b"network") + b"".join(_field(11, one) for one in inputs)
    graph += _field(12, _value(b"s", _INT32, 2))
    return b"\x08\x08" + _field(7, graph) + _field(8, b"\x10\x0d")  # IR version 8, operator set 13


def _value(name: bytes, kind: int, rank: int) -> bytes:
    shape = b"".join(_field(1, _field(2, name + bytes([97 + axis]))) for axis in range(rank))
    return _field(1, name) + _field(2, _field(1, bytes([8, kind]) + _field(2, shape)))


def _field(number: int, content: bytes) -> bytes:
    size, length = len(content), bytearray()
    while size > 127:
        length.append(size & 127 | 128)
        size >>= 7
    return bytes([number << 3 | 2]) + bytes(length) + bytes([size]) + content
