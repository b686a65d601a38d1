"""Fixtures for tests of the builder."""

import pytest
from examples.default_forms import builder_form
from examples.scripts import TEST_DATA

from galaxy_keras.estimator.file import read_estimator


@pytest.fixture
def build(run_tool, tmp_path):
    """Return a function that creates an estimator with the builder and reads it."""

    def build(architecture=TEST_DATA / "lstm_architecture.json", **changes):
        assert run_tool("keras_model_builder", builder_form(**changes), architecture=architecture, outfile="e.zip") == 0
        return read_estimator(tmp_path / "out" / "e.zip")

    return build
