"""The report: one HTML page with the data, the network, its training and its scores."""
