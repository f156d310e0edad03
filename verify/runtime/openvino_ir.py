"""Reads networks in OpenVINO's intermediate representation (.xml and .bin) and writes them down as ONNX.

The format is documented with OpenVINO (IR version 11, operation sets). Only the operations are known here that the
networks of the Open Model Zoo need which this toolkit uses; another one is refused by name. Weights in half precision
are widened, as OpenVINO does itself. The XML comes from a file whose SHA-256 is pinned, and without a document type.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element, ParseError, XMLParser

import numpy as np
from numpy.typing import NDArray

from verify.errors import MissingEngineError
from verify.runtime.graph import Graph

__all__ = ["read_openvino"]

_TYPES: dict[str, np.dtype[Any]] = {"f16": np.dtype("<f2"), "f32": np.dtype("<f4"), "i64": np.dtype("<i8")}
_PLAIN = {"Add": "Add", "Multiply": "Mul", "ReLU": "Relu", "Sigmoid": "Sigmoid"}


def read_openvino(xml: bytes, weights: bytes, told: str) -> bytes:
    """The network as ONNX, with its one input in the layout it has.

    Args:
        xml: the network.
        weights: the .bin file beside it.
        told: what to call it in an error.

    Raises:
        MissingEngineError: it is damaged or uses an operation that is not known here.
    """
    try:
        return _convert(_parse(xml), weights)
    except (ParseError, KeyError, ValueError, TypeError, IndexError) as error:
        raise MissingEngineError(f"{told}: no network of OpenVINO that can be read here ({error})") from error


def _parse(xml: bytes) -> Element:
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise ValueError("a document type, which these files do not have")
    parser = XMLParser()  # noqa: S314 - refused above: no entities can be declared
    parser.feed(xml)
    return parser.close()


def _convert(net: Element, weights: bytes) -> bytes:
    layers = {layer.attrib["id"]: layer for layer in net.iterfind("layers/layer")}
    sources = {
        (edge.attrib["to-layer"], edge.attrib["to-port"]): edge.attrib["from-layer"]
        for edge in net.iterfind("edges/edge")
    }
    graph = Graph()
    constants: dict[str, NDArray[np.float32]] = {}
    values: dict[str, str] = {}

    def name_of(layer_id: str) -> str:
        if layer_id not in values:
            values[layer_id] = graph.constant(constants[layer_id])
        return values[layer_id]

    for layer_id, layer in layers.items():  # the file lists them in an order of computation
        kind = layer.attrib["type"]
        given = [sources[layer_id, port.attrib["id"]] for port in layer.iterfind("input/port")]
        if kind == "Parameter":
            values[layer_id] = graph.input(_shape(layer.find("data")))
        elif kind == "Const":
            constants[layer_id] = _constant(layer.find("data"), weights)
        elif kind == "Convert":
            constants[layer_id] = constants[given[0]]
        elif kind == "Result":
            last = layer.find("input/port")
            graph.output(name_of(given[0]), [int(dim.text or "") for dim in _some(last).iterfind("dim")])
        else:
            values[layer_id] = _operation(graph, kind, layer, given, constants, name_of)
    return graph.model()


def _operation(
    graph: Graph,
    kind: str,
    layer: Element,
    given: list[str],
    constants: dict[str, NDArray[np.float32]],
    name_of: Callable[[str], str],
) -> str:
    data = layer.find("data")
    if kind in _PLAIN:
        return graph.add(_PLAIN[kind], [name_of(one) for one in given])
    if kind == "PReLU":
        slope = constants[given[1]]
        if slope.size == 1:  # the runtime makes this one part of the convolution before it
            return graph.add("LeakyRelu", [name_of(given[0])], alpha=float(slope.ravel()[0]))
        return graph.add("PRelu", [name_of(given[0]), graph.constant(slope.reshape(-1, 1, 1))])
    if kind in ("Convolution", "GroupConvolution"):
        filters = constants[given[1]]
        groups = filters.shape[0] if kind == "GroupConvolution" else 1
        if kind == "GroupConvolution":  # groups x outputs x inputs x rows x columns
            filters = filters.reshape(-1, *filters.shape[2:])
        attributes = _window(_some(data)) | {"dilations": _numbers(_some(data), "dilations")}
        return graph.add("Conv", [name_of(given[0]), graph.constant(filters)], group=groups, **attributes)
    if kind in ("AvgPool", "MaxPool"):
        element = _some(data)
        kernel = _numbers(element, "kernel")
        ceiling = int(element.attrib["rounding_type"] == "ceil")
        extra = {"count_include_pad": int(element.attrib["exclude-pad"] == "false")} if kind == "AvgPool" else {}
        operator = "AveragePool" if kind == "AvgPool" else "MaxPool"
        return graph.add(
            operator, [name_of(given[0])], kernel_shape=kernel, ceil_mode=ceiling, **_window(element), **extra
        )
    raise ValueError(f"an operation '{kind}'")


def _some(element: Element | None) -> Element:
    if element is None:
        raise ValueError("a layer without its data")
    return element


def _window(data: Element) -> dict[str, list[int]]:
    pads = _numbers(data, "pads_begin") + _numbers(data, "pads_end")
    if data.attrib.get("auto_pad", "explicit") not in ("explicit", "valid"):
        raise ValueError(f"automatic padding '{data.attrib['auto_pad']}'")
    return {"strides": _numbers(data, "strides"), "pads": pads}


def _numbers(data: Element, name: str) -> list[int]:
    return [int(one) for one in data.attrib[name].split(",")]


def _shape(data: Element | None) -> list[int]:
    return [int(one) for one in _some(data).attrib["shape"].split(",") if one.strip()]


def _constant(data: Element | None, weights: bytes) -> NDArray[np.float32]:
    element = _some(data)
    kind, shape = _TYPES[element.attrib["element_type"]], _shape(element)
    start, size = int(element.attrib["offset"]), int(element.attrib["size"])
    if size != math.prod(shape) * kind.itemsize or start + size > len(weights):
        raise ValueError("weights that lie outside their file")
    values = np.frombuffer(weights, dtype=kind, count=math.prod(shape), offset=start)
    return np.asarray(values.reshape(shape), dtype=np.float32)
