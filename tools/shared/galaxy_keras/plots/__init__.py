"""Compute plots: the numbers as a table, and a description of the image that does not depend on the drawing library.

To add a plot, write a function here that returns a :class:`charts.Plot`, add the plot type to the table in
``tools/ml_visualization_ex/visualization/plot_types.py``, and add its fields to ``plot_forms.xml`` of that tool.
"""
