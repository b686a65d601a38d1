"""Match the outputs of a network with their targets."""

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from galaxy_keras.catalog.losses_and_metrics import check_metrics, MARGIN_LOSSES, Measure, narrow_loss
from galaxy_keras.errors import ArchitectureError
from galaxy_keras.estimator.contents import Estimator, FittedOutput
from galaxy_keras.network.outputs import join_outputs, PROBABILITY_ACTIVATIONS, read_outputs
from training.fitting.output_checks import check_outputs, choose_threshold
from training.scoring.output_metrics import name_keys
from training.targets.targets import Target


@dataclass(frozen=True)
class TrainedOutput:
    """An output of the trained network with its target.

    Attributes
    ----------
    unit_count
        Number of units.
    has_probabilities
        Whether the output consists of class probabilities.
    """

    target: Target
    loss: Measure
    unit_count: int
    has_probabilities: bool

    @property
    def encoded(self) -> np.ndarray:
        """The target, encoded as the loss expects it."""
        return self.target.encode(self.loss.name, self.unit_count)

    def describe(self) -> FittedOutput:
        """Describe the output and its target for the estimator file."""
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
    """Match each target with its output; a single target takes all outputs, concatenated.

    Raises
    ------
    ArchitectureError
        An output is not one row of numbers, or its size is unknown.
    InputError
        An output does not fit its target, the loss or the metrics.
    """
    output_layers = read_outputs(network)
    output_layers = output_layers if target.outputs else [join_outputs(output_layers)]
    outputs = []
    for output, one in zip(output_layers, target.each, strict=True):
        units = output.units
        if units is None:
            raise ArchitectureError(
                "architecture, last layer: found an unknown number of outputs; expected a layer with a fixed number, "
                "such as Dense"
            )
        loss = narrow_loss(estimator.loss, units) if target.outputs else estimator.loss
        check_outputs(one, estimator.task, loss.name, units)
        check_metrics(estimator.metrics, loss, units)
        is_probability = output.activation in PROBABILITY_ACTIVATIONS and loss.name not in MARGIN_LOSSES
        outputs.append(TrainedOutput(one, loss, units, is_probability and one.kind != "values"))
    return outputs


def arrange_outputs(network: keras.Model, target: Target) -> keras.Model:
    """Return a network with the same layers and weights whose outputs match the targets.

    Outputs that share a target are concatenated, so that the loss and the metrics are means over all columns with equal
    weights. A network with one output is returned unchanged.
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
    """Return the encoded targets in the form that Keras takes: by output name, or the only array."""
    return dict(zip(name_keys(target), arrays, strict=True)) if target.outputs else arrays[0]
