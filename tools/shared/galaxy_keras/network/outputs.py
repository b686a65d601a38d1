"""Describe the output layers of a network."""

from dataclasses import dataclass
from typing import Any, TYPE_CHECKING

from galaxy_keras.errors import ArchitectureError
from galaxy_keras.network.inner_names import to_shown

if TYPE_CHECKING:
    import keras

SIGMOIDS = ("sigmoid", "hard_sigmoid")
# Activations whose outputs are probabilities.
PROBABILITY_ACTIVATIONS = (*SIGMOIDS, "softmax")


@dataclass(frozen=True)
class Output:
    """An output of a network, or several outputs with one target.

    Attributes
    ----------
    name
        Name of the output layer.
    units
        Number of values per row; None if the network is not built.
    activation
        Name of the activation in Keras; None if the layer does not have one, or if several outputs have different ones.
    """

    name: str
    units: int | None
    activation: str | None

    @property
    def is_independent(self) -> bool:
        """Whether the values can represent independent labels."""
        return self.activation in SIGMOIDS


def read_outputs(model: "keras.Model") -> list[Output]:
    """Return the outputs of a network.

    Returns
    -------
    list of Output
        In the order of the network's outputs.

    Raises
    ------
    ArchitectureError
        An output is not one vector per row.
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
    """Return several outputs as one."""
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
    """Join outputs that share one target: those for real numbers, and those for independent labels."""
    if task == "regression" or all(output.is_independent for output in output_layers):
        return [join_outputs(output_layers)]
    return output_layers


def name_output_layers(architecture: dict[str, Any]) -> list[str]:
    """Return the name of each output layer of a checked architecture, without building it."""
    config = architecture["config"]
    try:
        if "output_layers" not in config:
            return [config["layers"][-1]["config"].get("name")]
        outputs = config["output_layers"]
        if isinstance(outputs, dict):
            outputs = list(outputs.values())
        # A single output is not in a list.
        return [output[0] for output in ([outputs] if isinstance(outputs[0], str) else outputs)]
    except (LookupError, TypeError, AttributeError):
        raise ArchitectureError(
            "architecture: the list of output layers is missing or damaged; expected JSON of model.to_json()"
        ) from None


def output_activation(model: "keras.Model") -> str | None:
    """Return the last activation of a network with a single output.

    Layers that only reshape, or that are inactive in prediction, are skipped.

    Returns
    -------
    str or None
        Name in Keras, such as ``sigmoid``; None if the last layer does not have an activation.
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
