"""Learning curves and training histories: what is drawn where."""

import numpy as np
import pandas as pd
import pytest

from galaxy_keras.errors import InputError
from galaxy_keras.plots import training_plots

NAN = float("nan")


def make_history(**columns: list[float]) -> pd.DataFrame:
    count = len(next(iter(columns.values())))
    return pd.DataFrame({"epoch": range(1, count + 1), **columns}, dtype=float)


def test_learning_curve_shows_both_scores_with_their_errors():
    columns = dict(
        zip(
            training_plots.LEARNING_CURVE_COLUMNS,
            [[10, 20], [0.9, 0.8], [0.1, 0.2], [0.5, 0.7], [0.3, 0.4]],
            strict=True,
        )
    )
    table = pd.DataFrame(columns, dtype=float)
    plot = training_plots.plot_learning_curve(table, "T", with_errors=True)
    train, test = plot.image.panels[0].series
    assert (train.name, list(train.x), list(train.y), list(train.error)) == (
        "Train Scores",
        [10, 20],
        [0.9, 0.8],
        [0.1, 0.2],
    )
    assert (test.name, list(test.y), list(test.error)) == ("Test Scores", [0.5, 0.7], [0.3, 0.4])
    assert training_plots.plot_learning_curve(table, "T", with_errors=False).image.panels[0].series[0].error is None


@pytest.mark.parametrize(
    "columns, row, monitor",
    [
        pytest.param({"loss": [3, 1, 2], "val_loss": [1, 3, 2]}, 0, "val_loss", id="validation loss"),
        pytest.param({"loss": [3, 1, 2]}, 1, "loss", id="training loss"),
        pytest.param({"loss": [3, 1, 2], "val_loss": [NAN, NAN, NAN]}, 1, "loss", id="no validation loss"),
        pytest.param({"loss": [3, 1, 2], "val_loss": [NAN, 3, 2]}, 2, "val_loss", id="a loss that is missing"),
    ],
)
def test_the_best_epoch_has_the_lowest_loss(columns, row, monitor):
    run = training_plots.Run("run", make_history(**columns))
    assert training_plots.find_best_epoch(run) == (row, monitor)
    table = training_plots.plot_history([run], "T").table
    assert table[table["best"]]["epoch"].unique().tolist() == [row + 1]


@pytest.mark.parametrize("columns", [{"acc": [1, 2]}, {"loss": [NAN, NAN]}])
def test_without_a_loss_no_epoch_is_the_best(columns):
    run = training_plots.Run("run", make_history(**columns))
    plot = training_plots.plot_history([run], "T")
    assert training_plots.find_best_epoch(run) is None
    assert plot.notes == ["run: 2 epochs, no loss"]
    assert not plot.table["best"].any()


def test_each_metric_has_a_panel_with_training_and_validation():
    run = training_plots.Run("run", make_history(acc=[0.5, 0.6], loss=[2, 1], val_acc=[0.4, 0.5], val_loss=[3, 2]))
    panels = training_plots.plot_history([run], "T").image.panels
    assert [panel.y_label for panel in panels] == ["loss", "acc"]
    assert [(series.full_name, list(series.y)) for series in panels[1].series] == [
        ("training", [0.5, 0.6]),
        ("validation", [0.4, 0.5]),
        ("best epoch (val_loss)", [0.5]),
    ]


def test_several_runs_have_colors_and_may_have_other_metrics():
    runs = [
        training_plots.Run("first", make_history(loss=[2, 1], val_loss=[3, 2])),
        training_plots.Run("second", make_history(loss=[4, 3, 2], auc=[0.7, 0.8, 0.9])),
    ]
    loss, auc = training_plots.plot_history(runs, "T").image.panels
    lines = [(series.full_name, series.color, series.dash) for series in loss.series if series.kind == "line"]
    assert lines == [
        ("first, training", 0, "dashed"),
        ("first, validation", 0, "solid"),
        ("second, training", 1, "dashed"),
    ]
    assert [series.full_name for series in auc.series] == ["second, training", "best epoch (loss)"]


@pytest.mark.parametrize(
    "losses, is_log",
    [([0.9, 0.5, 0.1], False), ([0.9, 5e9, 0.1], True), ([0.9, np.nan, 1e-5], True), ([-1.0, 5e9, 0.0], False)],
    ids=["even", "astray", "small", "negative"],
)
def test_a_loss_over_many_decades_is_drawn_on_a_logarithmic_axis(losses, is_log):
    run = training_plots.Run("run", pd.DataFrame({"epoch": [1, 2, 3], "loss": losses}))
    assert training_plots.plot_history([run], "T").image.panels[0].is_log == is_log


def test_each_fold_of_a_cross_validation_is_a_run():
    table = make_history(loss=[3, 2, 5, 4, 3]).assign(epoch=[1, 2, 1, 2, 3])
    table.insert(0, "fold", ["1", "1", "final", "final", "final"])
    table["val_loss"] = [4, 5, NAN, NAN, NAN]
    runs = training_plots.split_runs("run", table)
    assert [(run.name, run.history["loss"].tolist()) for run in runs] == [
        ("run, fold 1", [3, 2]),
        ("run, fold final", [5, 4, 3]),
    ]
    assert [
        series.full_name
        for series in training_plots.plot_history(runs, "T").image.panels[0].series
        if series.kind == "line"
    ] == [
        "run, fold 1, training",
        "run, fold 1, validation",
        "run, fold final, training",
    ]


def test_history_refuses_a_table_of_something_else():
    run = training_plots.Run("run", make_history(**{f"gene {k}": [1, 2] for k in range(13)}))
    with pytest.raises(InputError, match="training history: found 13 metrics"):
        training_plots.plot_history([run], "T")


@pytest.mark.parametrize(
    "columns, rows",
    [
        pytest.param(["setosa", "virginica"], 2, id="predictions"),
        pytest.param(["epoch"], 2, id="epochs only"),
        pytest.param(["Predicted"], 2, id="labels"),
        pytest.param(["fold", "epoch"], 2, id="folds only"),
    ],
)
def test_a_history_of_another_table_is_refused(columns, rows):
    table = pd.DataFrame({name: [1.0] * rows for name in columns})
    with pytest.raises(InputError, match="training history run: found the columns .*; expected the epoch"):
        training_plots.split_runs("run", table)


def test_too_many_folds_are_refused():
    table = make_history(loss=[1.0] * 201).assign(fold=range(201))
    with pytest.raises(InputError, match="found 201 folds; expected at most 200"):
        training_plots.split_runs("run", table)
