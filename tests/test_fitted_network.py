"""A fitted estimator at work: its columns, its weights, its outputs."""

from pathlib import Path

import numpy as np
import pytest

from galaxy_keras.columns import ColumnChoice
from galaxy_keras.errors import EstimatorError, InputError
from galaxy_keras.fitted_network import load_network, read_fitted_estimator
from galaxy_keras.tables import read_features, TableSource

TEST_DATA = Path(__file__).resolve().parent.parent / "test-data"
SPECIES = TEST_DATA / "fitted_species.zip"


def load(features, weights=None, path=SPECIES):
    return load_network(read_fitted_estimator(path), path, features, weights)


def read(name: str, columns: tuple[int, ...] = ()) -> object:
    choice = ColumnChoice("by_index_number", columns) if columns else ColumnChoice()
    return read_features(TableSource(TEST_DATA / name, "features", True, choice))


def test_outputs_are_those_of_the_rows_in_any_order_of_columns():
    network = load(read("iris_measures.tabular"))
    outputs = network.predict()
    assert outputs.shape == (150, 3)
    np.testing.assert_allclose(outputs.sum(axis=1), 1, rtol=1e-5)
    other = load(read("iris_measures_other_order.tabular"))
    np.testing.assert_allclose(other.predict(), outputs, rtol=1e-5)
    assert other.feature_names == network.feature_names == read("iris_measures.tabular").names


def test_other_rows_of_the_same_shape_can_be_predicted():
    network = load(read("iris_measures.tabular"))
    np.testing.assert_allclose(network.predict(network.inputs.values[10:13]), network.predict()[10:13], rtol=1e-5)


def test_weights_beside_the_estimator_replace_its_own():
    features = read("iris_measures.tabular")
    network = load(features, TEST_DATA / "fitted_species.weights.h5")
    np.testing.assert_allclose(network.predict(), load(features).predict(), rtol=1e-5)
    with pytest.raises(EstimatorError, match="weights: found"):
        load(features, TEST_DATA / "fitted_petal_width.weights.h5")


def test_missing_columns_are_named():
    with pytest.raises(InputError, match="features: found no column 'petal_width'; expected the 4 columns"):
        load(read("iris_measures.tabular", (1, 2, 3)))


def test_an_estimator_that_was_not_trained_is_refused():
    with pytest.raises(EstimatorError, match="found an estimator that has not been trained"):
        read_fitted_estimator(TEST_DATA / "species_estimator.zip")
