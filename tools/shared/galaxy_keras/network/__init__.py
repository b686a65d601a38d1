"""Networks: architecture files, inputs and outputs, size limits and diagrams."""
