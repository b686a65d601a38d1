"""Code that two or more of the Galaxy tools for Keras share."""

__version__ = "1.0.0"
