"""The training report: its numbers equal those of scikit-learn, and it needs no other file."""

import re
from dataclasses import replace
from datetime import datetime
from html import escape

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics

from galaxy_keras.estimator.contents import Estimator, FitParameters, Fitted, FittedOutput
from training import results
from training.report import html, report
from training.splits import schemes
from training.targets import targets


@pytest.fixture
def write_report(tmp_path):
    """Write the report of a run with the given target and outputs of the network for all rows, and give its text."""

    def write(target, outputs, threshold=None, history=None, output_layers=None, dataset_names=None, **changes):
        task = "regression" if target.kind == "values" else "classification"
        estimator = Estimator(
            task, "mean_squared_error", {"class_name": "Adam", "config": {}}, [], FitParameters(), 1, {}
        )
        described = (target.kind, target.classes, target.names, 1, None, threshold, task != "regression", {})
        fitted = Fitted(*described, outputs=output_layers)
        row_split = schemes.RowSplit(np.arange(len(outputs)))
        histories = {"1": history or {"loss": [0.5, 0.25], "val_loss": [0.75, 0.625]}}
        one = results.RunResult(row_split, histories["1"], outputs, {"loss": 0.5})
        facts = report.RunFacts(
            dataset_names or {}, [], "3 columns", [("dense", "Dense", "(3,)", 12)], "Keras", {"training": 1.0}, 1.0
        )
        fields = {
            "plan": schemes.Plan([one.row_split]),
            "runs": [one],
            "split_scores": {"train": {"loss": 0.5}},
            "histories": histories,
            **changes,
        }
        document = report.Report(estimator, fitted, target, schemes.Scheme(), facts=facts, **fields)
        report.write_report(tmp_path / "report.html", document)
        return (tmp_path / "report.html").read_text()

    return write


def read_labels(labels):
    return targets.read_target(pd.DataFrame({"y": labels}), "classification")


def test_a_binary_report_has_the_areas_of_scikit_learn(write_report):
    generator = np.random.default_rng(0)
    truth = generator.integers(0, 2, 200)
    outputs = np.clip(truth * 0.3 + generator.random((200,)) * 0.7, 0, 1).reshape(-1, 1).astype(np.float32)
    text = write_report(read_labels(np.array(["no", "yes"])[truth]), outputs, threshold=0.5)
    area, average = metrics.roc_auc_score(truth, outputs), metrics.average_precision_score(truth, outputs)
    right = ((outputs[:, 0] > 0.5) == truth).sum()
    assert f"ROC curve. yes: ROC area {area:.4f}" in text
    assert f"Precision-recall curve. yes: average precision {average:.4f}" in text
    assert f"<p>The network predicts {right} of 200 training rows correctly (accuracy {right / 200:.3f}).</p>" in text
    assert f"Confusion matrix. Rows: 200, classes: 2, accuracy: {right / 200:.4f}" in text
    assert f"Calibration. yes: Brier score {metrics.brier_score_loss(truth, outputs):.4f}" in text
    assert "Training history. training: 2 epochs, best epoch 2 with val_loss 0.625" in text


def test_each_class_has_the_measures_of_scikit_learn(write_report):
    truth = np.arange(60) % 3
    outputs = np.random.default_rng(6).dirichlet(np.ones(3), 60)
    text = write_report(read_labels(np.array(["a", "b", "c"])[truth]), outputs)
    cells = [re.sub("<[^>]*>", "", cell) for cell in re.findall("<td.*?</td>", text)]
    expected = metrics.precision_recall_fscore_support(truth, outputs.argmax(axis=1))
    for index, label in enumerate("abc"):
        start = cells.index(label)
        assert cells[start + 1 : start + 5] == [*(f"{measure[index]:.4g}" for measure in expected[:3]), "20"]


def test_the_report_names_the_input_datasets(write_report):
    names = {"estimator": ["my estimator"], "target": ["<b>labels</b> of\nwave 2"]}
    text = write_report(read_labels(["a", "b"] * 10), np.full((20, 1), 0.5, np.float32), dataset_names=names)
    assert "<p>Input datasets: estimator: my estimator; target: &lt;b&gt;labels&lt;/b&gt; of\\nwave 2.</p>" in text


def test_the_report_has_its_date(write_report):
    text = write_report(read_labels(["a", "b"] * 10), np.full((20, 1), 0.5, np.float32), threshold=0.5)
    assert f"{datetime.now():%Y-%m-}" in text


def test_the_first_line_helps_users_who_see_the_source(write_report):
    page = write_report(read_labels(["a", "b"] * 10), np.full((20, 1), 0.5, np.float32), threshold=0.5)
    first, second = page.splitlines()[:2]
    assert first.startswith("<!-- Do you see code? Download this file")
    assert second == "<!DOCTYPE html>"


def test_a_page_of_many_classes_and_epochs_stays_small_and_needs_nothing_else(write_report):
    truth = np.arange(3000) % 300
    outputs = np.random.default_rng(1).dirichlet(np.ones(300), 3000)
    history = {name: np.random.default_rng(2).random(5000).tolist() for name in ("loss", "val_loss")}
    text = write_report(read_labels([f"class number {i:03}" for i in truth]), outputs, history=history)
    assert len(text) < 1_000_000
    assert not re.findall(r"<script|<link|<style|http:|https:", text)
    assert set(re.findall(r'src="([a-z+/:]*)', text)) == {"data:image/svg+xml"}


