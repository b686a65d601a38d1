"""Columns, weights and outputs of a fitted estimator."""

import copy
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from galaxy_keras.data.tables import read_features, TableSource
from galaxy_keras.errors import EstimatorError, InputError
from galaxy_keras.estimator.fitted_network import load_model, load_network, order_columns, read_fitted_estimator
from galaxy_keras.forms.column_choices import ColumnChoice

TEST_DATA = Path(__file__).resolve().parents[2] / "test-data"
SPECIES = TEST_DATA / "fitted_species.zip"
MEASURES = ["sepal_length", "sepal_width", "petal_length", "petal_width"]


def load(features, weights=None, path=SPECIES):
    return load_network(read_fitted_estimator(path), path, features, weights)


def read(name: str, columns: tuple[int, ...] = ()) -> object:
    choice = ColumnChoice("by_index_number", columns) if columns else ColumnChoice()
    return read_features(TableSource(TEST_DATA / name, "features", True, choice))


def test_outputs_do_not_depend_on_the_order_of_named_columns():
    network = load(read("iris_measures.tabular"))
    outputs = network.predict()
    assert outputs.shape == (150, 3)
    np.testing.assert_allclose(outputs.sum(axis=1), 1, rtol=1e-5)
    other = load(read("iris_measures_other_order.tabular"))
    np.testing.assert_allclose(other.predict(), outputs, rtol=1e-5)
    assert other.feature_names == network.feature_names == read("iris_measures.tabular").names


def test_other_rows_of_the_same_shape_are_predicted():
    network = load(read("iris_measures.tabular"))
    np.testing.assert_allclose(network.predict(network.inputs.values[10:13]), network.predict()[10:13], rtol=1e-5)


def test_a_separate_weights_file_replaces_the_weights_of_the_estimator():
    features = read("iris_measures.tabular")
    network = load(features, TEST_DATA / "fitted_species.weights.h5")
    np.testing.assert_allclose(network.predict(), load(features).predict(), rtol=1e-5)
    with pytest.raises(EstimatorError, match="weights: found"):
        load(features, TEST_DATA / "fitted_petal_width.weights.h5")


def test_missing_columns_are_refused():
    with pytest.raises(InputError, match=r"features: found other columns \(missing: 'petal_width'\); expected the 4"):
        load(read("iris_measures.tabular", (1, 2, 3)))


def test_an_unfitted_estimator_is_refused():
    with pytest.raises(EstimatorError, match="found an estimator that has not been trained"):
        read_fitted_estimator(TEST_DATA / "species_estimator.zip")


def test_a_network_with_billions_of_weights_is_refused_before_memory_is_allocated():
    estimator = read_fitted_estimator(SPECIES)
    architecture = copy.deepcopy(estimator.architecture)
    hidden, output = architecture["config"]["layers"][1:]
    hidden["config"]["units"] = 10**9
    output["build_config"]["input_shape"] = [None, 10**9]
    with pytest.raises(InputError, match="found 8,000,000,003 parameters; expected at most 1,000,000,000"):
        load_model(replace(estimator, architecture=architecture), SPECIES)


def test_the_time_to_order_columns_is_proportional_to_their_number():
    # A linear search for each name took 21 s for 20,000 columns.
    names = [f"gene {number}" for number in range(200_000)]
    fitted = replace(read_fitted_estimator(SPECIES).fitted, feature_names=names)
    started = time.process_time()
    assert order_columns(names[::-1], fitted, "table") == list(reversed(range(200_000)))
    with pytest.raises(InputError, match=r"missing: 'gene 0', .* unknown: 'x0', .* and 199,995 more\); expected"):
        order_columns([f"x{number}" for number in range(200_000)], fitted, "table")
    assert time.process_time() - started < 20


@pytest.mark.parametrize(
    "found, message",
    [
        (["sepal_length", *MEASURES], "duplicate: 'sepal_length'\\); expected"),
        ([*MEASURES, "species"], "unknown: 'species'\\); expected"),
        (["5.1", "3.5", "1.4", "0.2"], "row 1 is not a header, but the header option is Yes"),
        (["a,b,c,d"], "commas between the columns instead of tabs"),
    ],
)
def test_other_columns_than_in_the_training_are_refused(found, message):
    with pytest.raises(InputError, match=message):
        order_columns(found, read_fitted_estimator(SPECIES).fitted, "table")
