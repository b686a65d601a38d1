"""Evaluate rows with Keras and keep the network's outputs, in a single pass."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from galaxy_keras.memory import explain_memory_shortage

# Key of the network's outputs among the metrics that Keras' test step returns.
OUTPUTS = "outputs"


class EvaluatedNetwork(keras.Model):
    """A network whose test step returns its outputs in addition to the loss and the metrics.

    The loss must be computed inside the test step, where Keras has access to the logits before softmax and sigmoid.
    From probabilities, Keras 3.15 would clip the loss of a row at 16.

    Parameters
    ----------
    model
        The trained network; layers and weights are shared.
    names
        Names of the outputs in the order of their columns; empty if there is one output.
    """

    def __init__(self, model: keras.Model, names: Sequence[str]):
        inputs = model.inputs if len(model.inputs) > 1 else model.inputs[0]
        super().__init__(inputs, model.output if names else model.outputs[0])
        self._names = list(names)

    def compute_metrics(self, x: Any, y: Any, y_pred: Any, sample_weight: Any = None) -> dict[str, Any]:
        """Return the current metrics and the outputs of this batch; Keras calls this at the end of its test step."""
        parts = [y_pred[name] for name in self._names] or [y_pred]
        outputs = keras.ops.concatenate([keras.ops.cast(part, "float32") for part in parts], axis=-1)
        return {**super().compute_metrics(x, y, y_pred, sample_weight), OUTPUTS: outputs}

    def evaluate_rows(self, **rows: Any) -> tuple[np.ndarray, dict[str, float]]:
        """Evaluate rows.

        Parameters
        ----------
        **rows
            Arguments of Keras' ``evaluate``.

        Returns
        -------
        (outputs, metrics)
            Outputs as float32, shape (n_rows, n_outputs); Keras' loss and metrics by name.

        Raises
        ------
        InputError
            There is too little memory.
        """
        outputs = _Outputs(model=self)
        with explain_memory_shortage("fewer units or columns, a smaller batch_size"):
            measures = self.evaluate(**rows, callbacks=outputs, return_dict=True, verbose=0)
        return np.concatenate(outputs.batches), measures


class _Outputs(keras.callbacks.CallbackList):
    """Remove the outputs of each batch from its metrics, before Keras converts all of them to numbers."""

    def __init__(self, model: keras.Model):
        super().__init__(model=model)
        self.batches: list[np.ndarray] = []

    def on_test_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        if logs is not None:
            self.batches.append(keras.ops.convert_to_numpy(logs.pop(OUTPUTS)))
