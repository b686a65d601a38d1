"""Predict labels, probabilities or values for new rows with a fitted Keras estimator."""

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TYPE_CHECKING

import numpy as np

from galaxy_keras.architecture import build_model
from galaxy_keras.errors import EstimatorError, InputError, run_script
from galaxy_keras.estimator_file import Estimator, extract_weights, read_estimator
from galaxy_keras.form import read_form
from galaxy_keras.keras_runtime import configure_keras, describe_runtime
from galaxy_keras.network_input import fit_features, NetworkInput
from galaxy_keras.predictions import name_predictions, name_probabilities
from galaxy_keras.samples import read_samples, SampleChoice
from galaxy_keras.tables import Features, write_table
from galaxy_keras.text import Texts
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
    samples: SampleChoice

    @classmethod
    def from_document(cls, document: dict[str, Any], features: Path) -> "PredictionForm":
        """Read the form's JSON document."""
        return cls(document["method"], SampleChoice.from_form(document["input_options"], features, FEATURES))


def parse_arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=Path, required=True, help="the form's values, JSON")
    parser.add_argument("--estimator", type=Path, required=True, help="fitted estimator, zip")
    parser.add_argument("--weights", type=Path, help="weights that replace the estimator's own, h5")
    parser.add_argument("--features", type=Path, required=True, help="samples, tabular or Matrix Market")
    parser.add_argument("--outfile-predict", type=Path, required=True, help="predictions, tabular")
    return parser.parse_args(argv)


def read_features(choice: SampleChoice, estimator: Estimator) -> Features:
    """Read the samples, text with the estimator's vocabulary, columns in the order of the training.

    Raises
    ------
    InputError
        Text for a network of numbers, or numbers for one of text.
    """
    text = estimator.fitted.text
    if (text is not None) != (choice.kind == "text"):
        reads, other = ("text", "other data") if text is not None else ("numbers", "text")
        raise InputError(f"selected_input: found {other} for an estimator that reads {reads}; expected {reads}")
    samples = read_samples(choice)
    return samples.encode(text) if isinstance(samples, Texts) else order_columns(samples, estimator)


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


def predict(model: "keras.Model", inputs: NetworkInput) -> np.ndarray:
    """Give the network's outputs, shape (n_samples, n_outputs)."""
    from galaxy_keras.row_batches import predict_rows

    return predict_rows(model, inputs, np.arange(inputs.values.shape[0]), BATCH_SIZE)


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
    features = read_features(form.samples, estimator)
    model, inputs = load_model(estimator, arguments.estimator, arguments.weights, features)
    print(describe_runtime(), flush=True)
    name = name_probabilities if form.method == "predict_proba" else name_predictions
    write_table(arguments.outfile_predict, name(predict(model, inputs), estimator.fitted))
    print(f"{features.row_count} rows predicted")


if __name__ == "__main__":
    sys.exit(run_script(main))
