"""Reads networks and numbers from the files of dlib, and writes the networks down as ONNX.

dlib's serialisation (dlib/serialize.h, dlib/dnn/core.h, layers.h): an integer is a control byte, whose low four bits
count the bytes that follow, little-endian, and whose highest bit is the sign; a floating-point number is two integers,
mantissa and binary exponent; a tensor of a network is its four sizes and raw float32. A network is written from the
outermost layer inwards as far as its versions go, and from the innermost outwards with its contents.
"""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from verify.errors import MissingEngineError
from verify.runtime.graph import Graph

__all__ = ["DlibNetwork", "DlibReader", "read_numbers"]

_TAG, _LAYER, _INNERMOST = (
    1,
    2,
    3,
)  # versions of add_tag_layer (and add_skip_layer), add_layer, and add_layer on an input

_MASKS = np.array([(1 << 8 * size) - 1 for size in range(5)], dtype=np.uint32)


class DlibReader:
    """A cursor over the bytes of a file."""

    def __init__(self, data: bytes) -> None:
        """At the start of the data."""
        self._data, self._at = data, 0

    def integer(self) -> int:
        """The next integer."""
        control = self._data[self._at]
        size = control & 0x0F
        value = int.from_bytes(self._data[self._at + 1 : self._at + 1 + size], "little")
        self._at += 1 + size
        return -value if control & 0x80 else value

    def integers(self, count: int) -> list[int]:
        """The next `count` integers."""
        return [self.integer() for _ in range(count)]

    def real(self) -> float:
        """The next floating-point number."""
        mantissa, exponent = self.integers(2)
        return math.ldexp(mantissa, exponent)

    def reals(self, count: int) -> list[float]:
        """The next `count` floating-point numbers."""
        return [self.real() for _ in range(count)]

    def raw(self, size: int) -> bytes:
        """The next bytes."""
        self._at += size
        if self._at > len(self._data):
            raise IndexError("the file ends early")
        return self._data[self._at - size : self._at]

    def text(self) -> str:
        """The next string."""
        return self.raw(self.integer()).decode("ascii")

    def tensor(self) -> NDArray[np.float32]:
        """The next tensor, in its four dimensions."""
        version, *shape = self.integers(5)
        if version != 2:
            raise ValueError(f"a tensor of version {version}")
        values = np.frombuffer(self.raw(4 * math.prod(shape)), dtype="<f4")
        return values.reshape(shape).astype(np.float32)


def read_numbers(data: bytes) -> NDArray[np.int64]:
    """All integers of a file that holds nothing else, such as a shape predictor's (floats are two integers each).

    Raises:
        ValueError: the last one is cut off, or one has more than four bytes.
    """
    starts, at, end = array("q"), 0, len(data)
    lengths = data.translate(bytes((byte & 0x0F) + 1 for byte in range(256)))
    while at < end:
        starts.append(at)
        at += lengths[at]
    if at != end:
        raise ValueError("the file ends early")
    where = np.frombuffer(starts, dtype=np.int64)
    padded = np.frombuffer(data + bytes(4), dtype=np.uint8)
    control = padded[where]
    size = control & 0x0F
    if size.max(initial=0) > 4:
        raise ValueError("an integer of more than four bytes")
    following = np.ndarray(end, dtype="<u4", buffer=padded, offset=1, strides=(1,))
    values = (following[where] & _MASKS[size]).astype(np.int64)
    return np.asarray(np.where(control & 0x80, -values, values), dtype=np.int64)


@dataclass(slots=True)
class _Layer:
    """One layer: its kind as the file calls it, integers (sizes, strides, padding), and weights."""

    kind: str
    numbers: list[int] = field(default_factory=list)
    weights: list[NDArray[np.float32]] = field(default_factory=list)


