"""Turns the start weights into Strata's hierarchical-attention encoder (docs/model-contract.md)."""

import os

# Read when ONNX Runtime is loaded, which otherwise keeps an identifier of the machine and sends events about models to Microsoft.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
