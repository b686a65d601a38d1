"""Plot feature importances."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from galaxy_keras.data.tables import read_columns, TableSource
from galaxy_keras.errors import InputError
from galaxy_keras.plots.charts import Chart, Panel, Plot, Series
from galaxy_keras.plots.measure_tables import to_numbers

# More bars would not be readable; the table contains all features.
MAX_BARS = 60


def read_importances(source: TableSource) -> pd.DataFrame:
    """Read a table whose selected columns are names, importances and, optionally, standard deviations.

    Raises
    ------
    InputError
        Only one column is selected, or an importance is not a number.
    """
    table = read_columns(source)
    if table.shape[1] < 2:
        raise InputError(f"{source.name}: found 1 column; expected two, the features' names and their importances")
    numbers = {
        name: to_numbers(table.iloc[:, place], source.name)
        for place, name in enumerate(("importance", "std"), start=1)
        if place < table.shape[1]
    }
    return pd.DataFrame({"feature": table.iloc[:, 0].astype(str), **numbers})


def plot_importances(
    table: pd.DataFrame,
    title: str,
    x_label: str,
    threshold: float | None = None,
    largest: int | None = None,
    notes: Sequence[str] = (),
) -> Plot:
    """Plot one bar per feature, starting with the most important one at the top.

    Parameters
    ----------
    table
        Columns ``feature`` and ``importance``, and ``std`` for error bars.
    threshold
        Omit features whose absolute importance is smaller.
    largest
        Largest number of bars.
    notes
        Lines for the log in addition to the number of features.

    Raises
    ------
    InputError
        No feature remains.
    """
    kept = table if threshold is None else table[table["importance"].abs() > threshold]
    if kept.empty:
        raise InputError(
            f"threshold: found {threshold:g}, which leaves no feature; expected less than "
            f"{table['importance'].abs().max():g}"
        )
    kept = kept.sort_values("importance", ascending=False, kind="stable").reset_index(drop=True)
    # The largest absolute values, in the order of their values.
    size = kept["importance"].abs().sort_values(ascending=False, kind="stable")
    shown = kept.loc[sorted(size.index[: min(largest or MAX_BARS, MAX_BARS)])]
    errors = shown["std"].to_numpy() if "std" in shown else None
    bars = Series(shown["importance"].to_numpy(), np.arange(len(shown)), "", "bars", error=errors)
    panel = Panel(x_label, "Feature", [bars], bar_labels=shown["feature"].astype(str).tolist())
    counts = f"Features: {len(table)}, above the threshold: {len(kept)}, drawn: {len(shown)}"
    return Plot(kept, Chart(title, [panel]), [*notes, counts])
