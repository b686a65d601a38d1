"""Plot predicted against true real numbers."""

import numpy as np
import pandas as pd

from galaxy_keras.data.tables import read_columns, TableSource
from galaxy_keras.errors import InputError
from galaxy_keras.plots.charts import Chart, EMPHASIS, Panel, Plot, Series
from galaxy_keras.plots.measure_tables import to_numbers


def read_values(true: TableSource, predicted: TableSource) -> pd.DataFrame:
    """Read one column of true and one column of predicted numbers, named ``true`` and ``predicted``.

    Raises
    ------
    InputError
        The tables differ in length or contain text.
    """
    columns = {}
    for name, source in (("true", true), ("predicted", predicted)):
        columns[name] = to_numbers(read_columns(source).iloc[:, 0], source.name, has_header=source.has_header)
    if len(columns["true"]) != len(columns["predicted"]):
        raise InputError(
            f"{predicted.name}: found {len(columns['predicted'])} rows; expected {len(columns['true'])} as in the "
            f"{true.name}"
        )
    return pd.DataFrame(columns)


def plot_regression(values: pd.DataFrame, title: str, bins: int = 20) -> Plot:
    """Plot predicted against true values, residuals against predictions, and a histogram of the residuals."""
    from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error

    true, predicted = values["true"], values["predicted"]
    table = values.assign(residual=true - predicted)
    ends = np.array([min(true.min(), predicted.min()), max(true.max(), predicted.max())])
    counts, edges = np.histogram(table["residual"], bins)
    flat = np.array([predicted.min(), predicted.max()])
    panels = [
        Panel(
            "True value",
            "Predicted value",
            [
                Series(true, predicted, "rows", "points"),
                Series(ends, ends, "predicted = true", color=EMPHASIS, dash="dashed"),
            ],
        ),
        Panel(
            "Predicted value",
            "Residual (true - predicted)",
            [
                Series(predicted, table["residual"], "rows", "points"),
                Series(flat, np.zeros(2), color=EMPHASIS, dash="dashed"),
            ],
        ),
        Panel("Residual (true - predicted)", "Rows", [Series(edges, counts, "", "steps")]),
    ]
    r2 = f"{r2_score(true, predicted):.4f}" if len(true) > 1 and true.nunique() > 1 else "not defined"
    note = (
        f"Rows: {len(true)}, R2: {r2}, mean absolute error: {mean_absolute_error(true, predicted):.6g}, root mean "
        f"squared error: {root_mean_squared_error(true, predicted):.6g}"
    )
    return Plot(table, Chart(title, panels), [note])
