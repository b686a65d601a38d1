"""The training tool: its form, targets, splits, training, scores and report."""
