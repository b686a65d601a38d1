"""What only the training does: its form, targets, splits, fit, scores and report."""
