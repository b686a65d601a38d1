"""Features against the network that shall take them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from galaxy_keras.errors import InputError
from galaxy_keras.tables import Features

if TYPE_CHECKING:
    import keras

# Rows that are checked at a time: bounds the memory of the check.
ROWS_PER_CHECK = 4096


def fit_features(model: "keras.Model", features: Features) -> np.ndarray:
    """Check features against a network's input and give them the shape that it takes.

    Parameters
    ----------
    model
        With one input; a network without input shape is built for the features' number of columns.

    Returns
    -------
    ndarray of shape (n_samples, *input_shape), float32
        A view where the network takes more dimensions than a table has and the number of columns fits.

    Raises
    ------
    InputError
        The number of columns does not fit, or an embedding meets a word index that it does not have.
    """
    name, column_count = features.source.name, features.values.shape[1]
    if not model.built:
        _build(model, column_count, name)
    if len(model.inputs) != 1:
        raise InputError(f"architecture: found {len(model.inputs)} inputs; expected one for one table")
    shape = tuple(model.inputs[0].shape[1:])
    expected = None if None in shape else int(np.prod(shape))
    if expected is not None and expected != column_count:
        raise InputError(
            f"{name}: found {column_count} columns; expected {expected}, because the network's input shape is {shape}"
        )
    _check_word_indices(model, features)
    if len(shape) == 1:
        return features.values
    if expected is None:
        raise InputError(f"architecture: found input shape {shape}; expected one without None for tabular data")
    return features.values.reshape(-1, *shape)


def _build(model: "keras.Model", column_count: int, name: str) -> None:
    try:
        model.build((None, column_count))
    except (ValueError, TypeError) as error:
        reason = " ".join(str(error).split())[:200]
        raise InputError(f"{name}: found {column_count} columns, which the network cannot take: {reason}") from None


def _check_word_indices(model: "keras.Model", features: Features) -> None:
    import keras

    embeddings = [
        layer for layer in model.layers if isinstance(layer, keras.layers.Embedding) and layer.input is model.inputs[0]
    ]
    for layer in embeddings:
        for start, rows in _blocks(features.values):
            wrong = (rows < 0) | (rows >= layer.input_dim) | (rows != np.floor(rows))
            if wrong.any():
                row, column = np.argwhere(wrong)[0]
                raise InputError(
                    f"{features.place(start + row, column)}: found {rows[row, column]:g}; expected a word index from "
                    f"0 to {layer.input_dim - 1}, because the embedding's input_dim is {layer.input_dim}"
                )


def _blocks(values: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    for start in range(0, len(values), ROWS_PER_CHECK):
        yield start, values[start : start + ROWS_PER_CHECK]
