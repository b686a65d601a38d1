"""What a network ends in: a head, or several where it has several outputs."""

from dataclasses import dataclass
from typing import Any, TYPE_CHECKING

from galaxy_keras.errors import ArchitectureError
from galaxy_keras.network.inner_names import to_shown

if TYPE_CHECKING:
    import keras

SIGMOIDS = ("sigmoid", "hard_sigmoid")
# Their outputs are probabilities.
PROBABILITY_ACTIVATIONS = (*SIGMOIDS, "softmax")


@dataclass(frozen=True)
class Output:
    """An output of a network, or several side by side.

    Attributes
    ----------
    name
        Of its last layer.
    units
        Numbers that it gives for a row; None where that is not known before the network meets data.
    activation
        Keras' name of what the numbers have passed last; None where the last layer has none, or where several heads
        side by side have passed different ones.
    """

    name: str
    units: int | None
    activation: str | None

    @property
    def is_independent(self) -> bool:
        """Whether each of its numbers may stand for a label of its own."""
        return self.activation in SIGMOIDS


def read_outputs(model: "keras.Model") -> list[Output]:
    """Find out what a network ends in.

    Returns
    -------
    list of Head
        In the order of the network's outputs.

    Raises
    ------
    ArchitectureError
        An output is other than one row of numbers.
    """
    last = to_shown(model.layers[-1].name)
    if not model.built:
        return [Output(last, getattr(model.layers[-1], "units", None), output_activation(model))]
    shapes = [tuple(output.shape[1:]) for output in model.outputs]
    if any(len(shape) != 1 for shape in shapes):
        raise ArchitectureError(
            f"architecture, last layer: found output shape {', '.join(map(str, shapes))}; expected one row of outputs "
            "(a Flatten layer, or return_sequences=False in the last recurrent layer, may be missing)"
        )
    if len(shapes) == 1:
        return [Output(last, shapes[0][0], output_activation(model))]
    return [
        Output(to_shown(name), units, _name_activation(model.get_layer(name)))
        for name, (units,) in zip(model.output_names, shapes, strict=True)
    ]


def join_outputs(output_layers: list[Output]) -> Output:
    """Give heads as the one that they are side by side."""
    if len(output_layers) == 1:
        return output_layers[0]
    activations = {output.activation for output in output_layers}
    units = sum(output.units or 0 for output in output_layers)
    return Output(
        ", ".join(output.name for output in output_layers),
        units,
        activations.pop() if len(activations) == 1 else None,
    )


def group_outputs(output_layers: list[Output], task: str) -> list[Output]:
    """Put outputs that share one target side by side: those for real numbers, and those for independent labels."""
    if task == "regression" or all(output.is_independent for output in output_layers):
        return [join_outputs(output_layers)]
    return output_layers


def name_output_layers(architecture: dict[str, Any]) -> list[str]:
    """Name the layer of each output of a checked architecture, without building it."""
    config = architecture["config"]
    try:
        if "output_layers" not in config:
            return [config["layers"][-1]["config"].get("name")]
        outputs = config["output_layers"]
        if isinstance(outputs, dict):
            outputs = list(outputs.values())
        # One output alone stands without a list around it.
        return [output[0] for output in ([outputs] if isinstance(outputs[0], str) else outputs)]
    except (LookupError, TypeError, AttributeError):
        raise ArchitectureError(
            "architecture: found no list of output layers; expected the output of Keras' model.to_json()"
        ) from None


def output_activation(model: "keras.Model") -> str | None:
    """Name the activation that the only output of a network has passed last.

    Layers that only reshape or that do nothing in prediction are passed over.

    Returns
    -------
    str or None
        Keras' name, such as ``sigmoid``; None where the last layer has no activation.
    """
    import keras

    neutral = (keras.layers.Dropout, keras.layers.Flatten, keras.layers.Reshape)
    last = next((layer for layer in reversed(model.layers) if not isinstance(layer, neutral)), None)
    return _name_activation(last)


def _name_activation(layer: "keras.Layer | None") -> str | None:
    import keras

    if isinstance(layer, keras.layers.Softmax):
        return "softmax"
    return getattr(getattr(layer, "activation", None), "__name__", None)
