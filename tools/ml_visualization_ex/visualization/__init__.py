"""Modules of the visualization tool: form, plot types, and feature importances."""
