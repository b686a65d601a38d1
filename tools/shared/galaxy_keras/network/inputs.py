"""Check that features match the inputs of a network, and split them into its inputs."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TYPE_CHECKING

import numpy as np

from galaxy_keras.catalog.keras_objects import describe_error
from galaxy_keras.catalog.private_api import find_call, list_calls
from galaxy_keras.data.table_rows import TableSource
from galaxy_keras.data.table_shape import explain_one_column
from galaxy_keras.data.tables import Features
from galaxy_keras.errors import InputError
from galaxy_keras.messages import pluralize
from galaxy_keras.network.architecture import make_weights_late
from galaxy_keras.network.inner_names import to_shown
from galaxy_keras.network.size import check_network
from galaxy_keras.sequences.encoding import FIRST_K_MER, K_MERS, SequenceEncoding

if TYPE_CHECKING:
    import keras

# Rows per step of the check, which limits its memory.
ROWS_PER_CHECK = 4096
# Larger features are passed in batches, because Keras would copy them twice.
LARGE_BYTES = 2**27
# Layers that only rearrange their inputs.
ARRANGING = ("Reshape", "Flatten", "Permute", "RepeatVector", "Identity", "Concatenate")


@dataclass(frozen=True)
class NetworkInput:
    """Features and their split into the inputs of a network.

    Attributes
    ----------
    values
        Shape (n_samples, n_features), float32: dense, compressed sparse rows, or encoded sequences.
    shapes
        Shape of each input without the batch dimension. Inputs read the columns from left to right.
    """

    values: np.ndarray | Any
    shapes: list[tuple[int | None, ...]]

    @property
    def is_large(self) -> bool:
        """Whether the rows should be passed in batches."""
        return not isinstance(self.values, np.ndarray) or self.values.nbytes > LARGE_BYTES

    def take(self, rows: np.ndarray | slice = slice(None)) -> np.ndarray | list[np.ndarray]:
        """Return dense rows: one array, or a list with one array per input."""
        values = _make_dense(self.values[rows])
        if len(self.shapes) == 1:
            return values if len(self.shapes[0]) == 1 else values.reshape(-1, *self.shapes[0])
        ends = np.cumsum([_count_columns(shape) for shape in self.shapes])
        parts = np.split(values, ends[:-1], axis=1)
        return [part.reshape(-1, *shape) for part, shape in zip(parts, self.shapes, strict=True)]


def _count_columns(shape: tuple[int | None, ...]) -> int:
    """Return the number of columns that an input reads."""
    return math.prod(size or 0 for size in shape)


def fit_features(model: "keras.Model", features: Features) -> NetworkInput:
    """Check that features match the inputs of a network.

    Parameters
    ----------
    model
        A network without input shape is built for the number of columns.

    Raises
    ------
    InputError
        The number of columns does not match, in total or for one input, or a word index exceeds the size of an
        embedding.
    """
    if features.sequences is not None:
        fit_sequences(model, features.sequences, features.source.name)
        return NetworkInput(features.values, [features.sequences.sample_shape])
    fit_columns(model, features.values.shape[1], features.source.name, features.source)
    shapes = [tuple(part.shape[1:]) for part in model.inputs]
    _check_widths(model, features, shapes)
    inputs = NetworkInput(features.values, shapes)
    _check_word_indices(model, features, shapes)
    return inputs


def fit_columns(model: "keras.Model", column_count: int, name: str, source: TableSource | None = None) -> None:
    """Check that a number of columns matches the inputs of a network.

    Parameters
    ----------
    name
        Name of the table in messages.
    source
        The table; if it has a single column, the message explains the likely cause.
    """
    if not model.built:
        _build(model, (column_count,), name)
    shapes = [tuple(part.shape[1:]) for part in model.inputs]
    if len(shapes) == 1 and len(shapes[0]) == 1 and None in shapes[0]:
        return
    for shape in shapes:
        if None in shape:
            raise InputError(f"architecture: found input shape {shape}; expected one without None for tabular data")
    expected = sum(map(_count_columns, shapes))
    if expected != column_count:
        those = f"input shape is {shapes[0]}" if len(shapes) == 1 else f"inputs have the shapes {shapes}"
        found = "1 column" if column_count == 1 else f"{column_count} columns"
        likely = explain_one_column(source) if column_count == 1 and source else ""
        raise InputError(f"{name}: found {found}; expected {expected}, because the network's {those}{likely}")


def fit_sequences(model: "keras.Model", encoding: SequenceEncoding, name: str) -> None:
    """Check that encoded sequences match the input of a network, which is built if it has no input shape.

    Parameters
    ----------
    name
        Name of the sequences in messages.

    Raises
    ------
    InputError
        The shapes differ, the network has several inputs, or an embedding is too small for the numbers of the k-mers.
    """
    found = encoding.sample_shape
    if not model.built:
        _build(model, found, name)
    if len(model.inputs) != 1:
        raise InputError(f"architecture: found {len(model.inputs)} inputs; expected one, for the {name}")
    expected = tuple(model.inputs[0].shape[1:])
    if len(expected) != len(found) or any(
        size not in (None, other) for size, other in zip(expected, found, strict=True)
    ):
        raise InputError(
            f"{name}: found encoded sequences of the shape {found}; expected {expected}, the network's input shape "
            f"(an architecture without input_shape takes the shape of the sequences)"
        )
    if encoding.coding == K_MERS:
        needed = encoding.k_mer_count + FIRST_K_MER
        for layer, _ in _list_embeddings(model):
            if layer.input_dim < needed:
                raise InputError(
                    f"architecture, {to_shown(layer.name)}: found input_dim {layer.input_dim:,}; expected {needed:,} "
                    f"or more, because there are {encoding.k_mer_count:,} k-mers, and two numbers are taken"
                )


def _check_widths(model: "keras.Model", features: Features, shapes: list[tuple[int | None, ...]]) -> None:
    """Refuse columns that the form assigns to another input than the network does."""
    if features.widths is None:
        return
    needed = [features.column_count if None in shape else _count_columns(shape) for shape in shapes]
    if list(features.widths) != needed:
        names = [to_shown(tensor.name) for tensor in model.inputs]
        inputs = ", ".join(f"{name} {shape}" for name, shape in zip(names, shapes, strict=True))
        raise InputError(
            f"{features.source.name}: found {_enumerate(features.widths)} columns for the inputs of the network; "
            f"expected {_enumerate(needed)}, because its inputs in their order are {inputs}"
        )


def _enumerate(counts: Sequence[int]) -> str:
    return " and ".join(map(str, counts))


def _build(model: "keras.Model", shape: tuple[int, ...], name: str) -> None:
    try:
        with make_weights_late():
            model.build((None, *shape))
            check_network(model, "architecture")
    except (ValueError, TypeError, IndexError) as error:
        columns = f"{pluralize(shape[0], 'column')}, an input" if len(shape) == 1 else "an input"
        reason = f" ({describe_error(error)})" if isinstance(error, ValueError) else ""
        raise InputError(
            f"{name}: found {columns} of the shape {shape}, which the network's layers cannot take; expected an "
            f"architecture with an input_shape that they were checked with{reason}"
        ) from None


def _check_word_indices(model: "keras.Model", features: Features, shapes: list[tuple[int | None, ...]]) -> None:
    """Refuse word indices beyond the size of an embedding, for which GPUs silently return zeros."""
    columns, start = {}, 0
    for tensor, shape in zip(model.inputs, shapes, strict=True):
        end = features.column_count if None in shape else start + _count_columns(shape)
        columns[id(tensor)] = slice(start, end)
        start = end
    for embedding, read in _list_embeddings(model):
        for origin, part in columns.items():
            if origin in read:
                _check_words(features, part, embedding.input_dim)


def _list_embeddings(model: "keras.Model") -> Iterator[tuple["keras.layers.Embedding", set[int]]]:
    """Yield each embedding with the identities of the tensors that it reads."""
    import keras

    for layer in model.layers:
        embedding = layer.layer if isinstance(layer, keras.layers.TimeDistributed) else layer
        if isinstance(embedding, keras.layers.Embedding):
            # A shared embedding reads several tensors, each in a separate call.
            yield embedding, {id(origin) for node in list_calls(layer) for origin in _list_origins(node)}


def _list_origins(node: Any) -> Iterator["keras.KerasTensor"]:
    """Yield the tensors that a call reads, traced back through layers that only rearrange their inputs."""
    for tensor in node.input_tensors:
        layer, number = find_call(tensor)
        if type(layer).__name__ in ARRANGING:
            yield from _list_origins(list_calls(layer)[number])
        else:
            yield tensor


def _check_words(features: Features, columns: slice, word_count: int) -> None:
    for first, rows in _blocks(features.values):
        block = rows[:, columns]
        wrong = (block < 0) | (block >= word_count) | (block != np.floor(block))
        if wrong.any():
            if features.text is not None:
                raise InputError(
                    f"{features.source.name}: found a vocabulary of {len(features.text.words)} words; expected at most "
                    f"{word_count - 2}, because the embedding's input_dim is {word_count} and two numbers are taken"
                )
            row, column = np.argwhere(wrong)[0]
            raise InputError(
                f"{features.place(first + row, columns.start + column)}: found {block[row, column]:g}; expected a word "
                f"index from 0 to {word_count - 1}, because the embedding's input_dim is {word_count}"
            )


def _blocks(values: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    for start in range(0, values.shape[0], ROWS_PER_CHECK):
        yield start, _make_dense(values[start : start + ROWS_PER_CHECK])


def _make_dense(values: np.ndarray) -> np.ndarray:
    return values if isinstance(values, np.ndarray) else values.toarray()
