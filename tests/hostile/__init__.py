"""Hostile samples for every reader (one generator module per reader) and the harness that tries them."""
