"""What a dataset holds: tables, sparse matrices and text."""
