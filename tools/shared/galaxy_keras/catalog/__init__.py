"""Losses, metrics, optimizers and callbacks of Keras, and checks of all objects before Keras builds them."""
