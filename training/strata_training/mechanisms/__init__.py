"""Attention mechanisms over the tree of a document, each one policy behind one interface (policy.py), with dense references."""
