"""Predict labels, probabilities or values for new rows with a fitted Keras estimator."""

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TYPE_CHECKING

import numpy as np

from galaxy_keras.architecture import build_model
from galaxy_keras.columns import ColumnChoice
from galaxy_keras.errors import EstimatorError, InputError, run_script
from galaxy_keras.estimator_file import Estimator, extract_weights, read_estimator
from galaxy_keras.form import read_form
from galaxy_keras.keras_runtime import configure_keras, describe_runtime
from galaxy_keras.network_input import fit_features
from galaxy_keras.predictions import name_predictions, name_probabilities
from galaxy_keras.tables import Features, read_features, TableSource, write_table
from galaxy_keras.weights_file import load_weights, WEIGHTS_SUFFIX

if TYPE_CHECKING:
    import keras

FEATURES = "Training samples dataset"
# Rows that go through the network at a time.
BATCH_SIZE = 256


@dataclass(frozen=True)
class PredictionForm:
    """What a person asked for: ``method`` is ``predict`` or ``predict_proba``."""

    method: str
    features: TableSource

    @classmethod
    def from_document(cls, document: dict[str, Any], features: Path) -> "PredictionForm":
        """Read the form's JSON document."""
        inputs = document["input_options"]
        columns = ColumnChoice.from_form(inputs["column_selector_options_1"], "selected_column_selector_option", "col1")
        return cls(document["method"], TableSource(features, FEATURES, bool(inputs["header1"]), columns))


def parse_arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=Path, required=True, help="the form's values, JSON")
    parser.add_argument("--estimator", type=Path, required=True, help="fitted estimator, zip")
    parser.add_argument("--weights", type=Path, help="weights that replace the estimator's own, h5")
    parser.add_argument("--features", type=Path, required=True, help="samples, tabular")
    parser.add_argument("--outfile-predict", type=Path, required=True, help="predictions, tabular")
    return parser.parse_args(argv)


def order_columns(features: Features, estimator: Estimator) -> Features:
    """Bring the columns in the order of the training, by name where both tables have names.

    Raises
    ------
    InputError
        A column of the training is missing, or there is one more.
    """
    expected, found = estimator.fitted.feature_names, features.names
    if expected is None or found is None or expected == found:
        return features
    missing = [name for name in expected if name not in found]
    extra = [name for name in found if name not in expected]
    if missing or extra or len(found) != len(expected):
        problems = [f"no column {name!r}" for name in missing[:5]] + [
            f"the unknown column {name!r}" for name in extra[:5]
        ]
        raise InputError(
            f"{features.source.name}: found {', '.join(problems) or 'a column name twice'}; expected the "
            f"{len(expected)} columns that the estimator was trained on"
        )
    print("Columns were put in the order of the training by their names")
    order = [found.index(name) for name in expected]
    return Features(features.values[:, order], expected, features.source)


def load_model(estimator: Estimator, path: Path, weights: Path | None, features: Features):
    """Build the fitted network, with the weights in the zip or with those given beside it."""
    model = build_model(estimator.architecture)
    inputs = fit_features(model, features)
    if weights is not None:
        load_weights(model, weights, "weights")
        return model, inputs
    with tempfile.TemporaryDirectory() as folder:
        extracted = Path(folder) / f"model{WEIGHTS_SUFFIX}"
        extract_weights(path, extracted)
        load_weights(model, extracted, "estimator, model.weights.h5")
    return model, inputs


def predict(model: "keras.Model", inputs: np.ndarray) -> np.ndarray:
    """Give the network's outputs, shape (n_samples, n_outputs)."""
    outputs = model.predict(inputs, batch_size=BATCH_SIZE, verbose=0)
    return outputs.reshape(len(outputs), -1)


def main(argv: list[str] | None = None) -> None:
    """Read, check, predict, write."""
    arguments = parse_arguments(argv)
    form = PredictionForm.from_document(read_form(arguments.inputs), arguments.features)
    configure_keras()
    estimator = read_estimator(arguments.estimator)
    if estimator.fitted is None:
        raise EstimatorError(
            "estimator: found an estimator that has not been trained; expected the fitted estimator of 'Deep learning "
            "training and evaluation'"
        )
    features = order_columns(read_features(form.features), estimator)
    model, inputs = load_model(estimator, arguments.estimator, arguments.weights, features)
    print(describe_runtime(), flush=True)
    name = name_probabilities if form.method == "predict_proba" else name_predictions
    write_table(arguments.outfile_predict, name(predict(model, inputs), estimator.fitted))
    print(f"{len(inputs)} rows predicted")


if __name__ == "__main__":
    sys.exit(run_script(main))