@dataclass(slots=True)
class DlibNetwork:
    """A network of dlib, innermost layer first.

    Attributes:
        loss: name of the loss layer that ends it; its numbers have been passed over.
        mean: of red, green and blue, subtracted from the input; the result is divided by 256.
        layers: in the order of computation; tags and skips have the kind "tag".
    """

    loss: str
    mean: tuple[float, ...]
    layers: list[_Layer]

    @classmethod
    def read(cls, data: bytes, told: str) -> DlibNetwork:
        """Reads a network.

        Args:
            data: the file.
            told: what to call it in an error.

        Raises:
            MissingEngineError: it is damaged or not of a kind that is known here.
        """
        try:
            return cls._read(DlibReader(data))
        except (IndexError, ValueError, OverflowError, MemoryError) as error:
            raise MissingEngineError(f"{told}: no network of dlib that can be read here ({error})") from error

    @classmethod
    def _read(cls, reader: DlibReader) -> DlibNetwork:
        reader.integer()
        loss = reader.text()
        if loss == "loss_metric_2":
            reader.reals(2)
        elif loss == "loss_mmod_":
            reader.integers(3)
            reader.reals(7)
        else:
            raise ValueError(f"a loss layer '{loss}'")
        versions = [reader.integer()]
        while versions[-1] in (_TAG, _LAYER):
            versions.append(reader.integer())
        if versions[-1] != _INNERMOST:
            raise ValueError(f"a layer of version {versions[-1]}")
        mean = _read_input(reader)
        layers = []
        for version in reversed(versions):
            if version == _TAG:
                layers.append(_Layer("tag"))
                continue
            layers.append(_read_layer(reader))
            reader.raw(3)  # whether it was set up, and what was computed: of training only
            for _ in range(3):
                reader.tensor()
            if version == _INNERMOST:
                reader.integer()
        return cls(loss, mean, layers)

    def to_onnx(self, height: int | str, width: int | str) -> bytes:
        """The network as ONNX: RGB in 0 to 255, 1 x 3 x height x width, where a name stands for any size."""
        return _Builder(self).build(height, width)


def _read_input(reader: DlibReader) -> tuple[float, ...]:
    kind = reader.text()
    if kind not in ("input_rgb_image_sized", "input_rgb_image_pyramid"):
        raise ValueError(f"an input layer '{kind}'")
    mean = tuple(reader.reals(3))
    if kind == "input_rgb_image_sized":
        reader.integers(2)
    return mean


def _read_layer(reader: DlibReader) -> _Layer:
    kind = reader.text()
    if kind in ("relu_", "add_prev_"):
        return _Layer(kind)
    if kind in ("max_pool_2", "avg_pool_2"):
        return _Layer(kind, reader.integers(6))
    if kind == "con_4":
        weights = reader.tensor().ravel()
        numbers = reader.integers(7)
        shape = reader.integers(5)[1:]
        reader.integers(5)
        reader.reals(4)
        count = math.prod(shape)
        return _Layer(kind, numbers, [weights[:count].reshape(shape), weights[count:]])
    if kind == "affine_":
        weights = reader.tensor().ravel()
        reader.integers(11)
        return _Layer(kind, [], list(np.split(weights, 2)))
    if kind == "bn_con2":
        return _read_normalisation(reader)
    if kind == "fc_2":
        outputs, inputs = reader.integers(2)
        weights = reader.tensor().ravel()
        reader.integers(11)
        reader.reals(4)
        return _Layer(kind, [outputs, inputs], [weights[: inputs * outputs].reshape(inputs, outputs)])
    raise ValueError(f"a layer '{kind}'")


def _read_normalisation(reader: DlibReader) -> _Layer:
    """A batch normalisation, used with the statistics of its training: gain and offset per channel."""
    gamma, beta = np.split(reader.tensor().ravel(), 2)
    reader.integers(10)
    reader.tensor(), reader.tensor()
    means, variances = reader.tensor().ravel(), reader.tensor().ravel()
    reader.integers(2)
    reader.reals(4)
    gain = gamma / np.sqrt(variances + np.float32(reader.real()))
    return _Layer("affine_", [], [gain, beta - means * gain])


