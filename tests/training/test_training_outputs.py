"""Outputs of a training: scores, history, fitted estimator, weights and predictions."""

import dataclasses
import zipfile

import numpy as np
import pandas as pd
import pytest
from examples.default_forms import OUTPUTS, prediction_form, training_form
from examples.trainings import (
    BINARY,
    CLASSES,
    MEASURES,
    read_species,
    RESULT_ONLY,
    SPARSE,
    SPECIES,
    TOOL,
    write_columns,
)
from sklearn import metrics

from galaxy_keras.estimator.contents import FitParameters
from galaxy_keras.estimator.file import read_estimator


def test_scores_are_those_of_scikit_learn(train, make_estimator):
    names = ["f1_macro", "balanced_accuracy", "precision_wighted", "neg_log_loss"]
    tables = train(make_estimator(), primary_scoring=names[0], secondary_scoring=names[1:])
    true, predicted = tables["true"]["species"], tables["predicted"]
    labels = predicted["Predicted"]
    expected = {
        "f1_macro": metrics.f1_score(true, labels, average="macro"),
        "balanced_accuracy": metrics.balanced_accuracy_score(true, labels),
        "precision_weighted": metrics.precision_score(true, labels, average="weighted", zero_division=0),
        "neg_log_loss": -metrics.log_loss(true, predicted[CLASSES].astype(np.float32)),
    }
    found = tables["result"].iloc[0]
    assert {name: found[name] for name in expected} == pytest.approx(expected, abs=1e-5)
    assert list(tables["result"]) == ["loss", "accuracy", *expected]


def test_additional_scores_follow_the_default_score(train, make_estimator):
    tables = train(make_estimator(), primary_scoring="default", secondary_scoring=["f1_macro", "accuracy"])
    assert list(tables["result"]) == ["loss", "accuracy", "f1_macro"]


@pytest.mark.parametrize("monitor", ["loss", "val_loss"])
def test_the_history_ends_with_an_early_stop(train, make_estimator, monitor):
    stop = {"class_name": "EarlyStopping", "config": {"monitor": monitor, "min_delta": 1000.0, "patience": 1}}
    callbacks = [stop, {"class_name": "TerminateOnNaN", "config": {}}]
    tables = train(make_estimator(fit=FitParameters(epochs=9, batch_size=16, callbacks=callbacks)))
    assert tables["history"]["epoch"].tolist() == [1, 2]
    assert list(tables["history"]) == ["epoch", "accuracy", "loss", "val_accuracy", "val_loss"]


def test_an_estimator_without_metrics_has_its_loss_in_the_history(train, make_estimator):
    tables = train(make_estimator(metrics=()))
    assert list(tables["result"]) == ["loss", "accuracy"]
    assert list(tables["history"]) == ["epoch", "loss", "val_loss"]


def test_the_evaluation_rows_pass_through_the_network_once(train, make_estimator, monkeypatch):
    import keras

    calls = []

    def count(name):
        method = getattr(keras.Model, name)
        monkeypatch.setattr(keras.Model, name, lambda *a, **k: calls.append(name) or method(*a, **k))

    count("predict")
    count("evaluate")
    train(make_estimator(), primary_scoring="roc_auc_ovr", secondary_scoring=["accuracy", "neg_log_loss"])
    # Keras evaluates the validation rows after each of the three epochs.
    assert calls == ["evaluate"] * 3 + ["evaluate"]


