"""A network's outputs and their targets: what is trained, side by side or each output for itself."""

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from galaxy_keras.catalog.losses_and_metrics import check_metrics, MARGIN_LOSSES, Measure, narrow_loss
from galaxy_keras.estimator.contents import Estimator, FittedOutput
from galaxy_keras.network.outputs import join_outputs, PROBABILITY_ACTIVATIONS, read_outputs
from training.fitting.output_checks import check_outputs, choose_threshold
from training.scoring.output_metrics import name_keys
from training.targets.targets import Target


@dataclass(frozen=True)
class TrainedOutput:
    """An output of what is trained, with the target that it learns.

    Attributes
    ----------
    unit_count
        Numbers that it gives for a row.
    has_probabilities
        Whether they are probabilities of classes.
    """

    target: Target
    loss: Measure
    unit_count: int
    has_probabilities: bool

    @property
    def encoded(self) -> np.ndarray:
        """The target in the form that the loss compares with the output."""
        return self.target.encode(self.loss.name, self.unit_count)

    def describe(self) -> FittedOutput:
        """Say what the output has learnt about."""
        return FittedOutput(
            title=self.target.title,
            target_kind=self.target.kind,
            classes=self.target.classes,
            target_names=self.target.names,
            output_count=self.unit_count,
            threshold=choose_threshold(self.target, self.loss, self.unit_count),
            has_probabilities=self.has_probabilities,
        )


def match_outputs(network: keras.Model, target: Target, estimator: Estimator) -> list[TrainedOutput]:
    """Give each target its output: all of them side by side for one target.

    Raises
    ------
    InputError
        An output with more dimensions than one row of numbers, or one that cannot express its target.
    """
    output_layers = read_outputs(network)
    output_layers = output_layers if target.outputs else [join_outputs(output_layers)]
    outputs = []
    for output, one in zip(output_layers, target.each, strict=True):
        loss = narrow_loss(estimator.loss, output.units) if target.outputs else estimator.loss
        check_outputs(one, estimator.task, loss.name, output.units)
        check_metrics(estimator.metrics, loss, output.units)
        is_probability = output.activation in PROBABILITY_ACTIVATIONS and loss.name not in MARGIN_LOSSES
        outputs.append(TrainedOutput(one, loss, output.units, is_probability and one.kind != "values"))
    return outputs


def arrange_outputs(network: keras.Model, target: Target) -> keras.Model:
    """Give a network of the same layers and weights whose outputs are those that losses compare with the target.

    Outputs that share a target stand side by side; the loss and the metrics are then means over all of its columns,
    each of the same weight. One output stays as it is.
    """
    if len(network.outputs) == 1:
        return network
    if target.outputs:
        outputs = dict(zip(name_keys(target), network.outputs, strict=True))
    else:
        outputs = keras.layers.Concatenate(dtype="float32")(network.outputs)
    arranged = keras.Model(network.inputs, outputs)
    arranged.dtype_policy = network.dtype_policy
    return arranged


def arrange_arrays(arrays: list[np.ndarray], target: Target) -> Any:
    """Give arrays, one for each output of what is trained, in the form in which Keras takes them."""
    return dict(zip(name_keys(target), arrays, strict=True)) if target.outputs else arrays[0]
