"""Keras' own evaluation, which keeps the outputs that it measures: every row passes through the network once."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from galaxy_keras.memory import explain_lack_of_memory

# What the network gives for a batch, among the measures that Keras' test step returns.
OUTPUTS = "outputs"


class EvaluatedNetwork(keras.Model):
    """A network whose test step returns its outputs beside loss and metrics.

    The loss must be computed inside the test step: there Keras finds the logits behind softmax and sigmoid. From the
    probabilities alone it would have to clip a loss at 16.

    Parameters
    ----------
    model
        The network that was trained; layers and weights are shared.
    names
        Of the outputs if they go by name, in the order in which they stand side by side.
    """

    def __init__(self, model: keras.Model, names: Sequence[str]):
        inputs = model.inputs if len(model.inputs) > 1 else model.inputs[0]
        super().__init__(inputs, model.output if names else model.outputs[0])
        self._names = list(names)

    def compute_metrics(self, x: Any, y: Any, y_pred: Any, sample_weight: Any = None) -> dict[str, Any]:
        """Return the measures so far and this batch's outputs; Keras calls this at the end of its test step."""
        parts = [y_pred[name] for name in self._names] or [y_pred]
        outputs = keras.ops.concatenate([keras.ops.cast(part, "float32") for part in parts], axis=-1)
        return {**super().compute_metrics(x, y, y_pred, sample_weight), OUTPUTS: outputs}

    def evaluate_rows(self, **rows: Any) -> tuple[np.ndarray, dict[str, float]]:
        """Evaluate rows, given as arguments of Keras' ``evaluate``.

        Returns
        -------
        (outputs, measures)
            Outputs as float32, shape (n_rows, n_outputs); Keras' loss and metrics by name.

        Raises
        ------
        InputError
            There is too little memory.
        """
        outputs = _Outputs(model=self)
        with explain_lack_of_memory("fewer units or columns, a smaller batch_size"):
            measures = self.evaluate(**rows, callbacks=outputs, return_dict=True, verbose=0)
        return np.concatenate(outputs.batches), measures


class _Outputs(keras.callbacks.CallbackList):
    """Take the outputs of each batch out of its measures, before Keras makes numbers of all that is in there."""

    def __init__(self, model: keras.Model):
        super().__init__(model=model)
        self.batches: list[np.ndarray] = []

    def on_test_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        self.batches.append(keras.ops.convert_to_numpy(logs.pop(OUTPUTS)))
