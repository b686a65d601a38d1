"""Predict labels, probabilities or values for new rows with a fitted Keras estimator."""

import argparse
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from galaxy_keras.data.tables import TableSource
from galaxy_keras.errors import InputError, run_script
from galaxy_keras.estimator.contents import Fitted
from galaxy_keras.estimator.fitted_network import load_model, read_fitted_estimator
from galaxy_keras.estimator.predictions import name_both, name_predictions, name_probabilities, NamedColumns
from galaxy_keras.forms.column_choices import ColumnChoice
from galaxy_keras.forms.document import read_form
from galaxy_keras.forms.sample_choices import SampleChoice
from galaxy_keras.log import say
from galaxy_keras.memory import measure_peak_memory
from galaxy_keras.messages import quote
from galaxy_keras.runtime import configure_keras, describe_runtime
from prediction.sample_blocks import open_samples

# What the form calls the datasets.
FEATURES, MATRIX, IDENTIFIERS = "Training samples dataset", "Sparse matrix", "Identifiers of the samples"
LAYER_OUTPUT = "layer_output"
# Methods that give labels.
DECIDING = ("predict", "predict_and_proba")
NUMBER = re.compile(r"[0-9]{1,9}")
NAMINGS: dict[str, Callable[[np.ndarray, Fitted], NamedColumns]] = {
    "predict": name_predictions,
    "predict_proba": name_probabilities,
    "predict_and_proba": name_both,
}


@dataclass(frozen=True)
class PredictionForm:
    """What a person asked for.

    Attributes
    ----------
    method
        ``predict``, ``predict_proba``, ``predict_and_proba`` or ``layer_output``.
    identifiers
        What is copied to the result; see :func:`sample_blocks.open_samples`.
    threshold
        Takes the place of the estimator's, if given.
    layer
        Number or name, for ``layer_output`` only.
    """

    method: str
    samples: SampleChoice
    identifiers: tuple[int, ...] | TableSource | None = ()
    threshold: float | None = None
    layer: str = ""

    @classmethod
    def from_document(
        cls, document: Mapping[str, Any], features: Path, identifiers: Path | None = None
    ) -> "PredictionForm":
        """Read the form's JSON document; ``features`` and ``identifiers`` are where these datasets lie.

        Raises
        ------
        InputError
            A layer without the method that asks for one, or the reverse; a threshold where nothing is decided; what
            is no column's number.
        """
        method, inputs, details = document["method"], document["input_options"], document.get("details", {})
        layer = (details.get("layer") or "").strip()
        if bool(layer) != (method == LAYER_OUTPUT):
            found = f"{quote(layer)} with the method {method}" if layer else "no layer"
            raise InputError(f"layer: found {found}; expected a layer's number or name with the method {LAYER_OUTPUT}")
        threshold = details.get("threshold")
        if threshold is not None and method not in DECIDING:
            raise InputError(
                f"threshold: found {threshold:g} with the method {method}, which decides nothing; expected an empty "
                "field, or the method predict"
            )
        is_sparse = inputs["selected_input"] == "sparse"
        samples = SampleChoice.from_form(inputs, features, MATRIX if is_sparse else FEATURES)
        return cls(method, samples, _read_identifiers(inputs, identifiers), threshold, layer)


def _read_identifiers(inputs: Mapping[str, Any], path: Path | None) -> tuple[int, ...] | TableSource | None:
    """Read which columns are copied to the result: those of a table, or some of the samples' own."""
    if inputs["selected_input"] == "sparse":
        return path and TableSource(path, IDENTIFIERS, bool(inputs.get("header_ids")), ColumnChoice())
    numbers = [number.strip() for number in (inputs.get("id_columns") or "").split(",")]
    wrong = [number for number in numbers if number and not NUMBER.fullmatch(number)]
    if wrong:
        raise InputError(f"identifiers: found {quote(wrong[0])}; expected column numbers separated by commas")
    return tuple(int(number) for number in numbers if number)


def parse_arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=Path, required=True, help="the form's values, JSON")
    parser.add_argument("--estimator", type=Path, required=True, help="fitted estimator, zip")
    parser.add_argument("--weights", type=Path, help="weights that replace the estimator's own, h5")
    parser.add_argument("--features", type=Path, required=True, help="samples, tabular or Matrix Market")
    parser.add_argument("--identifiers", type=Path, help="identifiers of the rows of a sparse matrix, tabular")
    parser.add_argument("--outfile-predict", type=Path, required=True, help="predictions, tabular")
    return parser.parse_args(argv)


def set_threshold(fitted: Fitted, threshold: float | None) -> Fitted:
    """Put the form's threshold in the place of the estimator's.

    Raises
    ------
    InputError
        There is nothing that a threshold could decide, or it is no probability where the outputs are.
    """
    if threshold is None:
        return fitted
    if fitted.has_probabilities and not 0 <= threshold <= 1:
        raise InputError(f"threshold: found {threshold:g}; expected a probability from 0 to 1")
    if fitted.target_kind not in ("labels", "one_hot", "multilabel", "multi_output"):
        raise InputError(f"threshold: found {threshold:g} for a network that gives no labels; expected an empty field")
    decided = [one for one in fitted.outputs or [fitted] if one.threshold is not None or len(one.classes) == 2]
    if not decided:
        count = " and ".join(str(len(one.classes)) for one in fitted.outputs or [fitted])
        raise InputError(
            f"threshold: found {threshold:g} for {count} classes, of which the most probable one is taken; expected an "
            "empty field"
        )
    if fitted.outputs is None:
        return replace(fitted, threshold=threshold)
    output_layers = [replace(output, threshold=threshold) if output in decided else output for output in fitted.outputs]
    return replace(fitted, outputs=output_layers)


def main(argv: list[str] | None = None) -> None:
    """Read, check, then predict and write block by block."""
    arguments = parse_arguments(argv)
    form = PredictionForm.from_document(read_form(arguments.inputs), arguments.features, arguments.identifiers)
    configure_keras()
    estimator = read_fitted_estimator(arguments.estimator)
    model = load_model(estimator, arguments.estimator, arguments.weights)
    fitted = set_threshold(estimator.fitted, form.threshold)
    samples = open_samples(form.samples, form.identifiers, fitted)
    say(describe_runtime())

    from prediction.layer_outputs import cut_network, name_layer_outputs
    from prediction.predicting import predict_samples

    if form.method == LAYER_OUTPUT:
        model, layer = cut_network(model, form.layer)

    def name_outputs(outputs: np.ndarray) -> NamedColumns:
        return (
            name_layer_outputs(outputs, layer) if form.method == LAYER_OUTPUT else NAMINGS[form.method](outputs, fitted)
        )

    predict_samples(model, samples, name_outputs, arguments.outfile_predict, form.samples.source.name)
    say(f"Largest memory: {measure_peak_memory():,.0f} MB")


if __name__ == "__main__":
    sys.exit(run_script(main))
