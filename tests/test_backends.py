"""Keras' other backends: nothing of the suite's is bound to TensorFlow where Keras has a neutral way."""

import json

import pandas as pd
import pytest
from conftest import run_as_user, TEST_DATA
from forms import prediction_form, training_form

MEASURES = TEST_DATA / "iris_measures.tabular"
SPECIES = TEST_DATA / "iris_species.tabular"


def run(tool, folder, form, **files):
    inputs = folder / f"{tool}.json"
    inputs.write_text(json.dumps(form))
    options = [f"--{name.replace('_', '-')}={path}" for name, path in files.items()]
    done = run_as_user(tool, f"--inputs={inputs}", *options)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_jax_trains_what_tensorflow_predicts_with(tmp_path, monkeypatch):
    pytest.importorskip("jax")
    fitted, measures = tmp_path / "fitted.zip", {"features": MEASURES}
    outputs = {"outfile_object": fitted, "outfile_weights": tmp_path / "weights.h5"}
    estimator = TEST_DATA / "species_estimator.zip"
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    form = training_form(folds={"n_splits": 3, "split_algos": {"shuffle": "stratified", "random_state": 1}})
    result = tmp_path / "result"
    outputs = {**outputs, "outfile_result": result, "outfile_report": tmp_path / "report.html"}
    said = run("keras_train_and_eval", tmp_path, form, estimator=estimator, **measures, target=SPECIES, **outputs)
    assert ", jax " in said.splitlines()[0]
    assert pd.read_csv(result, sep="\t").set_index("fold")["accuracy"]["mean"] > 0.8
    predicted = {}
    for backend in ("jax", "tensorflow"):
        monkeypatch.setenv("KERAS_BACKEND", backend)
        path = tmp_path / backend
        form = prediction_form(method="predict_proba")
        run("model_prediction", tmp_path, form, estimator=fitted, **measures, outfile_predict=path)
        predicted[backend] = pd.read_csv(path, sep="\t")
    pd.testing.assert_frame_equal(predicted["jax"], predicted["tensorflow"], rtol=1e-4)
