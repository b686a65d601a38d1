"""Which rows a network learns from, which validate it and which test it."""
