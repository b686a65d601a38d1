"""Scores of the trained network, for each run of an experiment."""
