"""What only the builder does: its form, defaults for loss and metrics, and the description of an estimator."""
