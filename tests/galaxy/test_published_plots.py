"""Every plot of a training in a running Galaxy: its numbers agree with scikit-learn's metrics."""

import csv
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from bioblend.galaxy import GalaxyInstance
from invocations import run_workflow, TEST_DATA
from published_plots import CHANGED_BOOLEANS, make_all_plots, MORE_FILES

# Datatypes of the published plots; the default of all other plots is png.
PUBLISHED_FORMATS = {
    "learning_curve": "html",
    "pr_curve": "svg",
    "roc_curve": "html",
    "rfecv_gridscores": "html",
    "feature_importances": "html",
}
Table = list[dict[str, str]]


def test_every_plot_runs_and_agrees_with_scikit_learn(galaxy, tmp_path):
    """If a curve were drawn for the wrong class, its area would be one minus the expected area."""
    outputs = run_workflow(galaxy, make_all_plots(), MORE_FILES)
    pairs = zip(outputs["outfile_y_true"], outputs["outfile_y_preds"], strict=True)
    found, values = (_measure_with_scikit_learn(galaxy, tmp_path, *pair) for pair in pairs)
    logs: dict[str, list[str]] = {}
    for plot in outputs["output"]:
        plot_type, job = _find_job(galaxy, plot)
        assert galaxy.datasets.show_dataset(plot)["extension"] == PUBLISHED_FORMATS.get(plot_type, "png"), plot_type
        logs.setdefault(plot_type, []).append(job["tool_stdout"])
    # Some published plots are drawn in the states of both revisions.
    assert {plot_type for plot_type, found in logs.items() if len(found) == 2} == set(CHANGED_BOOLEANS)
    assert len(logs) == 14
    for log in logs["roc_curve"]:
        assert f"1: ROC area {found['roc_auc']:.4f}" in log
    assert f"1: average precision {found['average_precision']:.4f}" in logs["pr_curve"][0]
    assert f"accuracy: {found['accuracy']:.4f}" in logs["classification_confusion_matrix"][0]
    assert f"R2: {values['r2']:.4f}, mean absolute error: {values['mean_absolute_error']:.6g}" in logs["regression"][0]
    # Only the plots that are not in the published forms save their tables.
    tables = {_find_job(galaxy, table)[0]: _read_table(galaxy, table) for table in outputs["table"]}
    _check_tables(tables, found)
    history = _read_table(galaxy, outputs["outfile_history"][0])
    best = min(history, key=lambda epoch: float(epoch["val_loss"]))["epoch"]
    assert {row["epoch"] for row in tables["training_history"] if row["best"] == "True"} == {best}


def _check_tables(tables: dict[str, Table], found: dict[str, float]) -> None:
    report = {row["class"]: row for row in tables["classification_report"]}
    assert float(report["1"]["f1"]) == pytest.approx(found["f1"])
    assert float(tables["calibration_curve"][0]["brier_score"]) == pytest.approx(found["brier"])
    assert max(float(row["f1"]) for row in tables["threshold_curve"]) == pytest.approx(found["largest_f1"])
    rows = found["rows"]
    assert sum(int(row["rows"]) for row in tables["calibration_curve"]) == rows
    assert sum(int(row["rows"]) for row in tables["score_distribution"]) == rows
    features = (TEST_DATA / "iris_measures.tabular").read_text().splitlines()[0].split("\t")
    assert {row["feature"] for row in tables["permutation_importance"]} == set(features)


def _find_job(galaxy: GalaxyInstance, dataset: str) -> tuple[str, dict[str, Any]]:
    """Return the plot type of a dataset and the job that created it."""
    job = galaxy.jobs.show_job(galaxy.datasets.show_dataset(dataset)["creating_job"], full_details=True)
    return json.loads(job["params"]["plotting_selection"])["plot_type"], job


def _read_table(galaxy: GalaxyInstance, dataset: str) -> Table:
    content = galaxy.datasets.download_dataset(dataset).decode()
    return list(csv.DictReader(content.splitlines(), delimiter="\t"))


def _measure_with_scikit_learn(galaxy: GalaxyInstance, folder: Path, true: str, predicted: str) -> dict[str, float]:
    for name, dataset in (("true", true), ("predicted", predicted)):
        (folder / name).write_bytes(galaxy.datasets.download_dataset(dataset))
    command = [os.environ["TOOLS_PYTHON"], Path(__file__).with_name("scikit_learn_numbers.py"), "true", "predicted"]
    return json.loads(subprocess.run(command, cwd=folder, capture_output=True, check=True).stdout)
