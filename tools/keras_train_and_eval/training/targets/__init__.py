"""Targets: from the target columns of a table to what a network learns."""