@pytest.mark.parametrize("is_large", [False, True], ids=["at once", "in batches"])
@pytest.mark.parametrize("loss, units, activation", [(SPARSE, 3, "softmax"), (BINARY, 1, "sigmoid")])
def test_result_history_and_report_have_the_same_loss_if_outputs_saturate(
    train, make_estimator, tmp_path, monkeypatch, loss, units, activation, is_large
):
    """The loss of a row that is computed from probabilities cannot exceed 16."""
    if is_large:
        monkeypatch.setattr("galaxy_keras.network.inputs.LARGE_BYTES", 0)
    labels = read_species()
    files = {
        "features": write_columns(tmp_path / "x.tsv", pd.read_csv(MEASURES, sep="\t") * 1e6),
        "target": write_columns(tmp_path / "y.tsv", {"y": labels if units == 3 else labels == "virginica"}),
    }
    fit = FitParameters(epochs=2, batch_size=7, class_weight="balanced")
    estimator = make_estimator(outputs=units, activation=activation, loss=loss, fit=fit)
    tables = train(estimator, files=files, outputs={**OUTPUTS, "outfile_report": "report.html"})
    loss = tables["result"]["loss"][0]
    assert loss > 16
    assert loss == pytest.approx(tables["history"]["val_loss"].iloc[-1], rel=1e-6)
    assert f">{loss:.4g}</td>" in (tmp_path / "out" / "report.html").read_text()


def test_the_fitted_estimator_describes_its_data(default_training):
    fitted, unfitted = read_estimator(default_training.fitted), read_estimator(default_training.estimator)
    assert fitted.fitted.feature_names == ["sepal_length", "sepal_width", "petal_length", "petal_width"]
    assert fitted.fitted.classes == CLASSES
    assert len(fitted.history["loss"]) == 3
    assert dataclasses.replace(fitted, fitted=None, history={}) == unfitted


def test_the_weights_file_is_also_in_the_fitted_estimator(default_training):
    with zipfile.ZipFile(default_training.fitted) as archive:
        assert archive.read("model.weights.h5") == (default_training.folder / "out" / "weights.h5").read_bytes()


def test_only_requested_outputs_are_written(train, make_estimator, tmp_path):
    train(make_estimator(fit=FitParameters(epochs=1)), outputs=RESULT_ONLY)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["result"]


def test_a_job_that_cannot_write_its_predictions_fails_but_keeps_the_fitted_estimator(
    run_tool, make_estimator, tmp_path, capsys
):
    files = {"estimator": make_estimator(), "features": MEASURES, "target": SPECIES}
    assert run_tool(TOOL, training_form(), **files, **{**OUTPUTS, "outfile_y_preds": "no_folder/predicted"}) == 1
    error = "Error: output predicted: cannot be written (No such file or directory); check that the folder exists"
    assert capsys.readouterr().err.startswith(error)
    assert read_estimator(tmp_path / "out" / "fitted.zip").fitted is not None


@pytest.mark.parametrize("is_regression", [True, False], ids=["numbers", "0/1 columns"])
def test_several_outputs_take_the_target_columns_from_left_to_right(
    train, make_estimator, tmp_path, run_tool, is_regression
):
    import keras

    activation, loss = ("linear", "mean_squared_error") if is_regression else ("sigmoid", BINARY)
    inputs = keras.Input((4,))
    hidden = keras.layers.Dense(8, activation="relu")(inputs)
    output_layers = [keras.layers.Dense(count, activation=activation)(hidden) for count in (2, 1)]
    estimator = make_estimator(
        network=keras.Model(inputs, output_layers),
        loss=loss,
        metrics=("mean_squared_error",),
        task="regression" if is_regression else "classification",
    )
    targets = pd.read_csv(MEASURES, sep="\t").iloc[:, :3]
    targets = targets if is_regression else (targets > targets.mean()).astype(int)
    tables = train(estimator, files={"target": write_columns(tmp_path / "y.tsv", targets)})
    true, predicted = tables["true"], tables["predicted"]
    assert list(predicted) == list(targets)
    # The error is the mean over all columns, as for a single output.
    error = ((true.to_numpy() - predicted.to_numpy()) ** 2).mean()
    assert tables["result"]["mean_squared_error"][0] == pytest.approx(error, rel=1e-4)
    form = prediction_form(method="predict" if is_regression else "predict_proba")
    fitted = tmp_path / "out" / "fitted.zip"
    assert run_tool("model_prediction", form, estimator=fitted, features=MEASURES, outfile_predict="p") == 0
    rows = tables["split"].query("part == 'validation'").index
    again = pd.read_csv(tmp_path / "out" / "p", sep="\t").iloc[rows]
    np.testing.assert_allclose(np.sort(again, axis=0), np.sort(predicted, axis=0), rtol=1e-4)
