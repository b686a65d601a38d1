"""The two tools that read weights refuse hostile files with one message and exit code 1, within limits."""

import pytest
from examples.default_forms import prediction_form
from examples.scripts import TEST_DATA
from hypothesis import given, settings
from hypothesis import strategies as st

from hostile.harness import check_all_refused
from hostile.weights import fuzz, samples

FEATURES = TEST_DATA / "iris_measures.tabular"


@pytest.fixture
def check_all(start_tool, tmp_path):
    """Return a function that runs a tool on hostile weights and returns the message by the name of the file."""

    def check(tool, arguments, output, chosen):
        path = tmp_path / "w.h5"
        messages = check_all_refused(start_tool(tool), [*arguments, "--weights", path], path, chosen, [output])
        assert [name for name, message in messages.items() if "weights" not in message] == []
        return messages

    return check


@pytest.fixture
def predict(check_all, tmp_path, write_form):
    arguments = ["--inputs", write_form(prediction_form()), "--features", FEATURES]
    arguments += ["--estimator", TEST_DATA / "fitted_species.zip", "--outfile-predict", tmp_path / "p"]
    return lambda: check_all("model_prediction", arguments, tmp_path / "p", samples())


def test_prediction_refuses_hostile_weights_with_the_reason(predict):
    messages = predict()
    for name, found in {
        "not a number": "hidden/kernel: found NaN or infinity",
        "deep groups": "more than 64 deep",
        "cycle of groups": "more than 64 deep",
        "gigabytes compressed": "compressed data",
        "gigabytes unstored": "10,000,000,000 numbers that it does not contain",
        "external link": "found a link",
        "keras 2 weights": "weights in the format of Keras 2; expected Keras 3 weights: in Python",
        "keras 2 model": "a whole model in the HDF5 format of Keras 2; expected Keras 3 weights: in Python",
        "galaxy ml model": "a model in Galaxy-ML's format h5mlm",
        "a .keras file": "a whole model in Keras' format .keras; expected Keras 3 weights: in Python",
        "an estimator": "an estimator; expected weights",
        "an architecture": "an architecture (JSON); expected the network's weights",
        "JSON": "a JSON file",
        "a pickle": "a pickle",
        "a table": "a text file",
        "an empty file": "an empty file",
        "one layer more": "195 weights; expected 131",
    }.items():
        assert found in messages[name], (name, messages[name])


def test_the_builder_refuses_hostile_weights(check_all, tmp_path, write_form):
    form = write_form({"mode_selection": {"mode_type": "prefitted"}})
    architecture = TEST_DATA / "dense_classifier_architecture.json"
    arguments = ["--inputs", form, "--architecture", architecture, "--outfile", tmp_path / "e.zip"]
    check_all("keras_model_builder", arguments, tmp_path / "e.zip", list(samples())[::6])


@settings(max_examples=40, derandomize=True, deadline=None, database=None)
@given(st.integers(0, 2**32 - 1))
def test_changed_weights_are_read_or_refused(seed):
    fuzz(seed)
