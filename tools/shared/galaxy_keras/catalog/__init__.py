"""What Keras offers (losses, metrics, optimizers, callbacks) and how every object is checked before Keras builds it."""
