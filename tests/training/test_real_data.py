"""Trainings of a small network, without tuning, on the data sets of scikit-learn."""

import json

import numpy as np
import pandas as pd
import pytest
from examples.default_forms import training_form
from sklearn import datasets, metrics

from galaxy_keras.catalog.losses_and_metrics import read_loss, read_metric
from galaxy_keras.catalog.optimizers import make_optimizer
from galaxy_keras.estimator.contents import Estimator, FitParameters
from galaxy_keras.estimator.file import write_estimator

DATA = {
    "breast cancer": (datasets.load_breast_cancer, 1, "sigmoid", "binary_crossentropy"),
    "wine": (datasets.load_wine, 3, "softmax", "categorical_crossentropy"),
    "digits": (datasets.load_digits, 10, "softmax", "sparse_categorical_crossentropy"),
    "diabetes": (datasets.load_diabetes, 1, "linear", "mean_squared_error"),
}


@pytest.fixture
def prepare(tmp_path):
    """Write a data set as two tables, with standardized features, and an estimator for it."""

    def prepare(load, outputs, activation, loss):
        import keras

        data = load()
        columns = pd.DataFrame(data.data)
        columns = (columns - columns.mean()) / columns.std().replace(0, 1)
        target = data.target / data.target.std() if activation == "linear" else np.array(data.target_names)[data.target]
        columns.to_csv(tmp_path / "x.tsv", sep="\t", index=False)
        pd.DataFrame({"y": target}).to_csv(tmp_path / "y.tsv", sep="\t", index=False)
        network = keras.Sequential(
            [
                keras.Input((columns.shape[1],)),
                keras.layers.Dense(32, activation="relu"),
                keras.layers.Dense(outputs, activation=activation),
            ]
        )
        is_regression = activation == "linear"
        estimator = Estimator(
            task="regression" if is_regression else "classification",
            loss=read_loss(loss),
            optimizer=make_optimizer("Adam", {"learning_rate": 0.01}),
            metrics=[read_metric("mean_squared_error" if is_regression else "accuracy")],
            fit=FitParameters(epochs=15, batch_size=32),
            seed=0,
            architecture=json.loads(network.to_json()),
        )
        write_estimator(tmp_path / "estimator.zip", estimator)
        return {"estimator": tmp_path / "estimator.zip", "features": tmp_path / "x.tsv", "target": tmp_path / "y.tsv"}

    return prepare


@pytest.mark.parametrize("name", DATA)
def test_a_small_network_predicts_better_than_a_constant(prepare, run_tool, tmp_path, name):
    split = {"shuffle": "simple", "test_size": 0.25, "random_state": 0}
    outputs = {"outfile_result": "r", "outfile_y_true": "t", "outfile_y_preds": "p", "outfile_report": "report.html"}
    files = prepare(*DATA[name])
    assert run_tool("keras_train_and_eval", training_form(split=split, validation=split), **files, **outputs) == 0
    result, true, predicted = (pd.read_csv(tmp_path / "out" / table, sep="\t") for table in "rtp")
    truth, guess = true["y"], predicted["Predicted"]
    if name == "diabetes":
        assert result["r2"][0] == pytest.approx(metrics.r2_score(truth, guess), abs=1e-5)
        assert result["r2"][0] > 0
    else:
        assert result["accuracy"][0] == pytest.approx(metrics.accuracy_score(truth, guess), abs=1e-6)
        assert result["accuracy"][0] > 0.9
    report = (tmp_path / "out" / "report.html").read_text()
    assert len(report) < 1_000_000
    correct = f"The network predicts {(truth == guess).sum()} of {len(truth)} test rows correctly"
    assert ("Predicted against true y" if name == "diabetes" else correct) in report
