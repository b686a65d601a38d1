"""Hostile Matrix Market files: refused in one sentence by each tool that reads them, never read wrongly."""

import pytest
from conftest import TEST_DATA
from forms import prediction_form, training_form
from hostile.harness import check_refused, ToolRunner
from hostile.sparse import fuzz, samples
from hypothesis import given, settings
from hypothesis import strategies as st

SAMPLES = dict(samples())


@pytest.fixture(scope="module")
def training():
    with ToolRunner("keras_train_and_eval") as runner:
        yield runner


@pytest.fixture(scope="module")
def prediction():
    with ToolRunner("model_prediction") as runner:
        yield runner


@pytest.mark.parametrize("name", SAMPLES)
def test_a_hostile_matrix_is_refused_by_training(training, write_form, tmp_path, name):
    (tmp_path / "x.mtx").write_bytes(SAMPLES[name])
    files = {
        "--inputs": write_form(training_form(kind="sparse")),
        "--estimator": TEST_DATA / "species_estimator.zip",
        "--features": tmp_path / "x.mtx",
        "--target": TEST_DATA / "iris_species.tabular",
        "--outfile-result": tmp_path / "result",
    }
    check_refused(training.run(*(part for pair in files.items() for part in pair)), [tmp_path / "result"])


@pytest.mark.parametrize("name", SAMPLES)
def test_a_hostile_matrix_is_refused_by_prediction(prediction, write_form, tmp_path, name):
    (tmp_path / "x.mtx").write_bytes(SAMPLES[name])
    files = {
        "--inputs": write_form(prediction_form(kind="sparse")),
        "--estimator": TEST_DATA / "fitted_species.zip",
        "--features": tmp_path / "x.mtx",
        "--outfile-predict": tmp_path / "predictions",
    }
    check_refused(prediction.run(*(part for pair in files.items() for part in pair)), [tmp_path / "predictions"])


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
def test_a_changed_matrix_is_read_as_line_by_line_or_refused(seed):
    fuzz(seed)
