"""Forms, files and scripts that several test modules use."""
