"""Writes a network down as ONNX, for the readers of other formats; the package `onnx` is not needed for that.

The encoding is that of Protocol Buffers with the field numbers of onnx.proto (ONNX IR version 8, operator set 13): all
of it that a feed-forward network needs, and no more.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["Attribute", "Graph"]

Attribute = int | float | str | Sequence[int]
"""What an operator's attribute may be."""

_IR_VERSION, _OPERATOR_SET = 8, 13
_TYPES = {np.dtype(np.float32): 1, np.dtype(np.int64): 7}  # TensorProto.DataType
_FLOAT, _INT, _STRING, _INTS = 1, 2, 3, 7  # AttributeProto.AttributeType


class Graph:
    """A network under construction: values are named by what adds them."""

    def __init__(self) -> None:
        """Empty."""
        self._nodes: list[bytes] = []
        self._initializers: list[bytes] = []
        self._inputs: list[bytes] = []
        self._outputs: list[bytes] = []
        self._count = 0

    def input(self, shape: Sequence[int | str]) -> str:
        """Adds a float32 input; a dimension that may vary is given by a name.

        Returns:
            Its name.
        """
        name = self._name()
        self._inputs.append(_value(name, shape))
        return name

    def constant(self, values: NDArray[np.float32] | NDArray[np.int64]) -> str:
        """Adds weights.

        Returns:
            Their name.
        """
        name = self._name()
        little = np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<"))
        fields = [_number(1, size) for size in values.shape]
        fields += [_number(2, _TYPES[values.dtype]), _text(8, name), _bytes(9, little.tobytes())]
        self._initializers.append(b"".join(fields))
        return name

    def add(self, operator: str, inputs: Iterable[str], **attributes: Attribute) -> str:
        """Adds an operator of the ONNX standard set.

        Returns:
            The name of its one output.
        """
        name = self._name()
        fields = [_text(1, one) for one in inputs]
        fields += [_text(2, name), _text(4, operator)]
        fields += [_bytes(5, _attribute(key, value)) for key, value in attributes.items()]
        self._nodes.append(b"".join(fields))
        return name

    def output(self, name: str, shape: Sequence[int | str]) -> None:
        """Marks a value as an output of the network."""
        self._outputs.append(_value(name, shape))

    def model(self) -> bytes:
        """The file."""
        graph = b"".join(
            _bytes(field, part)
            for field, parts in ((1, self._nodes), (5, self._initializers), (11, self._inputs), (12, self._outputs))
            for part in parts
        )
        graph += _text(2, "network")
        return _number(1, _IR_VERSION) + _bytes(7, graph) + _bytes(8, _number(2, _OPERATOR_SET))

    def _name(self) -> str:
        self._count += 1
        return f"v{self._count}"


def _varint(value: int) -> bytes:
    value &= (1 << 64) - 1  # negative numbers are written as the two's complement of 64 bits
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _text(field: int, value: str) -> bytes:
    return _bytes(field, value.encode())


def _attribute(name: str, value: Attribute) -> bytes:
    if isinstance(value, int):
        coded = _number(3, value) + _number(20, _INT)
    elif isinstance(value, float):
        coded = _varint(2 << 3 | 5) + struct.pack("<f", value) + _number(20, _FLOAT)
    elif isinstance(value, str):
        coded = _text(4, value) + _number(20, _STRING)
    else:
        coded = b"".join(_number(8, one) for one in value) + _number(20, _INTS)
    return _text(1, name) + coded


def _value(name: str, shape: Sequence[int | str]) -> bytes:
    dims = [_number(1, one) if isinstance(one, int) else _text(2, one) for one in shape]
    tensor = _number(1, _TYPES[np.dtype(np.float32)]) + _bytes(2, b"".join(_bytes(1, dim) for dim in dims))
    return _text(1, name) + _bytes(2, _bytes(1, tensor))
