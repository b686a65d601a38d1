"""Modules of the architecture tool: form, layers, and the networks built from them."""
