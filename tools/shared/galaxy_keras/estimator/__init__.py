"""The estimator file: its contents, reader and writer, weights, parameters and predictions."""
