"""Rows in batches: what Keras takes for input that shall not be copied, or not be made dense, as a whole."""

import math
from typing import Any

import keras
import numpy as np

from galaxy_keras.memory import explain_memory_shortage
from galaxy_keras.network.inputs import NetworkInput


class RowBatches(keras.utils.PyDataset):
    """Batches of some rows.

    Parameters
    ----------
    inputs
        Of all rows.
    rows
        Row numbers of those that are given.
    batch_size
        Rows of a batch; the last may have fewer.
    encoded
        Target of all rows in the form that the loss takes; None for a prediction.
    generator
        Shuffles the rows before each epoch; None leaves them in order.
    """

    def __init__(
        self,
        inputs: NetworkInput,
        rows: np.ndarray,
        batch_size: int,
        encoded: Any = None,
        generator: np.random.Generator | None = None,
    ):
        super().__init__()
        self._inputs = inputs
        self._rows = rows
        self._batch_size = batch_size
        self._encoded = encoded
        self._generator = generator
        self.on_epoch_begin()

    @property
    def num_batches(self) -> int:
        """Batches of an epoch."""
        return math.ceil(len(self._rows) / self._batch_size)

    def __getitem__(self, number: int) -> tuple:
        rows = self._rows[number * self._batch_size : (number + 1) * self._batch_size]
        batch = self._inputs.take(rows)
        return (batch,) if self._encoded is None else (batch, take_target(self._encoded, rows))

    def on_epoch_begin(self) -> None:
        """Bring the rows in another order."""
        if self._generator is not None:
            self._rows = self._generator.permutation(self._rows)


def take_target(encoded: Any, rows: np.ndarray) -> Any:
    """Give some rows of an encoded target, one array or one for each output of the network by its name."""
    return {name: part[rows] for name, part in encoded.items()} if isinstance(encoded, dict) else encoded[rows]


def predict_rows(model: keras.Model, inputs: NetworkInput, rows: np.ndarray, batch_size: int) -> np.ndarray:
    """Pass rows through a network once.

    Returns
    -------
    ndarray of shape (n_rows, n_outputs), float32
        Several outputs of a network stand side by side.

    Raises
    ------
    InputError
        There is too little memory.
    """
    with explain_memory_shortage("fewer units or columns"):
        if inputs.is_large:
            outputs = model.predict(RowBatches(inputs, rows, batch_size), verbose=0)
        else:
            outputs = model.predict(inputs.take(rows), batch_size=batch_size, verbose=0)
    return np.hstack([part.reshape(len(rows), -1) for part in keras.tree.flatten(outputs)])
