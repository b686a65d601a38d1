"""Predict labels, probabilities or values for new rows with a fitted Keras estimator."""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from galaxy_keras.errors import InputError, run_script
from galaxy_keras.estimator.contents import Fitted, FittedOutput
from galaxy_keras.estimator.fitted_network import load_model, read_fitted_estimator
from galaxy_keras.estimator.predictions import name_both, name_predictions, name_probabilities, NamedColumns
from galaxy_keras.forms.document import read_form
from galaxy_keras.forms.sample_choices import SEQUENCES
from galaxy_keras.log import say
from galaxy_keras.memory import measure_peak_memory
from galaxy_keras.runtime import configure_keras, describe_runtime
from prediction.form import LAYER_OUTPUT, PredictionForm
from prediction.sample_blocks import open_samples
from prediction.sequence_settings import settle_sequences

# Kinds of targets with labels, which may have a threshold.
LABEL_KINDS = ("labels", "one_hot", "multilabel", "multi_output")
NAMINGS: dict[str, Callable[[np.ndarray, Fitted], NamedColumns]] = {
    "predict": name_predictions,
    "predict_proba": name_probabilities,
    "predict_and_proba": name_both,
}


def parse_arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=Path, required=True, help="values of the form, JSON")
    parser.add_argument("--estimator", type=Path, required=True, help="fitted estimator, zip")
    parser.add_argument("--weights", type=Path, help="weights that replace those of the estimator, h5")
    parser.add_argument("--features", type=Path, required=True, help="samples: tabular, Matrix Market or FASTA")
    parser.add_argument("--identifiers", type=Path, help="identifiers of the rows of a sparse matrix, tabular")
    parser.add_argument("--outfile-predict", type=Path, required=True, help="predictions, tabular")
    return parser.parse_args(argv)


def set_threshold(fitted: Fitted, threshold: float | None) -> Fitted:
    """Replace the threshold of the fitted attributes; None keeps it.

    Raises
    ------
    InputError
        The network does not predict labels, the class with the largest output is predicted, or the outputs are
        probabilities and the threshold is not between 0 and 1.
    """
    if threshold is None:
        return fitted
    if fitted.has_probabilities and not 0 <= threshold <= 1:
        raise InputError(f"threshold: found {threshold:g}; expected a probability from 0 to 1")
    if fitted.target_kind not in LABEL_KINDS:
        raise InputError(
            f"threshold: found {threshold:g} for a network that does not predict labels; expected an empty field"
        )
    targets: Sequence[Fitted | FittedOutput] = fitted.outputs or [fitted]
    decided = [target for target in targets if target.threshold is not None or len(target.classes) == 2]
    if not decided:
        count = " and ".join(str(len(target.classes)) for target in targets)
        raise InputError(
            f"threshold: found {threshold:g} for {count} classes, of which the most probable one is predicted; "
            "expected an empty field"
        )
    if fitted.outputs is None:
        return replace(fitted, threshold=threshold)
    outputs = [replace(output, threshold=threshold) if output in decided else output for output in fitted.outputs]
    return replace(fitted, outputs=outputs)


def main(argv: list[str] | None = None) -> None:
    """Read and check the input, then predict and write block by block."""
    arguments = parse_arguments(argv)
    form = PredictionForm.from_document(read_form(arguments.inputs), arguments.features, arguments.identifiers)
    configure_keras()
    estimator = read_fitted_estimator(arguments.estimator)
    model = load_model(estimator, arguments.estimator, arguments.weights)
    fitted = set_threshold(estimator.require_fitted(), form.threshold)
    if form.samples.kind == SEQUENCES:
        fitted = settle_sequences(fitted, model, form)
    samples = open_samples(form.samples, form.identifiers, form.identifier_table, fitted)
    say(describe_runtime())

    from prediction.layer_outputs import cut_network, name_layer_outputs
    from prediction.predicting import predict_samples

    layer = ""
    if form.method == LAYER_OUTPUT:
        model, layer = cut_network(model, form.layer)

    def name_outputs(outputs: np.ndarray) -> NamedColumns:
        return name_layer_outputs(outputs, layer) if layer else NAMINGS[form.method](outputs, fitted)

    predict_samples(
        model,
        samples,
        name_outputs,
        arguments.outfile_predict,
        form.samples.source.name,
        averages_strands=form.averages_strands,
    )
    say(f"Peak memory: {measure_peak_memory():,.0f} MB")


if __name__ == "__main__":
    sys.exit(run_script(main))
