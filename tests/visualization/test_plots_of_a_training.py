"""From the training tool's outputs to every plot that takes them: the numbers are those of the training."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from examples.default_forms import training_form
from examples.scripts import TEST_DATA
from sklearn.metrics import brier_score_loss, f1_score

MEASURES = TEST_DATA / "iris_measures.tabular"
OUTPUTS = {
    "outfile_result": "result",
    "outfile_object": "fitted",
    "outfile_weights": "weights",
    "outfile_history": "history",
    "outfile_y_true": "true",
    "outfile_y_preds": "predicted",
}
ALL_COLUMNS = {"selected_column_selector_option": "all_columns"}
LABELS = {
    "header_true": True,
    "header_predicted": True,
    "column_selector_options_true": ALL_COLUMNS,
    "plot_color": "Blues",
}


@pytest.fixture
def train(run_tool, tmp_path):
    """Train an estimator of the test data, and return its scores."""

    def train(estimator: str, target: Path, *scores: str, **changes: Any) -> dict[str, float]:
        split = {"shuffle": "simple", "test_size": 0.4, "random_state": 2}
        form = training_form(primary_scoring=scores[0], secondary_scoring=list(scores[1:]), split=split, **changes)
        files = {"estimator": TEST_DATA / estimator, "features": MEASURES, "target": target}
        assert run_tool("keras_train_and_eval", form, **files, **OUTPUTS) == 0
        return pd.read_csv(tmp_path / "out" / "result", sep="\t").iloc[0].to_dict()

    return train


@pytest.fixture
def plot(run_tool, tmp_path):
    """Draw a plot of the training's outputs, and return its table."""

    def plot(plot_type: str, files: dict[str, str | Path], **fields: Any) -> pd.DataFrame:
        (tmp_path / "names.json").write_text(json.dumps(["run"]))
        form = {"plotting_selection": {"plot_type": plot_type, "plot_format": "png", **fields}}
        paths = {field: tmp_path / "out" / name if isinstance(name, str) else name for field, name in files.items()}
        options = {**paths, "dataset_names": tmp_path / "names.json", "output": "plot", "table": "table"}
        assert run_tool("ml_visualization_ex", form, **options) == 0
        return pd.read_csv(tmp_path / "out" / "table", sep="\t")

    return plot


CURVE = {"infile1": "true", "infile2": "predicted"}
PAIR = {"infile_true": "true", "infile_predicted": "predicted"}


def read_areas(table: pd.DataFrame) -> dict[str, float]:
    return table.groupby("curve")["area"].first().to_dict()


def test_two_classes_of_text(train, plot, tmp_path):
    # The positive class is rare and first in the file; what counts is the order of the labels.
    species = pd.read_csv(TEST_DATA / "iris_species.tabular", sep="\t")["species"]
    target = tmp_path / "target"
    pd.DataFrame({"kind": np.where(species == "versicolor", "yes", "no")}).to_csv(target, sep="\t", index=False)
    scores = train("binary_estimator.zip", target, "roc_auc", "average_precision", "accuracy", "f1")
    true, predicted = (pd.read_csv(tmp_path / "out" / name, sep="\t") for name in ("true", "predicted"))
    assert read_areas(plot("roc_curve", CURVE, drop_intermediate=True)) == {"yes": pytest.approx(scores["roc_auc"])}
    assert read_areas(plot("pr_curve", CURVE)) == {"yes": pytest.approx(scores["average_precision"])}
    assert read_areas(plot("roc_curve", CURVE, pos_label="no")) == {"no": pytest.approx(scores["roc_auc"])}
    brier = plot("calibration_curve", CURVE)["brier_score"].iloc[0]
    assert brier == pytest.approx(brier_score_loss(true["kind"] == "yes", predicted["yes"]))
    thresholds = plot("threshold_curve", CURVE)
    row = thresholds.iloc[len(thresholds) // 3]
    assert row["f1"] == pytest.approx(f1_score(true["kind"] == "yes", predicted["yes"] >= row["threshold"]))
    assert plot("score_distribution", CURVE, bins=7)["rows"].sum() == len(true)
    matrix = plot("classification_confusion_matrix", PAIR, **LABELS)
    assert np.trace(matrix[["no", "yes"]]) / len(true) == pytest.approx(scores["accuracy"])
    report = plot("classification_report", PAIR, **LABELS).set_index("class")
    assert report.loc["yes", "f1"] == pytest.approx(scores["f1"])


@pytest.mark.parametrize(
    "estimator, target",
    [("species_estimator.zip", "iris_species.tabular"), ("one_hot_estimator.zip", "iris_species_one_hot.tabular")],
)
def test_three_classes_and_what_follows_from_the_estimator(train, plot, tmp_path, estimator, target):
    scores = train(estimator, TEST_DATA / target, "accuracy", "roc_auc_ovr", "f1_macro")
    areas = read_areas(plot("roc_curve", CURVE))
    assert set(areas) == {"setosa", "versicolor", "virginica", "micro average", "macro average"}
    assert areas["macro average"] == pytest.approx(scores["roc_auc_ovr"])
    report = plot("classification_report", PAIR, **LABELS).set_index("class")
    assert report.loc["macro average", "f1"] == pytest.approx(scores["f1_macro"])
    history = pd.read_csv(tmp_path / "out" / "history", sep="\t")
    drawn = plot("training_history", {"infile_histories": "history"})
    best = drawn[drawn["best"]]["epoch"].unique().tolist()
    assert best == [history.loc[history["val_loss"].idxmin(), "epoch"]]
    files = {"infile_estimator": "fitted", "infile1": MEASURES, "infile_true": TEST_DATA / target}
    selectors = {"column_selector_options": ALL_COLUMNS, "column_selector_options_true": ALL_COLUMNS}
    importances = plot("permutation_importance", files, header1=True, header_true=True, n_repeats=2, **selectors)
    assert set(importances["feature"]) == set(pd.read_csv(MEASURES, sep="\t").columns)


def test_real_numbers(train, plot, capsys):
    features = {"columns1": ("by_index_number", [1, 2, 3])}
    target = TEST_DATA / "iris_petal_width.tabular"
    scores = train("petal_width_estimator.zip", target, "r2", "neg_mean_absolute_error", **features)
    table = plot("regression", PAIR, **LABELS)
    assert f"R2: {scores['r2']:.4f}" in capsys.readouterr().out
    assert table["residual"].abs().mean() == pytest.approx(-scores["neg_mean_absolute_error"], rel=1e-5)
