"""Networks are written down so that the runtime and the reference checker of ONNX take them."""

from __future__ import annotations

import numpy as np
import pytest

from verify.errors import MissingEngineError
from verify.runtime import Session
from verify.runtime.graph import Graph


def small() -> bytes:
    graph = Graph()
    image = graph.input((1, 2, "height", "width"))
    weights = graph.constant(np.arange(2 * 2 * 3 * 3, dtype=np.float32).reshape(2, 2, 3, 3))
    value = graph.add("Conv", [image, weights], pads=[1, 1, 1, 1], strides=[2, 2])
    value = graph.add("LeakyRelu", [value], alpha=0.5)
    pads = graph.constant(np.array([0, 0, 0, 0, 0, 1, 0, 0], dtype=np.int64))
    value = graph.add("Pad", [value, pads], mode="constant")
    value = graph.add("Flatten", [value], axis=-1)
    graph.output(value, ("rows", "columns"))
    return graph.model()


def test_the_runtime_computes_what_was_written() -> None:
    (found,) = Session(small()).run(np.ones((1, 2, 4, 6), dtype=np.float32))
    assert found.shape == (1 * 3 * 2, 3)
    assert found[1, 1] == np.arange(18).sum()
    assert found[:4].all()
    assert not found[4:].any(), "the channel that was added holds zeros"


def test_negative_values_pass_an_activation_scaled() -> None:
    (found,) = Session(small()).run(-np.ones((1, 2, 4, 4), dtype=np.float32))
    assert found[1, 1] == -np.arange(18).sum() / 2


def test_the_reference_checker_takes_it() -> None:
    onnx = pytest.importorskip("onnx", reason="the reference checker is not installed")
    onnx.checker.check_model(onnx.load_from_string(small()), full_check=True)


@pytest.mark.parametrize("data", [b"", b"no network", small()[:-40]])
def test_what_is_no_network_is_told(data: bytes) -> None:
    with pytest.raises(MissingEngineError, match="cannot be loaded"):
        Session(data)


def test_a_file_that_is_not_there_is_told(tmp_path) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(MissingEngineError, match=r"x\.onnx"):
        Session(tmp_path / "x.onnx")
