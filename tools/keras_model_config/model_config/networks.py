"""Build networks layer by layer, so that messages name the layer that does not match."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from typing import Any, TYPE_CHECKING

from galaxy_keras.catalog.keras_objects import construct, describe_error
from galaxy_keras.errors import ArchitectureError, InputError
from galaxy_keras.log import say
from galaxy_keras.network.size import check_layer_count, check_output_sizes, check_parameter_count, check_pooling
from model_config.layer_blocks import INPUT, LayerBlock, list_names, SHARED
from model_config.layer_shapes import explain_refusal, find_misfit
from model_config.layers import make_layer
from model_config.references import Reference

if TYPE_CHECKING:
    import keras

SHAPE_EXAMPLE = "a tuple of sizes such as (32,) or (28, 28, 1)"


@dataclass
class Network:
    """The layers that have been created so far.

    Attributes
    ----------
    blocks, layers, outputs
        By block number; a layer may have several outputs. An input does not have a layer.
    names
        Block numbers by the names that the user assigned.
    read
        Numbers of the blocks whose outputs other layers read.
    parameter_count
        Number of parameters so far; shared layers count once.
    """

    names: dict[str, int]
    blocks: dict[int, LayerBlock] = field(default_factory=dict)
    layers: dict[int, "keras.Layer"] = field(default_factory=dict)
    outputs: dict[int, list[Any]] = field(default_factory=dict)
    read: set[int] = field(default_factory=set)
    parameter_count: int = 0

    def find(self, reference: Reference, block: LayerBlock, name: str) -> int:
        """Return the number of the earlier block that a reference selects."""
        return reference.find(self.names, block.number - 1, f"{block.place}, {name}")

    def take(self, reference: Reference, number: int, place: str) -> Any:
        """Return the output that a reference selects."""
        outputs = self.outputs[number]
        if reference.output > len(outputs):
            raise InputError(
                f"{place}: found {reference}; expected an output of layer {number} from 1 to {len(outputs)}"
            )
        self.read.add(number)
        return outputs[reference.output - 1]

    def call(self, block: LayerBlock, layer: "keras.Layer", inputs: list[Any], before: LayerBlock | None) -> None:
        """Apply the layer of a block to its inputs and store the outputs.

        Parameters
        ----------
        before
            The block whose output is the first input; None for the data.

        Raises
        ------
        ArchitectureError
            The layer does not accept its inputs, or the network is too large.
        """
        shapes = [tuple(tensor.shape[1:]) for tensor in inputs]
        misfit = find_misfit(layer, shapes, before)
        if misfit:
            raise ArchitectureError(f"{block.place}: {misfit}")
        try:
            given = layer(inputs) if takes_list(layer) else layer(*inputs)
        except Exception as error:  # Building and calling layers raises various exceptions.
            raise ArchitectureError(f"{block.place}: {explain_refusal(layer, shapes, before, error)}") from None
        if type(layer).__name__ == "Dense" and len(shapes[0]) > 2:
            say(f"{block.place}: is applied at each position; to combine the positions, put a Flatten layer before it")
        self.add(block, list(given) if isinstance(given, (list, tuple)) else [given], layer)
        self._check_size(block, layer)

    def add(self, block: LayerBlock, outputs: list[Any], layer: "keras.Layer | None" = None) -> None:
        """Store the outputs of a block, and its layer unless it is shared."""
        self.blocks[block.number] = block
        self.outputs[block.number] = outputs
        if layer is not None:
            self.layers[block.number] = layer

    def _check_size(self, block: LayerBlock, layer: "keras.Layer") -> None:
        if block.class_name != SHARED:
            self.parameter_count += layer.count_params()
        check_parameter_count(self.parameter_count, block.place)
        check_output_sizes(self.outputs[block.number], block.place)
        check_pooling(layer, block.place)


def build_sequential(shape: Any, blocks: list[LayerBlock]) -> "keras.Sequential":
    """Build a sequential network.

    Parameters
    ----------
    shape
        Shape of one sample. If it is None, each layer is checked separately and the network is not built.

    Raises
    ------
    ArchitectureError
        Keras refuses the arguments or the input of a layer, or the network is too large.
    """
    import keras

    check_layer_count(len(blocks), "layers")
    names = list_names(blocks)
    layers = [make_layer(block, names) for block in blocks]
    if shape is None:
        say("No input_shape: each layer was checked, but not whether the layers match each other and the data")
        return keras.Sequential(layers)
    network = Network(names)
    tensor, before = keras.Input(check_shape(shape, "input_shape")), None
    for block, layer in zip(blocks, layers, strict=True):
        network.call(block, layer, [tensor], before)
        outputs = network.outputs[block.number]
        if len(outputs) > 1:
            raise InputError(f"{block.place}, return_state: found True in a sequential network; expected False")
        tensor, before = outputs[0], block
        say(_describe(block, layer, outputs))
    return keras.Sequential([keras.Input(check_shape(shape, "input_shape")), *layers])


def build_functional(
    blocks: list[LayerBlock], inputs: tuple[Reference, ...], outputs: tuple[Reference, ...]
) -> "keras.Model":
    """Build a functional network.

    Parameters
    ----------
    inputs, outputs
        Input and output layers. If empty, all inputs, and all layers whose outputs no other layer reads.

    Raises
    ------
    ArchitectureError
        Keras refuses the arguments or the inputs of a layer, or the network is too large.
    InputError
        A layer reads a later layer, or inputs and outputs are not connected.
    """
    import keras

    check_layer_count(len(blocks), "layers")
    network = Network(list_names(blocks))
    for block in blocks:
        if block.class_name == INPUT:
            network.add(block, [_make_input(block, network.names)])
            say(_describe(block, None, network.outputs[block.number]))
        else:
            _connect(network, block)
    entries = _choose(network, inputs, "input_layers", [b.number for b in blocks if b.class_name == INPUT])
    exits = _choose(network, outputs, "output_layers", [b.number for b in blocks if b.number not in network.read])
    not_inputs = [number for number, _ in entries if blocks[number - 1].class_name != INPUT]
    if not_inputs:
        raise InputError(f"input_layers: found {blocks[not_inputs[0] - 1].place}; expected a layer of the type Input")
    try:
        model = keras.Model([tensor for _, tensor in entries], [tensor for _, tensor in exits])
    except ValueError as error:
        raise ArchitectureError(f"input_layers, output_layers: {describe_error(error)}") from None
    _report_loose_ends(network, blocks, model)
    return model


def _make_input(block: LayerBlock, taken: Container[str]) -> Any:
    import keras

    arguments = dict(block.arguments)
    shape = check_shape(arguments.pop("shape", None), f"{block.place}, shape")
    try:
        tensor = construct(keras.Input, {"shape": shape, **arguments}, block.place)
        while arguments.get("name") is None and tensor.name in taken:
            tensor = construct(keras.Input, {"shape": shape, **arguments}, block.place)
    except InputError:
        raise
    except Exception as error:  # The constructor raises various exceptions.
        raise ArchitectureError(f"{block.place}: {describe_error(error)}") from None
    return tensor


def _connect(network: Network, block: LayerBlock) -> None:
    """Apply the new or shared layer of a block to the outputs that it reads."""
    if block.class_name == SHARED and block.shared is not None:
        number = network.find(block.shared, block, "Layer")
        if number not in network.layers:
            raise InputError(f"{block.place}, Layer: found {block.shared}, an Input; expected a layer with weights")
        layer = network.layers[number]
    else:
        layer = make_layer(block, network.names)
    merges = takes_list(layer) or takes_query(layer)
    name = "merging_layers" if merges and block.class_name != SHARED else "inbound_nodes"
    if (len(block.inputs) < 2) if merges else (len(block.inputs) != 1):
        found = ", ".join(str(reference) for reference in block.inputs) or "nothing"
        expected = "two or more layers, such as [1, 2]" if merges else "one layer, such as 1"
        raise InputError(f"{block.place}, {name}: found {found}; expected {expected}")
    place = f"{block.place}, {name}"
    numbers = [network.find(found, block, name) for found in block.inputs]
    tensors = [network.take(found, number, place) for found, number in zip(block.inputs, numbers, strict=True)]
    network.call(block, layer, tensors, before=network.blocks[numbers[0]])
    say(_describe(block, layer, network.outputs[block.number]))


def _choose(
    network: Network, references: tuple[Reference, ...], field: str, automatic: Iterable[int]
) -> list[tuple[int, Any]]:
    """Return the input or output layers."""
    if not references:
        numbers = list(automatic)
        if not numbers:
            raise InputError(f"{field}: all layers are read by others; expected at least one output")
        say(f"{field}: not set; using {', '.join(str(number) for number in numbers)}")
        return [(number, network.outputs[number][0]) for number in numbers]
    found = [(reference, reference.find(network.names, max(network.outputs), field)) for reference in references]
    return [(number, network.take(reference, number, field)) for reference, number in found]


def _report_loose_ends(network: Network, blocks: list[LayerBlock], model: "keras.Model") -> None:
    """Log layers that are not connected to an output; Keras omits them."""
    kept = {id(layer) for layer in model.layers}
    for block in blocks:
        layer = network.layers.get(block.number)
        if layer is not None and id(layer) not in kept:
            say(f"{block.place}: omitted because it is not connected to an output layer")


def takes_list(layer: "keras.Layer") -> bool:
    """Return whether a layer takes several inputs as one list."""
    from keras import layers

    merging = (layers.Add, layers.Subtract, layers.Multiply, layers.Average, layers.Maximum, layers.Minimum)
    others = (layers.Concatenate, layers.Dot, layers.Attention, layers.AdditiveAttention, layers.HashedCrossing)
    return isinstance(layer, (*merging, *others))


def takes_query(layer: "keras.Layer") -> bool:
    """Return whether a layer takes several inputs as separate arguments: query, value and optionally key."""
    from keras import layers

    return isinstance(layer, (layers.MultiHeadAttention, layers.GroupQueryAttention))


def check_shape(shape: Any, field: str) -> tuple[int | None, ...]:
    """Return a shape, and refuse values that are not sizes. A single number is a shape of one dimension."""
    if isinstance(shape, int) and not isinstance(shape, bool):
        shape = (shape,)
    if not isinstance(shape, (tuple, list)) or not shape or not all(_is_size(size) for size in shape):
        found = "an empty field" if shape is None else repr(shape)
        raise InputError(f"{field}: found {found}; expected {SHAPE_EXAMPLE}")
    return tuple(shape)


def _is_size(size: Any) -> bool:
    return size is None or (isinstance(size, int) and not isinstance(size, bool) and size > 0)


def _describe(block: LayerBlock, layer: "keras.Layer | None", outputs: list[Any]) -> str:
    """Describe the output shape and the number of parameters of a layer in one line."""
    shapes = " and ".join(str(tuple(tensor.shape)) for tensor in outputs)
    count = f", {layer.count_params():,} parameters" if layer is not None else ""
    return f"{block.place}: output shape {shapes}{count}"
