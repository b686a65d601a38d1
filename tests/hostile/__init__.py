"""Hostile inputs for each reader (one module per reader), and the harness that runs the tools on them."""
