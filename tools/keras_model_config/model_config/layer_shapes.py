"""Check the input shapes of layers, and suggest how to correct them. Shapes do not include the batch dimension.

The messages of Keras refer to its code, and it detects some mismatches only when the network runs.
"""

import math
import re
from collections.abc import Iterator
from typing import Any, TYPE_CHECKING

from galaxy_keras.catalog.keras_objects import describe_error
from model_config.layer_blocks import LayerBlock

if TYPE_CHECKING:
    import keras

Shape = tuple[int | None, ...]
CHANNELS, STEPS = "channels", "steps"
SEQUENCE, IMAGE = (STEPS, "features"), ("rows", "columns", CHANNELS)
# Dimensions of the input by layer class. Other layers accept any number of dimensions.
DIMENSIONS = {
    r"LSTM|GRU|SimpleRNN|MultiHeadAttention|GroupedQueryAttention": SEQUENCE,
    r"RepeatVector": ("features",),
    r"STFTSpectrogram": ("samples", CHANNELS),
    r"ConvLSTM1D": (STEPS, "positions", CHANNELS),
    r"ConvLSTM2D": (STEPS, *IMAGE),
    r"ConvLSTM3D": (STEPS, "depth", *IMAGE),
    r"\w+1D(Transpose)?": (STEPS, CHANNELS),
    r"\w+2D(Transpose)?": IMAGE,
    r"\w+3D(Transpose)?": ("depth", *IMAGE),
    r"Random\w+|RandAugment|AugMix|AutoContrast|ContrastLimited\w+|Solarization|Resizing|CenterCrop": IMAGE,
}
# Multi-head attention also accepts more dimensions.
AT_LEAST = ("MultiHeadAttention",)
COLORS = {
    **dict.fromkeys(("RandomSaturation", "RandomHue", "RandomColorDegeneration"), (3,)),
    "RandomGrayscale": (1, 3),
}
# Layers that merge inputs of equal shape.
ALIKE = ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate")
FLATTENING = r"Flatten|Global\w+"


def find_misfit(layer: "keras.Layer", shapes: list[Shape], before: LayerBlock | None) -> str | None:
    """Describe the mismatch of the inputs of a layer and how to correct it; None if no mismatch is known.

    Parameters
    ----------
    before
        The layer whose output is the first input; None for the data.
    """
    shape, dimensions = shapes[0], _name_dimensions(layer)
    class_name = type(layer).__name__
    if dimensions and len(shape) != len(dimensions) and not (class_name in AT_LEAST and len(shape) > len(dimensions)):
        mend = _mend(shape, dimensions, before)
        listed = ", ".join(dimensions) + "," * (len(dimensions) == 1)
        return f"{_describe_input(shape, before)}; expected ({listed}): {mend}"
    wrong = next(_list_wrong_sizes(layer, shape, dimensions or ()), None)
    return f"{_describe_input(shape, before)}; expected {wrong}" if wrong else None


def explain_refusal(layer: "keras.Layer", shapes: list[Shape], before: LayerBlock | None, error: Exception) -> str:
    """Describe why Keras refuses the inputs of a layer."""
    found = _describe_input(shapes[0], before)
    if len(shapes) > 1:
        found = f"found inputs of the shapes {' and '.join(map(str, shapes))}"
    if type(layer).__name__ in ALIKE:
        return f"{found}; expected shapes that are the same {_except_axis(layer)}"
    count = getattr(layer.input_spec, "ndim", None)
    if count and count != len(shapes[0]) + 1:
        return f"{found}; expected a shape of {count - 1} sizes: {_mend(shapes[0], ('',) * (count - 1), before)}"
    if any(None in shape for shape in shapes):
        return f"{found}; expected numbers instead of None, because the layer's weights or its output depend on them"
    # Other exceptions refer to Keras' code, not to the layer.
    reason = f": {describe_error(error)}" if isinstance(error, ValueError) else ""
    return f"{found}; expected another shape{reason}"


def _except_axis(layer: "keras.Layer") -> str:
    axis = getattr(layer, "axis", None)
    return "in all sizes" if axis is None else f"in all sizes except axis {axis}, along which they are concatenated"


def _describe_input(shape: Shape, before: LayerBlock | None) -> str:
    return f"found an input of the shape {shape}{f' from {before.place}' if before else ''}"


