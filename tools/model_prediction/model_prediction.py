"""Predict labels, probabilities or values for new rows with a fitted Keras estimator."""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from galaxy_keras.columns import ColumnChoice
from galaxy_keras.errors import run_script
from galaxy_keras.fitted_network import load_network
from galaxy_keras.form import read_form
from galaxy_keras.keras_runtime import configure_keras, describe_runtime
from galaxy_keras.predictions import name_predictions, name_probabilities
from galaxy_keras.tables import read_features, TableSource, write_table

FEATURES = "Training samples dataset"


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


def main(argv: list[str] | None = None) -> None:
    """Read, check, predict, write."""
    arguments = parse_arguments(argv)
    form = PredictionForm.from_document(read_form(arguments.inputs), arguments.features)
    configure_keras()
    network = load_network(arguments.estimator, read_features(form.features), arguments.weights)
    print(describe_runtime(), flush=True)
    name = name_probabilities if form.method == "predict_proba" else name_predictions
    write_table(arguments.outfile_predict, name(network.predict(), network.fitted))
    print(f"{len(network.inputs)} rows predicted")


if __name__ == "__main__":
    sys.exit(run_script(main))
