"""Pass rows to Keras in batches, so that large input is not copied or converted to dense as a whole."""

import math
from typing import Any

import keras
import numpy as np

from galaxy_keras.memory import explain_memory_shortage
from galaxy_keras.network.inputs import NetworkInput


class RowBatches(keras.utils.PyDataset):
    """Batches of selected rows.

    Parameters
    ----------
    inputs
        Features of all rows.
    rows
        Selected row numbers.
    batch_size
        Rows per batch; the last batch may have fewer.
    encoded
        Encoded target of all rows for the loss; None for predictions.
    generator
        Generator that shuffles the rows before each epoch; None keeps their order.
    strand_generator
        Generator that draws the strand of each row before each epoch, for sequences of DNA; None reads the rows as they
        are. Row n + i is the reverse complement of row i if there are n rows.
    """

    def __init__(
        self,
        inputs: NetworkInput,
        rows: np.ndarray,
        batch_size: int,
        encoded: Any = None,
        generator: np.random.Generator | None = None,
        strand_generator: np.random.Generator | None = None,
    ):
        super().__init__()
        self._inputs = inputs
        self._rows = rows
        self._batch_size = batch_size
        self._encoded = encoded
        self._generator = generator
        self._strand_generator = strand_generator
        self.on_epoch_begin()

    @property
    def num_batches(self) -> int:
        """Number of batches per epoch."""
        return math.ceil(len(self._rows) / self._batch_size)

    def __getitem__(self, number: int) -> tuple:
        rows = self._rows[number * self._batch_size : (number + 1) * self._batch_size]
        count = self._inputs.values.shape[0]
        target = rows % count
        if self._strand_generator is not None:
            rows = target + count * self._is_reverse[target]
        batch = self._inputs.take(rows)
        return (batch,) if self._encoded is None else (batch, take_target(self._encoded, target))

    def on_epoch_begin(self) -> None:
        """Shuffle the rows, and draw their strands."""
        if self._generator is not None:
            self._rows = self._generator.permutation(self._rows)
        if self._strand_generator is not None:
            self._is_reverse = self._strand_generator.integers(2, size=self._inputs.values.shape[0])


def take_target(encoded: Any, rows: np.ndarray) -> Any:
    """Return rows of an encoded target: one array, or one array per output by name."""
    return {name: part[rows] for name, part in encoded.items()} if isinstance(encoded, dict) else encoded[rows]


def predict_rows(model: keras.Model, inputs: NetworkInput, rows: np.ndarray, batch_size: int) -> np.ndarray:
    """Compute the outputs of a network for rows.

    Returns
    -------
    ndarray of shape (n_rows, n_outputs), float32
        Several outputs are concatenated along the last axis.

    Raises
    ------
    InputError
        There is not enough memory.
    """
    with explain_memory_shortage("fewer units or columns"):
        if inputs.is_large:
            outputs = model.predict(RowBatches(inputs, rows, batch_size), verbose=0)
        else:
            outputs = model.predict(inputs.take(rows), batch_size=batch_size, verbose=0)
    return np.hstack([part.reshape(len(rows), -1) for part in keras.tree.flatten(outputs)])
