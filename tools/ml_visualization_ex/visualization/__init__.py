"""What only the plots' tool does: its form, its plot types, and importances of features."""
