"""The three tools that read estimators refuse hostile files with one message and exit code 1, within limits."""

import pytest
from examples.default_forms import make_selection, OUTPUTS, prediction_form, training_form
from examples.scripts import TEST_DATA
from hypothesis import given, settings
from hypothesis import strategies as st

from hostile.estimators import fuzz, samples
from hostile.harness import check_all_refused

FEATURES = TEST_DATA / "iris_measures.tabular"
SPECIES = TEST_DATA / "iris_species.tabular"
ALL = {"selected_column_selector_option": "all_columns"}
IMPORTANCES = make_selection(plot_type="feature_importances", header1=True, column_selector_options=ALL)


@pytest.fixture
def check_all(start_tool, tmp_path):
    """Return a function that runs a tool on hostile estimators and checks that each is refused."""

    def check(tool, job, option, chosen):
        arguments, outputs = job
        path = tmp_path / "e.zip"
        check_all_refused(start_tool(tool), [*arguments, option, path], path, chosen, outputs)

    return check


@pytest.fixture
def predict(tmp_path, write_form):
    """Return the arguments and outputs of a prediction, without the estimator."""
    arguments = ["--inputs", write_form(prediction_form()), "--features", FEATURES]
    output = tmp_path / "predicted"
    return [*arguments, "--outfile-predict", output], [output]


@pytest.fixture
def train(tmp_path, write_form):
    """Return the arguments and outputs of a training, without the estimator."""
    outputs = {name: tmp_path / f"{name}.out" for name in OUTPUTS}
    named = [part for name, path in outputs.items() for part in (f"--{name.replace('_', '-')}", path)]
    arguments = ["--inputs", write_form(training_form()), "--features", FEATURES, "--target", SPECIES]
    return [*arguments, *named], list(outputs.values())


@pytest.fixture
def plot(tmp_path, write_form):
    """Return the arguments and outputs of a plot of importances, without the estimator."""
    output = tmp_path / "plot.png"
    return ["--inputs", write_form({"plotting_selection": IMPORTANCES}), "--infile1", FEATURES, "--output", output], [
        output
    ]


def test_prediction_refuses_hostile_estimators(check_all, predict):
    check_all("model_prediction", predict, "--estimator", samples())


def test_training_refuses_hostile_estimators(check_all, train):
    # A training does not read the weights and results of an earlier training.
    unread = ("fitted", "archive: bomb in model.weights.h5", "archive: bad checksum")
    chosen = [sample for sample in samples() if not sample[0].startswith(unread)]
    check_all("keras_train_and_eval", train, "--estimator", chosen[::6])


def test_plots_refuse_hostile_estimators(check_all, plot):
    check_all("ml_visualization_ex", plot, "--infile-estimator", list(samples())[::12])


@settings(max_examples=40, derandomize=True, deadline=None, database=None)
@given(st.integers(0, 2**32 - 1))
def test_changed_estimators_are_read_or_refused(seed):
    fuzz(seed)
