"""Importances: which bars are drawn, and in which order."""

import numpy as np
import pandas as pd
import pytest

from galaxy_keras.data.tables import TableSource
from galaxy_keras.errors import InputError
from galaxy_keras.forms.column_choices import ColumnChoice
from visualization import importance_plots


@pytest.fixture
def plot():
    """Make the plot of importances."""

    def plot(importances: list[float], **options):
        features = [f"gene {k}" for k in range(len(importances))]
        table = pd.DataFrame({"feature": features, "importance": importances}, dtype=object)
        return importance_plots.plot_importances(table.astype({"importance": float}), "T", "Importance", **options)

    return plot


def test_bars_are_sorted_by_value_from_the_top(plot):
    panel = plot([0.1, -0.9, 0.5]).image.panels[0]
    assert panel.bar_labels == ["gene 2", "gene 0", "gene 1"]
    assert panel.series[0].x.tolist() == [0.5, 0.1, -0.9]


def test_the_threshold_keeps_features_by_absolute_importance(plot):
    made = plot([0.1, -0.9, 0.5], threshold=0.3)
    assert made.table["feature"].tolist() == ["gene 2", "gene 1"]


def test_many_features_are_all_in_the_table_but_not_in_the_picture(plot):
    made = plot(np.arange(500.0).tolist())
    assert (len(made.image.panels[0].bar_labels), len(made.table)) == (60, 500)
    assert made.notes == ["Features: 500, above the threshold: 500, drawn: 60"]


@pytest.mark.parametrize(
    "importances, options, message",
    [
        ([0.1, 0.2], {"threshold": 0.5}, "threshold: found 0.5, which leaves no feature; expected less than 0.2"),
    ],
)
def test_what_cannot_be_drawn_is_refused(plot, importances, options, message):
    with pytest.raises(InputError, match=message):
        plot(importances, **options)


def test_a_few_bars_are_those_of_the_largest_size(plot):
    panel = plot([0.1, -0.9, 0.5, 0.2], largest=2).image.panels[0]
    assert panel.series[0].x.tolist() == [0.5, -0.9]


@pytest.mark.parametrize("columns", [(1, 3), (1, 3, 2)])
def test_a_table_gives_names_importances_and_deviations(tmp_path, columns):
    path = tmp_path / "table"
    path.write_text("gene\tspread\tweight\n007\t0.1\t2\nx\t0.2\t-1.5\n")
    table = importance_plots.read_importances(
        TableSource(path, "features", True, ColumnChoice("by_index_number", columns))
    )
    assert table["importance"].tolist() == [2, -1.5]
    assert table.get("std", pd.Series()).tolist() == ([0.1, 0.2] if len(columns) == 3 else [])


@pytest.mark.parametrize(
    "content, message",
    [
        ("a\n1\n", "features: found 1 column; expected two"),
        ("a\tb\nx\tnan\n", "features, row 2, column b: found 'nan'"),
    ],
)
def test_other_tables_are_refused(tmp_path, content, message):
    (tmp_path / "table").write_text(content)
    with pytest.raises(InputError, match=message):
        importance_plots.read_importances(TableSource(tmp_path / "table", "features", True, ColumnChoice()))
