"""How plots are drawn: by matplotlib, by plotly, and as one HTML page."""
