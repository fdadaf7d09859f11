"""Runs the models' graphs with ONNX Runtime, in the caller's thread alone; no memory grows, nothing spins."""

from __future__ import annotations

import os

# Read once, as the library loads. Without it the library keeps an id of the device and a queue of events for
# its maker in the cache folder; its own `disable_telemetry_events` comes too late.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime as ort


def open_graph(graph: bytes) -> ort.InferenceSession:
    """A session for a serialised ONNX model. Raises what ONNX Runtime raises for one that it cannot run."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = 3
    # The arena never frees the largest tensors that it had; the windows bound their size.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # The fused "skip" normalization is several times slower here than the two nodes it replaces.
    return ort.InferenceSession(
        graph, options, providers=["CPUExecutionProvider"], disabled_optimizers=["SkipLayerNormFusion"]
    )
