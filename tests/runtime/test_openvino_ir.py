"""OpenVINO's files: read as their own runtime reads them, and refused when they are damaged."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import numpy as np
import pytest

from verify.errors import MissingEngineError
from verify.runtime import Session
from verify.runtime.openvino_ir import read_openvino

MODELS = Path(os.environ.get("VERIFY_SHARED", Path(__file__).parents[3] / "shared")) / "models"
NAMES = ("face-reidentification-retail-0095", "landmarks-regression-retail-0009")
PORT = "<port id='{}' precision='FP32'><dim>1</dim><dim>2</dim><dim>1</dim><dim>3</dim></port>"
XML = f"""<?xml version="1.0"?><net name="n" version="11"><layers>
<layer id="0" name="x" type="Parameter">
<data shape="1,2,1,3" element_type="f32"/><output>{PORT.format(0)}</output></layer>
<layer id="1" name="w" type="Const"><data element_type="f16" shape="1, 2, 1, 1" offset="2" size="4"/></layer>
<layer id="2" name="c" type="Convert"><data destination_type="f32"/><input>{PORT.format(0)}</input></layer>
<layer id="3" name="m" type="KIND"><input>{PORT.format(0)}{PORT.format(1)}</input></layer>
<layer id="4" name="r" type="Result"><input>{PORT.format(0)}</input></layer>
</layers><edges>
<edge from-layer="0" from-port="0" to-layer="3" to-port="0"/>
<edge from-layer="1" from-port="0" to-layer="2" to-port="0"/>
<edge from-layer="2" from-port="1" to-layer="3" to-port="1"/>
<edge from-layer="3" from-port="2" to-layer="4" to-port="0"/>
</edges></net>"""
WEIGHTS = struct.pack("<3e", 9, 2, -0.5)


def net(kind: str = "Multiply", **changes: str) -> bytes:
    text = XML.replace("KIND", kind)
    for old, new in changes.items():
        text = text.replace(old, new)
    return text.encode()


@pytest.mark.parametrize(
    ("kind", "expected"), [("Multiply", [2, 4, 6, -2, -2.5, -3]), ("Add", [3, 4, 5, 3.5, 4.5, 5.5])]
)
def test_weights_in_half_precision_are_widened(kind: str, expected: list[float]) -> None:
    values = np.arange(1, 7, dtype=np.float32).reshape(1, 2, 1, 3)
    (found,) = Session(read_openvino(net(kind), WEIGHTS, "n")).run(values)
    assert found.ravel().tolist() == expected


def test_each_channel_has_its_own_slope_below_zero() -> None:
    (found,) = Session(read_openvino(net("PReLU"), WEIGHTS, "n")).run(-np.ones((1, 2, 1, 3), dtype=np.float32))
    assert found.ravel().tolist() == [-2, -2, -2, 0.5, 0.5, 0.5]


@pytest.mark.parametrize(
    ("xml", "weights"),
    [
        (net("Softmax"), WEIGHTS),
        (net(), WEIGHTS[:-1]),
        (net()[:200], WEIGHTS),
        (net().replace(b"?><net", b"?><!DOCTYPE net><net"), WEIGHTS),
        (net().replace(b'from-layer="1"', b'from-layer="7"'), WEIGHTS),
        (net().replace(b'size="4"', b'size="2"'), WEIGHTS),
        (b"", WEIGHTS),
    ],
    ids=["unknown operation", "short weights", "cut off", "document type", "no such layer", "wrong size", "empty"],
)
def test_what_cannot_be_read_is_told(xml: bytes, weights: bytes) -> None:
    with pytest.raises(MissingEngineError, match="invented: no network of OpenVINO"):
        read_openvino(xml, weights, "invented")


@pytest.mark.skipif(not MODELS.is_dir(), reason=f"the models are not here: {MODELS}")
@pytest.mark.reference
@pytest.mark.parametrize("name", NAMES)
def test_the_networks_give_what_openvino_gives(name: str) -> None:
    openvino = pytest.importorskip("openvino", reason="OpenVINO is not installed")
    xml, weights = MODELS / f"{name}.xml", MODELS / f"{name}.bin"
    ours = Session(read_openvino(xml.read_bytes(), weights.read_bytes(), name))
    theirs = openvino.Core().compile_model(xml, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    shape = tuple(theirs.inputs[0].shape)
    images = np.random.default_rng(1).integers(0, 256, (2, *shape)).astype(np.float32)
    for image in images:
        assert np.abs(ours.run(image)[0] - theirs(image)[0]).max() < 1e-5
