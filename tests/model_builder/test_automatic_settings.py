"""Loss, metric and threshold that the builder chooses by the output layers."""

import re

import pytest
from examples.architectures import make_architecture, write_outputs
from examples.default_forms import builder_form

TOOL = "keras_model_builder"


@pytest.mark.parametrize(
    "task, units, activation, loss, options, metric",
    [
        ("KerasGClassifier", 1, "sigmoid", "binary_crossentropy", {"from_logits": False}, "accuracy"),
        ("KerasGClassifier", 3, "sigmoid", "binary_crossentropy", {"from_logits": False}, "accuracy"),
        ("KerasGClassifier", 3, "softmax", "categorical_crossentropy", {"from_logits": False}, "accuracy"),
        ("KerasGClassifier", 1, "linear", "binary_crossentropy", {"from_logits": True}, "accuracy"),
        ("KerasGClassifier", 3, "linear", "categorical_crossentropy", {"from_logits": True}, "accuracy"),
        ("KerasGClassifier", 1, "tanh", "hinge", {}, "accuracy"),
        ("KerasGClassifier", 3, "tanh", "categorical_hinge", {}, "accuracy"),
        ("KerasGRegressor", 2, "linear", "mean_squared_error", {}, "mean_absolute_error"),
    ],
)
@pytest.mark.parametrize("input_shape", [(4,), None], ids=["built", "unbuilt"])
def test_automatic_loss_and_metric_depend_on_task_and_last_layer(
    build, tmp_path, capsys, task, units, activation, loss, options, metric, input_shape
):
    architecture = make_architecture(tmp_path / "a.json", units, activation, input_shape=input_shape)
    estimator = build(architecture, task=task, loss="automatic", metrics=["automatic"])
    assert estimator.loss.name == loss
    assert options.items() <= estimator.loss.options.items()
    assert estimator.metrics[0].name == metric
    said = capsys.readouterr().out
    assert f": {loss}" in said
    assert f"Metric chosen for {estimator.task}: {metric}" in said


def test_an_f_score_of_one_output_gets_a_threshold(build):
    """Without a threshold, Keras 3.15.1 takes the largest output of a row as positive, here always the only one."""
    more = [({"metric_type": "f_beta_score", "beta": 2.0, "average": "macro", "threshold": None}, "")]
    metrics = build(metrics=["f1_score"], more_metrics=more).metrics
    assert [(m.name, m.options["threshold"]) for m in metrics] == [("f1_score", 0.5), ("f_beta_score", 0.5)]


def test_an_ambiguous_automatic_loss_is_refused(check_refusal, tmp_path):
    architecture = make_architecture(tmp_path / "a.json", 3, "relu")
    line = check_refusal(TOOL, builder_form(loss="automatic"), architecture=architecture, outfile="e.zip")
    assert "loss: found automatic for a classifier that ends in relu; expected a loss by name" in line


@pytest.mark.parametrize(
    "ends, task, loss",
    [
        ([(2, "linear"), (3, "linear")], "KerasGRegressor", "mean_squared_error"),
        ([(2, "linear"), (1, "softplus")], "KerasGRegressor", "mean_squared_error"),
        ([(2, "sigmoid"), (3, "sigmoid")], "KerasGClassifier", "binary_crossentropy"),
        ([(2, "softmax"), (3, "softmax")], "KerasGClassifier", "categorical_crossentropy"),
        ([(1, "sigmoid"), (3, "softmax")], "KerasGClassifier", "categorical_crossentropy"),
        ([(2, "linear"), (1, "linear")], "KerasGClassifier", "categorical_crossentropy"),
        ([(1, "tanh"), (3, "tanh")], "KerasGClassifier", "categorical_hinge"),
    ],
)
def test_the_automatic_loss_matches_all_outputs(build, tmp_path, ends, task, loss):
    assert build(write_outputs(tmp_path / "a.json", ends), loss="automatic", task=task).loss.name == loss


def test_the_log_and_description_list_the_loss_of_each_output(run_tool, tmp_path, capsys):
    files = {"architecture": write_outputs(tmp_path / "a.json", [(1, "sigmoid"), (3, "softmax")])}
    form = builder_form(loss="automatic", metrics=["automatic"])
    assert run_tool(TOOL, form, **files, outfile="e.zip", outfile_description="text") == 0
    assert re.search(r"Outputs +dense\w*: 1 unit, sigmoid, binary_", (tmp_path / "out" / "text").read_text())
    said = capsys.readouterr().out
    assert "Loss chosen for classification and sigmoid and softmax: categorical_crossentropy" in said
    assert re.search(r"Output dense\w*: 1 unit, sigmoid, binary_crossentropy\n", said)
    assert re.search(r"Output dense\w*: 3 units, softmax, categorical_crossentropy\n", said)
    assert "Warning" not in said
