"""What only the prediction does: its form, its blocks of samples and its table."""
