"""Forms and files that several test modules use."""
