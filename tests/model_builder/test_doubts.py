"""Warnings about settings that are likely wrong."""

import pytest
from examples.architectures import make_architecture
from examples.scripts import TEST_DATA

LSTM = TEST_DATA / "lstm_architecture.json"
CLASSIFIER = TEST_DATA / "dense_classifier_architecture.json"
REGRESSOR = TEST_DATA / "dense_regressor_architecture.json"


DOUBTS = {
    "regression between 0 and 1": (
        ("KerasGRegressor", 1, "sigmoid"),
        "mse",
        "sigmoid in the last layer limits the outputs to 0 to 1",
    ),
    "negative counts": (("KerasGRegressor", 1, "linear"), "poisson", "poisson expects positive outputs"),
    "loss for classes": (("KerasGRegressor", 1, "linear"), "hinge", "the loss hinge is for classes"),
    "metric for classes": (("KerasGRegressor", 1, "linear"), "mse", "the metric accuracy is for classes"),
    "margins of probabilities": (
        ("KerasGClassifier", 1, "sigmoid"),
        "hinge",
        "hinge expects negative outputs",
    ),
    "exclusive classes": (
        ("KerasGClassifier", 3, "sigmoid"),
        "categorical_crossentropy",
        "mutually exclusive classes",
    ),
    "independent labels": (("KerasGClassifier", 3, "softmax"), "binary_crossentropy", "is for independent labels"),
    "not probabilities": (
        ("KerasGClassifier", 3, "relu"),
        "categorical_crossentropy",
        "activation is relu",
    ),
    "unlimited outputs": (("KerasGClassifier", 3, "linear"), "mse", "compares the outputs with 0 and 1, but their"),
    "sign only": (("KerasGClassifier", 1, "sigmoid"), "cosine_similarity", "only on the sign of a single output"),
}


@pytest.mark.parametrize("network, loss, doubt", DOUBTS.values(), ids=DOUBTS.keys())
def test_likely_mistakes_cause_a_warning(build, tmp_path, capsys, network, loss, doubt):
    task, units, activation = network
    build(make_architecture(tmp_path / "a.json", units, activation), task=task, loss=loss)
    said = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Warning: ")]
    assert any(doubt in line for line in said), said


def test_threshold_metrics_of_logits_cause_a_warning(build, tmp_path, capsys):
    architecture = make_architecture(tmp_path / "a.json", 1, "linear")
    build(architecture, loss="automatic", metrics=["precision"])
    assert "precision compares the outputs with thresholds from 0 to 1" in capsys.readouterr().out


@pytest.mark.parametrize("architecture", [LSTM, CLASSIFIER, REGRESSOR], ids=["binary", "classes", "numbers"])
def test_matching_settings_cause_no_warning(build, capsys, architecture):
    task = "KerasGRegressor" if architecture == REGRESSOR else "KerasGClassifier"
    build(architecture, task=task, loss="automatic", metrics=["automatic"])
    assert "Warning" not in capsys.readouterr().out
