"""Compile, fit and evaluate an estimator's network."""
