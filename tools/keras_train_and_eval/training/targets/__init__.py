"""The target columns: from the labels of a table to what a network learns."""