def test_user_text_is_escaped(write_report):
    bad = "<script>alert(1)</script> $x_$ & \"'"
    outputs = np.array([[0.9, 0.1], [0.2, 0.8]] * 4)
    text = write_report(read_labels(["a", bad] * 4), outputs)
    assert "<script" not in text
    assert escape(bad) in text


def test_residuals_of_each_real_target(write_report):
    truth = np.random.default_rng(3).random((30_000, 2))
    target = targets.read_target(pd.DataFrame(truth, columns=["width", "length"]), "regression")
    text = write_report(target, truth + 0.5)
    r2 = metrics.r2_score(truth, truth + 0.5)
    assert (
        f"<p>The network predicts 30,000 training rows with R² {r2:.3f} and a mean absolute error of 0.5.</p>" in text
    )
    assert "Predicted against true width. Rows: 30000" in text
    assert "Predicted against true length. Rows: 30000" in text
    assert len(text) < 1_000_000


def test_each_of_several_labels_has_a_curve(write_report):
    flags = np.random.default_rng(4).integers(0, 2, (60, 2))
    target = targets.read_target(pd.DataFrame(flags, columns=["red", "blue"]), "classification")
    text = write_report(target, flags * 0.5 + 0.25, threshold=0.5)
    assert "red: ROC area 1.0000; blue: ROC area 1.0000" in text
    assert "blue: Brier score" in text


def test_folds_are_summarized(write_report):
    target = read_labels(["a", "b"] * 4)
    outputs = np.array([[0.9, 0.1], [0.2, 0.8]] * 2)
    parts = [schemes.RowSplit(np.arange(4) + 4 * i, None, np.arange(4) + 4 - 4 * i) for i in (0, 1)]
    runs = [
        results.RunResult(one, {"loss": [1.0]}, outputs, {"loss": loss})
        for one, loss in zip(parts, (0.25, 0.75), strict=True)
    ]
    plan = schemes.Plan(parts, is_cross_validation=True)
    histories = {"1": {"loss": [1.0]}, "2": {"loss": [1.0, 0.5]}, results.REFIT: {"loss": [0.75]}}
    text = write_report(target, outputs, plan=plan, runs=runs, split_scores={}, histories=histories)
    cells = re.sub(r"<[^>]*>", " ", text).split()
    assert cells[cells.index("mean") + 1] == "0.5"
    assert cells[cells.index("deviation") + 1] == "0.3536"
    assert "The network predicts 8 of 8 evaluation rows of 2 folds correctly" in text
    assert "fold 1: 1 epochs, best epoch 1 with loss 1; fold 2: 2 epochs, best epoch 2 with loss 0.5" in text
    assert "all rows: 1 epochs" in text


def test_a_page_keeps_the_first_images_of_each_group_that_fit():
    first, second, large = (html.ReportImage(b"x" * size, str(size)) for size in (30, 60, 90))
    assert html.choose_images([[first, large], [second], []], 130) == [[first], [second], []]
    assert html.choose_images([[large, first], [second]], 159) == [[large], []]


def test_a_page_of_many_targets_stays_small_and_names_omitted_images(write_report):
    count = 25
    classes = [f"class {number}" for number in np.arange(1000) % count]
    output_layers = tuple(replace(read_labels(classes), title=f"target {number}") for number in range(3))
    class_indices = np.column_stack([output.y for output in output_layers])
    target = targets.Target(
        "multi_output",
        [],
        [output.title for output in output_layers],
        class_indices,
        output_layers[0].table,
        output_layers,
    )
    outputs = np.random.default_rng(5).dirichlet(np.ones(count), (1000, 3)).reshape(1000, -1)
    fitted = [
        FittedOutput(output.title, output.kind, output.classes, output.names, count, None, True)
        for output in output_layers
    ]
    text = write_report(target, outputs, output_layers=fitted)
    assert len(text) < 1_000_000
    assert "Predictions for the evaluation rows: target 2</h2>" in text
    assert re.search("[0-9]+ images were left out to keep this page small", text)


def test_averages_of_many_classes_are_those_of_all_classes(write_report):
    truth = np.arange(400) % 20
    outputs = np.random.default_rng(3).dirichlet(np.ones(20), 400)
    text = write_report(read_labels([f"class {i:02}" for i in truth]), outputs)
    y_true = np.eye(20)[truth]
    assert f"macro average: ROC area {metrics.roc_auc_score(y_true, outputs, average='macro'):.4f}" in text
    assert f"micro average: ROC area {metrics.roc_auc_score(y_true, outputs, average='micro'):.4f}" in text


def test_averages_of_some_classes_are_named_so(write_report):
    truth = np.arange(404) % 101
    outputs = np.random.default_rng(3).dirichlet(np.ones(101), 404)
    text = write_report(read_labels([f"class {i:03}" for i in truth]), outputs)
    assert "macro average of these 100 classes: ROC area" in text


def test_the_rows_of_the_final_network_are_listed(write_report):
    rows = np.arange(20)
    outputs = np.full((20, 1), 0.5, np.float32)
    runs = [schemes.RowSplit(rows[10:], None, rows[:10]), schemes.RowSplit(rows[:10], None, rows[10:])]
    plan = schemes.Plan(runs, schemes.RowSplit(rows[:16], rows[16:]), is_cross_validation=True)
    results_of_folds = [results.RunResult(run, {"loss": [0.5]}, outputs[:10], {"loss": 0.5}) for run in runs]
    text = write_report(
        read_labels(["a", "b"] * 10), outputs, threshold=0.5, plan=plan, runs=results_of_folds, split_scores={}
    )
    assert "Final network: 16 train, 4 validate." in text
