"""Cross-validation, and trainings on all rows."""

import json

import numpy as np
import pandas as pd
import pytest
from examples.trainings import check_same_weights, CLASSES, FOLDS, MEASURES, read_species, SPARSE
from examples.weights import list_arrays
from sklearn import metrics

from galaxy_keras.estimator.contents import FitParameters
from galaxy_keras.estimator.file import read_estimator

TWO_FOLDS = {**FOLDS, "n_splits": 2}
STOP = {"class_name": "EarlyStopping", "config": {"monitor": "val_loss", "min_delta": 1000.0, "patience": 1}}


def test_the_result_has_the_scores_of_each_fold_their_mean_and_deviation(cross_validation):
    tables = cross_validation.tables
    result, split = tables["result"], tables["split"]
    assert result["fold"].tolist() == ["1", "2", "3", "mean", "standard deviation"]
    start = 0
    for number in (1, 2, 3):
        count = (split[f"fold_{number}"] == "test").sum()
        rows = slice(start, start + count)
        accuracy = metrics.accuracy_score(tables["true"]["species"][rows], tables["predicted"]["Predicted"][rows])
        assert result["accuracy"][number - 1] == pytest.approx(accuracy, abs=1e-6)
        start += count
    folds = result["accuracy"][:3]
    assert result["accuracy"][3:].tolist() == pytest.approx([folds.mean(), folds.std(ddof=1)])
    assert sorted(split.filter(like="fold").apply(lambda row: (row == "test").sum(), axis=1).unique()) == [1]
    assert tables["history"]["fold"].tolist() == ["1"] * 3 + ["2"] * 3 + ["3"] * 3 + ["all rows"] * 3


def test_the_refit_and_a_training_on_all_rows_have_the_weights_of_a_keras_script(
    cross_validation, full_training, tmp_path
):
    import keras

    keras.utils.set_random_seed(9)
    architecture = read_estimator(cross_validation.estimator).architecture
    network = keras.models.model_from_json(json.dumps(architecture))
    network.compile(keras.optimizers.Adam(0.03), loss=SPARSE, metrics=["accuracy"])
    x, y = pd.read_csv(MEASURES, sep="\t").to_numpy(dtype=np.float32), np.searchsorted(CLASSES, read_species())
    network.fit(x, y, epochs=3, batch_size=16, verbose=0)
    network.save_weights(tmp_path / "script.weights.h5")
    expected = list_arrays(tmp_path / "script.weights.h5")
    check_same_weights(cross_validation.weights, expected)
    check_same_weights(full_training.weights, expected)


def test_a_training_on_all_rows_names_its_scores_as_those_of_training_rows(full_training):
    tables = full_training.tables
    assert list(tables["result"]) == ["train_loss", "train_accuracy"]
    assert len(tables["true"]) == 150
    assert set(tables["split"]["part"]) == {"train"}
    assert list(tables["history"]) == ["epoch", "accuracy", "loss"]
    assert "Rows: 150 train, 0 validate, 150 evaluate (the training rows)" in full_training.log


def test_the_validation_split_of_an_estimator_is_not_used(train, make_estimator, full_training, tmp_path):
    """Published estimators have it; Keras would take these rows from the training rows."""
    tables = train(make_estimator(fit=FitParameters(epochs=3, batch_size=16, validation_split=0.5)), scheme="train_all")
    assert list(tables["history"]) == ["epoch", "accuracy", "loss"]
    check_same_weights(list_arrays(tmp_path / "out" / "weights.h5"), full_training.weights)


def test_folds_without_refit_write_no_estimator(train, make_estimator, tmp_path):
    outputs = {"outfile_result": "result", "outfile_object": "fitted.zip", "outfile_weights": "weights.h5"}
    train(make_estimator(fit=FitParameters(epochs=1)), folds={**TWO_FOLDS, "refit": False}, outputs=outputs)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["result"]


def test_validation_rows_of_a_fold_are_taken_from_its_training_rows(train, make_estimator):
    estimator = make_estimator(fit=FitParameters(epochs=9, batch_size=16, callbacks=[STOP]))
    tables = train(estimator, folds={**TWO_FOLDS, "validation_size": 20.0})
    assert tables["split"]["fold_2"].value_counts().to_dict() == {"train": 55, "test": 75, "validation": 20}
    assert tables["history"].groupby("fold").size().to_dict() == {"1": 2, "2": 2, "all rows": 2}


def test_a_callback_that_monitors_missing_validation_rows_is_refused(check_training_refusal, make_estimator):
    estimator = make_estimator(fit=FitParameters(epochs=2, batch_size=16, callbacks=[STOP]))
    line = check_training_refusal(estimator, scheme="train_all")
    assert "EarlyStopping: found monitor val_loss without validation rows; expected loss" in line
