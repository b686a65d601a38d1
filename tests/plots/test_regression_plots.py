"""Predicted against true values: the numbers, and what is refused."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error

from galaxy_keras.data.tables import TableSource
from galaxy_keras.errors import InputError
from galaxy_keras.forms.column_choices import ColumnChoice
from galaxy_keras.plots import regression_plots


def test_numbers_are_those_of_scikit_learn():
    draw = np.random.default_rng(2)
    true = draw.normal(size=100)
    predicted = true + draw.normal(0, 0.3, 100)
    plot = regression_plots.plot_regression(pd.DataFrame({"true": true, "predicted": predicted}), "T")
    np.testing.assert_allclose(plot.table["residual"], true - predicted)
    assert f"R2: {r2_score(true, predicted):.4f}" in plot.notes[0]
    assert f"mean absolute error: {mean_absolute_error(true, predicted):.6g}" in plot.notes[0]
    assert plot.notes[0].endswith(f"squared error: {root_mean_squared_error(true, predicted):.6g}")
    points, residuals, histogram = (panel.series[0] for panel in plot.image.panels)
    np.testing.assert_allclose((points.x, points.y), (true, predicted))
    np.testing.assert_allclose((residuals.x, residuals.y), (predicted, true - predicted))
    assert histogram.y.sum() == 100


@pytest.mark.parametrize("true", [[1.0], [2.0, 2.0]], ids=["one row", "constant"])
def test_r2_of_equal_values_is_not_defined(true):
    plot = regression_plots.plot_regression(pd.DataFrame({"true": true, "predicted": [1.5] * len(true)}), "T")
    assert "R2: not defined" in plot.notes[0]


@pytest.mark.parametrize(
    "true, predicted, message",
    [
        ("y\n1\n2\n", "p\n1\n", "predicted values: found 1 rows; expected 2 as in the true values"),
        ("y\n1\nhigh\n", "p\n1\n2\n", "true values, row 3, column y: found 'high'; expected a number"),
    ],
)
def test_tables_that_do_not_fit_are_refused(tmp_path, true, predicted, message):
    sources = []
    for name, content in (("true values", true), ("predicted values", predicted)):
        (tmp_path / name).write_text(content)
        sources.append(TableSource(tmp_path / name, name, True, ColumnChoice()))
    with pytest.raises(InputError, match=message):
        regression_plots.read_values(*sources)