def _name_dimensions(layer: "keras.Layer") -> tuple[str, ...] | None:
    import keras

    class_name = type(layer).__name__
    if isinstance(layer, keras.layers.TimeDistributed):
        inner = _name_dimensions(layer.layer)
        return inner and (STEPS, *inner)
    if isinstance(layer, (keras.layers.Wrapper, keras.layers.Bidirectional)):
        return _name_dimensions(layer.layer if isinstance(layer, keras.layers.Wrapper) else layer.forward_layer)
    if isinstance(layer, keras.layers.EinsumDense):
        letters = layer.equation.split(",")[0].strip()
        return None if "." in letters else tuple(f"{letter} of the equation" for letter in letters[1:])
    dimensions = next((found for names, found in DIMENSIONS.items() if re.fullmatch(names, class_name)), None)
    if dimensions and CHANNELS in dimensions and getattr(layer, "data_format", None) == "channels_first":
        spatial = [name for name in dimensions[:-1] if not (class_name.startswith("ConvLSTM") and name == STEPS)]
        return (*dimensions[: len(dimensions) - 1 - len(spatial)], CHANNELS, *spatial)
    return dimensions


def _mend(shape: Shape, dimensions: tuple[str, ...], before: LayerBlock | None) -> str:
    """Suggest how to convert a shape to another number of dimensions."""
    if before and len(shape) < len(dimensions):
        if dimensions[0] == STEPS and re.fullmatch("LSTM|GRU|SimpleRNN", before.class_name):
            return f"return_sequences on in {before.place}"
        if re.fullmatch(FLATTENING, before.class_name):
            return f"leave out {before.place}, or put a Reshape layer after it"
    if len(dimensions) == 1:
        return "put a Flatten layer before it"
    target = _choose_target(shape, len(dimensions))
    such = f", target_shape {target}" if target else ""
    return f"put a Reshape layer before it{such}"


def _choose_target(shape: Shape, count: int) -> Shape | None:
    """Return the most likely shape with the required number of dimensions."""
    sizes = [size for size in shape if size is not None]
    if len(sizes) < len(shape):
        return None
    if len(sizes) + 1 == count:
        return (*sizes, 1)
    side = math.isqrt(sizes[0])
    if len(sizes) == 1 and count == 3 and side**2 == sizes[0] > 1:
        return (side, side, 1)
    return (*sizes[: count - 1], math.prod(sizes[count - 1 :])) if len(sizes) > count else None


def _list_wrong_sizes(layer: "keras.Layer", shape: Shape, dimensions: tuple[str, ...]) -> Iterator[str]:
    """Yield the required sizes that the input does not have."""
    class_name = type(layer).__name__
    spatial = [number for number, name in enumerate(dimensions) if name not in (CHANNELS, "features")]
    if class_name.startswith("ConvLSTM"):
        spatial = [number for number in spatial if dimensions[number] != STEPS]
    names = {number: dimensions[number] for number in spatial}
    yield from _list_small_windows(layer, shape, names)
    channels = COLORS.get(class_name)
    if channels and shape[dimensions.index(CHANNELS)] not in (None, *channels):
        yield f"images of {' or '.join(map(str, channels))} channels"
    if class_name == "Reshape" and None not in shape and -1 not in layer.target_shape:
        count, wanted = math.prod(size or 0 for size in shape), math.prod(layer.target_shape)
        if count != wanted:
            yield f"{wanted} numbers for the target_shape {layer.target_shape}, but the input has {count}"
    if class_name == "CategoryEncoding" and layer.output_mode != "one_hot" and len(shape) > 1 and shape[-1] != 1:
        yield "one row of codes: put a Flatten layer before it"
    if class_name == "MelSpectrogram" and shape[-1] is not None and shape[-1] <= layer.fft_length // 2:
        least = layer.fft_length // 2 + 1
        yield f"at least {least} samples for the fft_length {layer.fft_length}, or a smaller fft_length"


def _list_small_windows(layer: "keras.Layer", shape: Shape, names: dict[int, str]) -> Iterator[str]:
    """Yield the dimensions in which a window of the layer is larger than its input."""
    argument = next((name for name in ("kernel_size", "pool_size", "frame_length") if hasattr(layer, name)), None)
    sizes: Any = getattr(layer, argument) if argument else ()
    sizes = (sizes,) if isinstance(sizes, int) else sizes
    dilations = getattr(layer, "dilation_rate", None) or (1,) * len(names)
    is_cut = getattr(layer, "padding", "") == "valid" and not type(layer).__name__.endswith("Transpose")
    for (number, name), size, dilation in zip(names.items(), sizes if is_cut else (), dilations, strict=False):
        least = (size - 1) * dilation + 1
        if shape[number] is not None and shape[number] < least:
            yield f"at least {least} {name} for the {argument} {sizes}, a smaller {argument}, or the padding same"
    cropping = getattr(layer, "cropping", None)
    if cropping is not None and names:
        pairs = [cropping] if isinstance(cropping[0], int) else cropping
        for (number, name), pair in zip(names.items(), pairs, strict=True):
            if shape[number] is not None and shape[number] <= sum(pair):
                yield f"more than {sum(pair)} {name} for the cropping {tuple(pair)}"
