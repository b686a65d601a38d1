"""Every plot behind a training in a running Galaxy: the numbers are those that scikit-learn finds in its outputs."""

import csv
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from bioblend.galaxy import GalaxyInstance
from invocations import run_workflow, TEST_DATA
from published_plots import make_all_plots, MORE_FILES

# Of the other plots PNG is the default.
PUBLISHED_FORMATS = {
    "learning_curve": "html",
    "pr_curve": "svg",
    "roc_curve": "html",
    "rfecv_gridscores": "html",
    "feature_importances": "html",
}
Table = list[dict[str, str]]


def test_every_plot_runs_and_agrees_with_scikit_learn(galaxy, tmp_path):
    """A curve of the wrong class would have one minus the area."""
    workflow = make_all_plots()
    outputs = run_workflow(galaxy, workflow, MORE_FILES)
    pairs = zip(outputs["outfile_y_true"], outputs["outfile_y_preds"], strict=True)
    found, values = (_ask_scikit_learn(galaxy, tmp_path, *pair) for pair in pairs)
    types = [_read_plot_type(step) for step in workflow["steps"].values() if step["tool_id"] == "ml_visualization_ex"]
    logs: dict[str, list[str]] = {}
    for plot_type, plot in zip(types, outputs["output"], strict=True):
        dataset = galaxy.datasets.show_dataset(plot)
        assert dataset["extension"] == PUBLISHED_FORMATS.get(plot_type, "png"), plot_type
        job = galaxy.jobs.show_job(dataset["creating_job"], full_details=True)
        logs.setdefault(plot_type, []).append(job["tool_stdout"])
    for log in logs["roc_curve"]:
        assert f"1: ROC area {found['roc_auc']:.4f}" in log
    assert f"1: average precision {found['average_precision']:.4f}" in logs["pr_curve"][0]
    assert f"accuracy: {found['accuracy']:.4f}" in logs["classification_confusion_matrix"][0]
    assert f"R2: {values['r2']:.4f}, mean absolute error: {values['mean_absolute_error']:.6g}" in logs["regression"][0]
    # Only the plots that no published form had were asked for their numbers.
    added = types[-len(outputs["table"]) :]
    tables = {name: _read_table(galaxy, table) for name, table in zip(added, outputs["table"], strict=True)}
    _check_tables(tables, found)
    history = _read_table(galaxy, outputs["outfile_history"][0])
    best = min(history, key=lambda epoch: float(epoch["val_loss"]))["epoch"]
    assert {row["epoch"] for row in tables["training_history"] if row["best"] == "True"} == {best}


def _check_tables(tables: dict[str, Table], found: dict[str, float]) -> None:
    report = {row["class"]: row for row in tables["classification_report"]}
    assert float(report["1"]["f1"]) == pytest.approx(found["f1"])
    assert {float(row["brier_score"]) for row in tables["calibration_curve"]} == {pytest.approx(found["brier"])}
    assert max(float(row["f1"]) for row in tables["threshold_curve"]) == pytest.approx(found["largest_f1"])
    rows = found["rows"]
    assert sum(int(row["rows"]) for row in tables["calibration_curve"]) == rows
    assert sum(int(row["rows"]) for row in tables["score_distribution"]) == rows
    features = (TEST_DATA / "iris_measures.tabular").read_text().splitlines()[0].split("\t")
    assert {row["feature"] for row in tables["permutation_importance"]} == set(features)


def _read_plot_type(step: dict[str, Any]) -> str:
    return json.loads(step["tool_state"])["plotting_selection"]["plot_type"]


def _read_table(galaxy: GalaxyInstance, dataset: str) -> Table:
    content = galaxy.datasets.download_dataset(dataset).decode()
    return list(csv.DictReader(content.splitlines(), delimiter="\t"))


def _ask_scikit_learn(galaxy: GalaxyInstance, folder: Path, true: str, predicted: str) -> dict[str, float]:
    for name, dataset in (("true", true), ("predicted", predicted)):
        (folder / name).write_bytes(galaxy.datasets.download_dataset(dataset))
    command = [os.environ["TOOLS_PYTHON"], Path(__file__).with_name("scikit_learn_numbers.py"), "true", "predicted"]
    return json.loads(subprocess.run(command, cwd=folder, capture_output=True, check=True).stdout)
