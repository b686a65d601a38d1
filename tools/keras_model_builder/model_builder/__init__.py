"""Modules of the builder: form, automatic loss and metric, warnings, and the description of an estimator."""