class _Builder:
    """Writes the layers, following the size of what flows where it is needed."""

    def __init__(self, network: DlibNetwork) -> None:
        self._network = network
        self._graph = Graph()
        self._tags: list[tuple[str, tuple[int, int, int]]] = []

    def build(self, height: int | str, width: int | str) -> bytes:
        graph = self._graph
        side = height if isinstance(height, int) else 0
        mean = np.array(self._network.mean, dtype=np.float32).reshape(1, 3, 1, 1)
        shape = (3, side, side)
        value = graph.input((1, 3, height, width))
        value = graph.add("Sub", [value, graph.constant(mean)])
        value = graph.add("Mul", [value, graph.constant(np.array(1 / 256, dtype=np.float32))])
        layers = self._network.layers
        for number, layer in enumerate(layers):
            value, shape = self._layer(layer, layers[number - 1].kind, value, shape)
        graph.output(value, (1, "values") if layers[-1].kind == "fc_2" else (1, shape[0], "rows", "columns"))
        return graph.model()

    def _layer(
        self, layer: _Layer, before: str, value: str, shape: tuple[int, int, int]
    ) -> tuple[str, tuple[int, int, int]]:
        graph = self._graph
        if layer.kind == "tag":
            if before != "tag":  # a second one on top of it goes back to the first, and the sum is with the second
                self._tags.append((value, shape))
                return value, shape
            return self._tags[-2]
        if layer.kind == "relu_":
            return graph.add("Relu", [value]), shape
        if layer.kind == "affine_":
            gain, offset = (graph.constant(one.reshape(1, -1, 1, 1)) for one in layer.weights)
            return graph.add("Add", [graph.add("Mul", [value, gain]), offset]), shape
        if layer.kind == "con_4":
            count, *window = layer.numbers
            inputs = [value, *map(graph.constant, layer.weights)]
            return graph.add("Conv", inputs, **_window(window)), (count, *_shrunk(shape, window))
        if layer.kind in ("max_pool_2", "avg_pool_2"):
            if layer.numbers[0] == 0:
                return graph.add("GlobalAveragePool", [value]), (shape[0], 1, 1)
            operator = "MaxPool" if layer.kind == "max_pool_2" else "AveragePool"
            return graph.add(operator, [value], **_window(layer.numbers)), (shape[0], *_shrunk(shape, layer.numbers))
        if layer.kind == "add_prev_":
            return self._sum((value, shape), self._tags[-1])
        weights = graph.constant(layer.weights[0])
        return graph.add("MatMul", [graph.add("Flatten", [value], axis=1), weights]), (layer.numbers[0], 1, 1)

    def _sum(
        self, one: tuple[str, tuple[int, int, int]], other: tuple[str, tuple[int, int, int]]
    ) -> tuple[str, tuple[int, int, int]]:
        """A sum as dlib has it: of tensors of different sizes, as if the smaller went on with zeros."""
        a, b, c = (max(pair) for pair in zip(one[1], other[1], strict=True))
        padded = []
        for value, shape in (one, other):
            missing = [0, a - shape[0], b - shape[1], c - shape[2]]
            pads = self._graph.constant(np.array([0, 0, 0, 0, *missing], dtype=np.int64)) if any(missing) else ""
            padded.append(self._graph.add("Pad", [value, pads]) if pads else value)
        return self._graph.add("Add", padded), (a, b, c)


def _window(numbers: list[int]) -> dict[str, list[int]]:
    rows, columns, down, right, top, left = numbers
    return {"kernel_shape": [rows, columns], "strides": [down, right], "pads": [top, left, top, left]}


def _shrunk(shape: tuple[int, int, int], numbers: list[int]) -> tuple[int, int]:
    rows, columns, down, right, top, left = numbers
    return (shape[1] + 2 * top - rows) // down + 1, (shape[2] + 2 * left - columns) // right + 1
