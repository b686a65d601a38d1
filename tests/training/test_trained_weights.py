"""Trainings of fitted estimators, and trainings whose weights or labels cannot be saved."""

from dataclasses import replace

import pandas as pd
import pytest
from examples.default_forms import OUTPUTS, training_form
from examples.scripts import TEST_DATA

from galaxy_keras.catalog.optimizers import make_optimizer
from galaxy_keras.estimator.file import read_estimator, write_estimator

TOOL = "keras_train_and_eval"
MEASURES, SPECIES = TEST_DATA / "iris_measures.tabular", TEST_DATA / "iris_species.tabular"


def test_a_fitted_estimator_is_trained_with_new_weights(run_tool, tmp_path, capsys):
    results = []
    for name in ("fitted_species.zip", "species_estimator.zip"):
        files = {"estimator": TEST_DATA / name, "features": MEASURES, "target": SPECIES}
        assert run_tool(TOOL, training_form(overrides=[("epochs", "2")]), **files, **OUTPUTS) == 0
        results.append(((tmp_path / "out" / "result").read_text(), capsys.readouterr().out))
    line = "The weights of the fitted estimator are not used; training starts with new weights\n"
    assert line in results[0][1]
    assert line not in results[1][1]
    assert results[0][0] == results[1][0]


def test_a_prefitted_estimator_is_refused(run_tool, check_refusal, tmp_path):
    form = {"mode_selection": {"mode_type": "prefitted"}}
    files = {
        "architecture": TEST_DATA / "dense_classifier_architecture.json",
        "weights": TEST_DATA / "dense_classifier.weights.h5",
    }
    assert run_tool("keras_model_builder", form, **files, outfile="e.zip") == 0
    prefitted = (tmp_path / "out" / "e.zip").rename(tmp_path / "e.zip")
    files = {"estimator": prefitted, "features": MEASURES, "target": SPECIES}
    line = check_refusal(TOOL, training_form(), **files, **OUTPUTS)
    assert "estimator: found one made from trained weights (mode prefitted), which has no training settings" in line


def test_a_training_with_weights_that_are_not_finite_fails(check_refusal, tmp_path):
    """The last step makes them infinite, so that the loss of every epoch is finite."""
    estimator = read_estimator(TEST_DATA / "species_estimator.zip")
    fit = replace(estimator.fit, epochs=1, batch_size=150)
    optimizer = make_optimizer("SGD", {"learning_rate": 3e38})
    write_estimator(tmp_path / "e.zip", replace(estimator, fit=fit, optimizer=optimizer))
    features = pd.read_csv(MEASURES, sep="\t") * 1000
    features.to_csv(tmp_path / "x.tsv", sep="\t", index=False)
    files = {"estimator": tmp_path / "e.zip", "features": tmp_path / "x.tsv", "target": SPECIES}
    line = check_refusal(TOOL, training_form(scheme="train_all"), **files, **OUTPUTS)
    assert "training: found NaN or infinity in the trained weights hidden/kernel;" in line
    assert "expected a learning_rate below 3e+38, clipnorm=1" in line


@pytest.mark.parametrize("length", [10_000, 10_001])
def test_a_label_that_is_too_long_for_an_estimator_is_refused_before_the_training(run_tool, tmp_path, capsys, length):
    labels = pd.read_csv(SPECIES, sep="\t").replace("setosa", "s" * length)
    labels.to_csv(tmp_path / "y.tsv", sep="\t", index=False)
    files = {"estimator": TEST_DATA / "species_estimator.zip", "features": MEASURES, "target": tmp_path / "y.tsv"}
    code = run_tool(TOOL, training_form(overrides=[("epochs", "1")]), **files, **OUTPUTS)
    streams = capsys.readouterr()
    assert code == (length > 10_000)
    assert ("found 10,001 characters" in streams.err) == (length > 10_000)
    assert ("Epoch 1" in streams.out) == (length <= 10_000)
