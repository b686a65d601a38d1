"""Estimator files: contents, reader and writer, weights, parameters, predictions and scores."""
