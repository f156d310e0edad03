"""The one inference runtime: ONNX networks on one thread of the processor (docs/decisions/009-runtime.md)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify.errors import MissingEngineError

__all__ = ["Session"]


class Session:
    """A loaded network. One thread, no spinning: the batch runs one worker for each processor."""

    def __init__(self, model: Path | bytes) -> None:
        """Load a network.

        Args:
            model: an ONNX file, or its bytes.

        Raises:
            MissingEngineError: the file is not there or no ONNX network.
        """
        # 1.31 counts its use, writes a file of its own into the temporary folder and would send: it reads this once
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        import onnxruntime  # here, as a process that only describes its engines needs none of it
        from onnxruntime.capi import onnxruntime_pybind11_state as state

        onnxruntime.disable_telemetry_events()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        options.enable_cpu_mem_arena = False
        # its own errors derive from nothing narrower than Exception
        refused = (state.Fail, state.InvalidArgument, state.InvalidGraph, state.InvalidProtobuf, state.NoSuchFile)
        source: Any = model if isinstance(model, bytes) else str(model)
        try:
            self._session: Any = onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
        except (*refused, state.NotImplemented, state.RuntimeException, RuntimeError, ValueError, OSError) as error:
            raise MissingEngineError(f"{_told(model)}: cannot be loaded as an ONNX network ({error})") from error
        self._inputs = [one.name for one in self._session.get_inputs()]

    def run(self, *arrays: NDArray[Any]) -> list[NDArray[np.float32]]:
        """The outputs for these inputs, in the network's own order."""
        outputs = self._session.run(None, dict(zip(self._inputs, arrays, strict=True)))
        return [np.asarray(one) for one in outputs]

    def metadata(self) -> dict[str, str]:
        """What the network's file says of itself, by name."""
        return dict(self._session.get_modelmeta().custom_metadata_map)


def _told(model: Path | bytes) -> str:
    return "the network" if isinstance(model, bytes) else str(model)
