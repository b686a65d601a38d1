"""Predict labels, probabilities or values for new rows with a fitted Keras estimator."""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from galaxy_keras.errors import InputError, run_script
from galaxy_keras.estimator_file import Estimator
from galaxy_keras.fitted_network import load_network, read_fitted_estimator
from galaxy_keras.form import read_form
from galaxy_keras.keras_runtime import configure_keras, describe_runtime
from galaxy_keras.predictions import name_predictions, name_probabilities
from galaxy_keras.samples import read_samples, SampleChoice
from galaxy_keras.tables import Features, write_table
from galaxy_keras.text import Texts

FEATURES = "Training samples dataset"


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
    """Read the samples, text with the estimator's vocabulary.

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
    return samples.encode(text) if isinstance(samples, Texts) else samples


def main(argv: list[str] | None = None) -> None:
    """Read, check, predict, write."""
    arguments = parse_arguments(argv)
    form = PredictionForm.from_document(read_form(arguments.inputs), arguments.features)
    configure_keras()
    estimator = read_fitted_estimator(arguments.estimator)
    features = read_features(form.samples, estimator)
    network = load_network(estimator, arguments.estimator, features, arguments.weights)
    print(describe_runtime(), flush=True)
    name = name_probabilities if form.method == "predict_proba" else name_predictions
    write_table(arguments.outfile_predict, name(network.predict(), network.fitted))
    print(f"{features.row_count} rows predicted")


if __name__ == "__main__":
    sys.exit(run_script(main))
