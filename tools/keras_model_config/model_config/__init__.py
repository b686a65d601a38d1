"""What only the architecture tool does: its form, and layers that become a network."""
