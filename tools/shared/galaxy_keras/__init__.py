"""What two or more of the Galaxy tools for Keras need: form, tables, architecture, estimator file, errors."""

__version__ = "1.0.0"
