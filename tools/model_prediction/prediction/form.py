"""Read the form of the prediction tool."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from galaxy_keras.data.tables import TableSource
from galaxy_keras.errors import InputError
from galaxy_keras.forms.column_choices import ColumnChoice
from galaxy_keras.forms.sample_choices import SampleChoice, SEQUENCES
from galaxy_keras.messages import quote

# Names of the datasets in the form.
FEATURES, MATRIX, IDENTIFIERS = "Training samples dataset", "Sparse matrix", "Identifiers of the samples"
FASTA = "Sequences"
# Alphabets by the names of the published generators.
LETTER_TYPES = {
    "FastaDNABatchGenerator": "dna",
    "FastaRNABatchGenerator": "rna",
    "FastaProteinBatchGenerator": "protein",
}
LAYER_OUTPUT = "layer_output"
# Methods that return labels.
LABEL_METHODS = ("predict", "predict_and_proba")
COLUMN_NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True)
class PredictionForm:
    """Values of the prediction form.

    Attributes
    ----------
    method
        ``predict``, ``predict_proba``, ``predict_and_proba`` or ``layer_output``.
    samples
        The samples to predict.
    identifiers
        1-based numbers of the columns that are copied to the result.
    identifier_table
        For a sparse matrix: a table whose columns are copied to the result.
    threshold
        Replaces the estimator's threshold; None keeps it.
    layer
        Number or name of a layer, for ``layer_output`` only.
    averages_strands
        Whether outputs for sequences are means over both strands.
    letter_type
        Alphabet of the sequences for an estimator that does not know it.
    """

    method: str
    samples: SampleChoice
    identifiers: tuple[int, ...] = ()
    identifier_table: TableSource | None = None
    threshold: float | None = None
    layer: str = ""
    averages_strands: bool = False
    letter_type: str = ""

    @classmethod
    def from_document(
        cls, document: Mapping[str, Any], features: Path, identifiers: Path | None = None
    ) -> "PredictionForm":
        """Read the form's JSON document.

        Parameters
        ----------
        features, identifiers
            Paths of the datasets.

        Raises
        ------
        InputError
            The method needs a layer or does not use one, the method does not use a threshold, or an identifier is not
            a column number.
        """
        method, inputs, details = document["method"], document["input_options"], document.get("details", {})
        layer = (details.get("layer") or "").strip()
        if bool(layer) != (method == LAYER_OUTPUT):
            found = f"found {quote(layer)} with the method {method}" if layer else "the layer is missing"
            raise InputError(f"layer: {found}; expected the number or name of a layer with the method {LAYER_OUTPUT}")
        threshold = details.get("threshold")
        if threshold is not None and method not in LABEL_METHODS:
            raise InputError(
                f"threshold: found {threshold:g} with the method {method}, which does not use it; expected an empty "
                "field or the method predict"
            )
        is_sparse = inputs["selected_input"] == "sparse"
        samples = SampleChoice.from_form(inputs, features, MATRIX if is_sparse else FEATURES)
        if samples.kind == SEQUENCES:
            samples = replace(samples, source=replace(samples.source, name=FASTA))
            letter_type = LETTER_TYPES[inputs.get("seq_type") or next(iter(LETTER_TYPES))]
            return cls(method, samples, (), None, threshold, layer, bool(inputs.get("both_strands")), letter_type)
        if not is_sparse:
            return cls(method, samples, _read_column_numbers(inputs.get("id_columns")), None, threshold, layer)
        table = None
        if identifiers is not None:
            table = TableSource(identifiers, IDENTIFIERS, bool(inputs.get("header_ids")), ColumnChoice())
        return cls(method, samples, (), table, threshold, layer)


def _read_column_numbers(typed: str | None) -> tuple[int, ...]:
    """Read 1-based column numbers that are separated by commas."""
    numbers = [number.strip() for number in (typed or "").split(",")]
    wrong = [number for number in numbers if number and not COLUMN_NUMBER.fullmatch(number)]
    if wrong:
        raise InputError(f"identifiers: found {quote(wrong[0])}; expected column numbers separated by commas")
    return tuple(int(number) for number in numbers if number)
