"""Read tables, sparse matrices and text, and write tables."""
