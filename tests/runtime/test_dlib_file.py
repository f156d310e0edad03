"""dlib's serialisation, and what is made of a file that is damaged."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from verify.errors import MissingEngineError
from verify.runtime.dlib_file import DlibNetwork, DlibReader, read_numbers


def integer(value: int) -> bytes:
    size = max(1, (abs(value).bit_length() + 7) // 8)
    return bytes([size | (0x80 if value < 0 else 0)]) + abs(value).to_bytes(size, "little")


def real(mantissa: int, exponent: int) -> bytes:
    return integer(mantissa) + integer(exponent)


def text(value: str) -> bytes:
    return integer(len(value)) + value.encode()


def tensor(*values: float) -> bytes:
    return b"".join(map(integer, (2, len(values), 1, 1, 1))) + struct.pack(f"<{len(values)}f", *values)


def one_layer(kind: bytes) -> bytes:
    """A network of one layer on an input of 4 x 4 pixels."""
    head = integer(1) + text("loss_metric_2") + real(1, 0) * 2 + integer(3)
    source = text("input_rgb_image_sized") + real(1, 0) + real(2, 0) + real(3, 0) + integer(4) * 2
    return head + source + kind + b"110" + tensor() * 3 + integer(1)


def test_numbers_come_back() -> None:
    values = [0, 1, -1, 255, -256, 2**31, -(2**31) + 7]
    data = b"".join(map(integer, values))
    assert read_numbers(data).tolist() == values
    assert DlibReader(data).integers(len(values)) == values
    assert DlibReader(real(-3, -2)).real() == -0.75
    assert DlibReader(tensor(1.5, -2)).tensor().ravel().tolist() == [1.5, -2]


@pytest.mark.parametrize("data", [integer(70000)[:-1], integer(2**40)])
def test_numbers_that_are_cut_off_or_too_long_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"ends early|four bytes"):
        read_numbers(data)


def test_no_numbers_are_none() -> None:
    assert read_numbers(b"").tolist() == []


def test_a_layer_computes_on_the_normalised_input() -> None:
    from verify.runtime import Session

    network = DlibNetwork.read(one_layer(text("relu_")), "x")
    assert network.mean == (1, 2, 3)
    (found,) = Session(network.to_onnx(4, 4)).run(np.full((1, 3, 4, 4), 258, dtype=np.float32))
    assert found[0, :, 0, 0] == pytest.approx([257 / 256, 1, 255 / 256])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        one_layer(text("relu_"))[:60],
        one_layer(text("softmax_")),
        integer(1) + text("loss_other_"),
        one_layer(text("relu_")).replace(b"rgb", b"gbr"),
        b"\x0f" * 40,
    ],
)
def test_what_cannot_be_read_is_told(data: bytes) -> None:
    with pytest.raises(MissingEngineError, match=r"x\.dat: no network of dlib"):
        DlibNetwork.read(data, "x.dat")
