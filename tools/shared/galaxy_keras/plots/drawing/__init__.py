"""Draw plots with matplotlib, with plotly, and as an HTML page."""
