"""Training and prediction refuse hostile Matrix Market files with one message and never misread them."""

import pytest
from examples.default_forms import prediction_form, training_form
from examples.scripts import TEST_DATA
from hypothesis import given, settings
from hypothesis import strategies as st

from hostile.harness import check_refused
from hostile.sparse import fuzz, samples

SAMPLES = dict(samples())


@pytest.fixture
def refuse(start_tool, write_form, tmp_path):
    """Return a function that runs a tool on a hostile matrix and checks that it is refused."""

    def run(tool, name, form, output, **files):
        (tmp_path / "x.mtx").write_bytes(SAMPLES[name])
        files = {"inputs": write_form(form), "features": tmp_path / "x.mtx", output: tmp_path / "output", **files}
        check_refused(start_tool(tool).run(*(f"--{option}={path}" for option, path in files.items())), [files[output]])

    return run


@pytest.mark.parametrize("name", SAMPLES)
def test_training_refuses_a_hostile_matrix(refuse, name):
    files = {"estimator": TEST_DATA / "species_estimator.zip", "target": TEST_DATA / "iris_species.tabular"}
    refuse("keras_train_and_eval", name, training_form(kind="sparse"), "outfile-result", **files)


@pytest.mark.parametrize("name", SAMPLES)
def test_prediction_refuses_a_hostile_matrix(refuse, name):
    estimator = TEST_DATA / "fitted_species.zip"
    refuse("model_prediction", name, prediction_form(kind="sparse"), "outfile-predict", estimator=estimator)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
def test_a_changed_matrix_is_read_like_the_simple_reader_does_or_refused(seed):
    fuzz(seed)
