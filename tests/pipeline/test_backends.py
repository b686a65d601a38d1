"""Training with the JAX backend of Keras."""

import json
from dataclasses import replace

import h5py
import numpy as np
import pandas as pd
import pytest
from examples.default_forms import prediction_form, training_form
from examples.scripts import run_as_user, TEST_DATA

from dev.environments import program
from galaxy_keras.catalog.callbacks import read_callback
from galaxy_keras.estimator.file import read_estimator, write_estimator

MEASURES = TEST_DATA / "iris_measures.tabular"
SPECIES = TEST_DATA / "iris_species.tabular"
ESTIMATOR = TEST_DATA / "species_estimator.zip"
# An environment with Keras and JAX, without TensorFlow.
JAX_PYTHON = program("jax", "python")


@pytest.fixture
def run_on_jax(tmp_path, monkeypatch):
    """Return a function that runs a tool's script with JAX and returns its log."""

    def run(tool, form, **files):
        inputs = tmp_path / f"{tool}.json"
        inputs.write_text(json.dumps(form))
        options = [f"--{name.replace('_', '-')}={path}" for name, path in files.items()]
        with monkeypatch.context() as outside:
            outside.setenv("KERAS_BACKEND", "jax")
            done = run_as_user(tool, f"--inputs={inputs}", *options, python=JAX_PYTHON)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_tensorflow_predicts_with_an_estimator_trained_with_jax(run_on_jax, run_tool, tmp_path):
    """The network has two outputs with one target each."""
    out = tmp_path / "out"
    learnt = {"estimator": TEST_DATA / "two_targets_estimator.zip", "target": TEST_DATA / "iris_two_targets.tabular"}
    outputs = {"outfile_object": out / "fitted.zip", "outfile_weights": out / "weights.h5"}
    outputs |= {"outfile_result": out / "result", "outfile_report": out / "report.html"}
    form = training_form(folds={"n_splits": 3, "split_algos": {"shuffle": "stratified", "random_state": 1}})
    said = run_on_jax("keras_train_and_eval", form, features=MEASURES, **learnt, **outputs)
    assert ", jax " in said
    assert pd.read_csv(out / "result", sep="\t").set_index("fold")["accuracy"]["mean"] > 0.8
    form, files = prediction_form(method="predict_proba"), {"estimator": out / "fitted.zip", "features": MEASURES}
    run_on_jax("model_prediction", form, **files, outfile_predict=out / "jax")
    assert run_tool("model_prediction", form, **files, outfile_predict="tensorflow") == 0
    tables = [pd.read_csv(out / backend, sep="\t") for backend in ("jax", "tensorflow")]
    # 1 - p has the rounding error of p.
    pd.testing.assert_frame_equal(*tables, rtol=1e-4, atol=1e-6)


def test_early_stopping_restores_the_best_weights_with_jax(run_on_jax, tmp_path):
    """No epoch after the first improves by ``min_delta``: training stops two epochs later and restores the first."""
    stopping = {"monitor": "val_loss", "min_delta": 1000.0, "patience": 2, "restore_best_weights": True}
    estimator = read_estimator(ESTIMATOR)
    fit = replace(estimator.fit, epochs=9, callbacks=[read_callback("EarlyStopping", stopping)])
    weights = []
    for name, settings in (("stopped", fit), ("one_epoch", replace(fit, epochs=1, callbacks=[]))):
        write_estimator(tmp_path / "estimator.zip", replace(estimator, fit=settings))
        files = {"estimator": tmp_path / "estimator.zip", "features": MEASURES, "target": SPECIES}
        outputs = {"outfile_object": tmp_path / "fitted.zip", "outfile_weights": tmp_path / f"{name}.h5"}
        outputs |= {"outfile_result": tmp_path / "result", "outfile_history": tmp_path / f"{name}.tsv"}
        run_on_jax("keras_train_and_eval", training_form(), **files, **outputs)
        with h5py.File(outputs["outfile_weights"]) as file:
            weights.append([file[f"layers/{place}"][()] for place in ("dense/vars/0", "dense_1/vars/0")])
    assert pd.read_csv(tmp_path / "stopped.tsv", sep="\t")["epoch"].tolist() == [1, 2, 3]
    result, history = (pd.read_csv(tmp_path / name, sep="\t") for name in ("result", "one_epoch.tsv"))
    assert result["loss"][0] == pytest.approx(history["val_loss"][0], rel=1e-6)
    for kept, expected in zip(*weights, strict=True):
        np.testing.assert_array_equal(kept, expected)
