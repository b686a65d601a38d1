"""Load the network of a fitted estimator and put features into the order of the training."""

import tempfile
from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from galaxy_keras.data.table_hints import explain_names
from galaxy_keras.data.tables import Features
from galaxy_keras.errors import EstimatorError, InputError
from galaxy_keras.estimator.archive import extract_weights
from galaxy_keras.estimator.consistency import check_estimator
from galaxy_keras.estimator.contents import Estimator, Fitted
from galaxy_keras.estimator.file import read_estimator
from galaxy_keras.estimator.fitted_checks import fit_network
from galaxy_keras.estimator.predictions import check_numbers
from galaxy_keras.estimator.weights_file import check_weights, load_weights, WEIGHTS_SUFFIX
from galaxy_keras.log import say
from galaxy_keras.messages import list_some
from galaxy_keras.network.architecture import build_model
from galaxy_keras.network.inputs import fit_features, NetworkInput

if TYPE_CHECKING:
    import keras

# Number of rows per batch in predictions.
BATCH_SIZE = 256


@dataclass(frozen=True)
class FittedNetwork:
    """A network and the rows to predict.

    Attributes
    ----------
    inputs
        Features in the shape that the network expects.
    feature_names
        Names of the columns from the table or the estimator; None if both have none.
    """

    model: "keras.Model"
    fitted: Fitted
    inputs: NetworkInput
    feature_names: list[str] | None

    def predict(self, values: np.ndarray | None = None) -> np.ndarray:
        """Return the network's outputs for its rows or for other features, shape (n_samples, n_outputs)."""
        from galaxy_keras.network.batches import predict_rows

        inputs = self.inputs if values is None else replace(self.inputs, values=values)
        outputs = predict_rows(self.model, inputs, np.arange(inputs.values.shape[0]), BATCH_SIZE)
        check_numbers(outputs)
        return outputs


def read_fitted_estimator(path: Path) -> Estimator:
    """Read a fitted estimator.

    Raises
    ------
    EstimatorError
        The file is damaged or the estimator is not fitted.
    """
    estimator = read_estimator(path)
    if estimator.fitted is None:
        raise EstimatorError(
            "estimator: found an estimator that has not been trained; expected the fitted estimator of 'Deep learning "
            "training and evaluation'"
        )
    return estimator


def load_network(estimator: Estimator, path: Path, features: Features, weights: Path | None = None) -> FittedNetwork:
    """Build the network of a fitted estimator for a table of features.

    Parameters
    ----------
    path
        The estimator file, which contains the weights.
    weights
        Weights that replace those in the file.

    Raises
    ------
    InputError
        The features or the weights do not fit the estimator.
    """
    model, fitted = load_model(estimator, path, weights), estimator.require_fitted()
    order = order_columns(features.names, fitted, features.source.name)
    if order is not None:
        features = replace(features, values=features.values[:, order], names=fitted.feature_names)
    inputs = fit_features(model, features)
    return FittedNetwork(model, fitted, inputs, features.names or fitted.feature_names)


def load_model(estimator: Estimator, path: Path, weights: Path | None = None) -> "keras.Model":
    """Build the network of a fitted estimator with its weights; see :func:`load_network`."""
    with tempfile.TemporaryDirectory() as folder:
        name = "weights"
        if weights is None:
            name, weights = "estimator, model.weights.h5", Path(folder) / f"model{WEIGHTS_SUFFIX}"
            extract_weights(path, weights)
        # All checks run before memory is allocated for the network.
        skeleton = _build_fitted(estimator, without_memory=True)
        check_estimator(estimator, skeleton)
        check_weights(skeleton, weights, name)
        model = _build_fitted(estimator)
        load_weights(model, weights, name)
    return model


def _build_fitted(estimator: Estimator, without_memory: bool = False) -> "keras.Model":
    """Build the network of a fitted estimator for its number of features."""
    import keras

    with keras.StatelessScope(initialize_variables=False) if without_memory else nullcontext():
        model = build_model(estimator.architecture, "estimator, architecture.json")
        fit_network(model, estimator.require_fitted())
    return model


def order_columns(found: list[str] | None, fitted: Fitted, table: str) -> list[int] | None:
    """Return the positions of the training's columns in a table, matched by name if both tables have names.

    Parameters
    ----------
    found
        Column names of the table, or None.
    table
        Name of the table in messages.

    Returns
    -------
    list of int or None
        Position of each column of the training; None if the order is correct or unknown.

    Raises
    ------
    InputError
        A column of the training is missing or duplicated, or the table has another column.
    """
    expected = fitted.feature_names
    if expected is None or found is None or expected == found:
        return None
    positions = {name: position for position, name in enumerate(found)}
    known, counts = set(expected), Counter(found)
    problems = {
        "missing": [name for name in expected if name not in positions],
        "unknown": [name for name in counts if name not in known],
        "duplicate": [name for name, count in counts.items() if count > 1],
    }
    listed = ", ".join(f"{problem}: {list_some(names)}" for problem, names in problems.items() if names)
    if listed:
        raise InputError(
            f"{table}: found other columns ({listed}); expected the {len(expected)} columns that the estimator "
            f"was trained on, each once{explain_names(found, expected)}"
        )
    say("The columns were reordered by name to the order of the training")
    return [positions[name] for name in expected]
