"""Turns the start weights into Strata's hierarchical-attention encoder (docs/model-contract.md)."""
