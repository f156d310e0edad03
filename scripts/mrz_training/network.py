"""The network: five convolutions that take the height away, three that look along the row, one that names classes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

__all__ = ["Exported", "LineNetwork", "export"]

_CHANNELS = (16, 48, 64, 112, 160)  # multiples of 16: the runtime fills up the others


class LineNetwork(nn.Module):
    """Rows in, scores of 38 classes for each four pixels out; a step sees 47 pixels across: two to three characters."""

    def __init__(self) -> None:
        super().__init__()
        a, b, c, d, e = _CHANNELS
        self.down = nn.Sequential(
            _block(1, a, (3, 3), (2, 2)), _block(a, b, (3, 3), (2, 2)), _block(b, c, (3, 3), (2, 1)),
            _block(c, d, (3, 3), (2, 1)), _block(d, e, (2, 3), (1, 1), (0, 1)),
        )  # fmt: skip
        self.along = nn.ModuleList([_block(e, e, (1, 3)), _block(e, e, (1, 3)), _block(e, e, (1, 1))])
        self.drop = nn.Dropout(0.1)
        self.classes = nn.Conv2d(e, 38, 1)

    def forward(self, rows: Tensor) -> Tensor:
        """N x 1 x 32 x W to N x W / 4 x 38."""
        found = self.down(rows)
        for block in self.along:
            found = found + block(found)
        return self.classes(self.drop(found)).squeeze(2).transpose(1, 2)


class Exported(nn.Module):
    """The network as it is shipped: the temperature of its calibration and the logarithm of the softmax inside."""

    def __init__(self, network: LineNetwork, temperature: float) -> None:
        super().__init__()
        self.network = network
        self.temperature = temperature

    def forward(self, rows: Tensor) -> Tensor:
        """N x 1 x 32 x W to N x W / 4 x 38 log-posteriors."""
        return torch.log_softmax(self.network(rows) / self.temperature, dim=-1)


def export(network: LineNetwork, temperature: float, path: Path) -> None:
    """Writes the network as ONNX, batch and width open."""
    example: Any = torch.zeros(1, 1, 32, 400)
    torch.onnx.export(
        Exported(network, temperature).eval(), (example,), str(path), opset_version=17, dynamo=False,
        input_names=["rows"], output_names=["log_posteriors"],
        dynamic_axes={"rows": {0: "batch", 3: "width"}, "log_posteriors": {0: "batch", 1: "steps"}},
    )  # fmt: skip


def _block(
    inputs: int,
    outputs: int,
    kernel: tuple[int, int],
    stride: tuple[int, int] = (1, 1),
    padding: tuple[int, int] | None = None,
) -> nn.Sequential:
    around = padding if padding is not None else (kernel[0] // 2, kernel[1] // 2)
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, around, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)
    )
