"""Training and prediction refuse hostile tables with one message and never misread them."""

import pytest
from examples.default_forms import prediction_form, training_form
from examples.scripts import TEST_DATA
from hypothesis import given, settings
from hypothesis import strategies as st

from hostile.harness import check_refused
from hostile.tables import fuzz, samples, target_samples

SAMPLES, TARGETS = dict(samples()), dict(target_samples())
# The fitted estimator stores the column names, which must match those of the table.
ESTIMATOR, FITTED = TEST_DATA / "species_estimator.zip", TEST_DATA / "fitted_species.zip"
FEATURES, SPECIES = TEST_DATA / "iris_measures.tabular", TEST_DATA / "iris_species.tabular"


@pytest.fixture
def train(start_tool, write_form, tmp_path):
    def run(features, target):
        files = ["--estimator", ESTIMATOR, "--features", features, "--target", target]
        inputs = ["--inputs", write_form(training_form())]
        return start_tool("keras_train_and_eval").run(*inputs, *files, "--outfile-result", tmp_path / "result")

    return run


@pytest.mark.parametrize("name", SAMPLES)
def test_training_refuses_a_hostile_table_of_features(train, tmp_path, name):
    (tmp_path / "x").write_bytes(SAMPLES[name])
    check_refused(train(tmp_path / "x", SPECIES), [tmp_path / "result"])


@pytest.mark.parametrize("name", TARGETS)
def test_training_refuses_a_hostile_target(train, tmp_path, name):
    (tmp_path / "y").write_bytes(TARGETS[name])
    check_refused(train(FEATURES, tmp_path / "y"), [tmp_path / "result"])


@pytest.mark.parametrize("name", SAMPLES)
def test_prediction_refuses_a_hostile_table_of_features(start_tool, write_form, tmp_path, name):
    (tmp_path / "x").write_bytes(SAMPLES[name])
    files = ["--inputs", write_form(prediction_form()), "--estimator", FITTED, "--features", tmp_path / "x"]
    check_refused(start_tool("model_prediction").run(*files, "--outfile-predict", tmp_path / "p"), [tmp_path / "p"])


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
def test_a_changed_table_is_read_like_the_simple_reader_does_or_refused(seed):
    fuzz(seed)
