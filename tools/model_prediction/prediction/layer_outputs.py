"""Extract the outputs of a hidden layer, selected by number or name."""

import difflib
import re

import keras
import numpy as np

from galaxy_keras.errors import InputError
from galaxy_keras.estimator.predictions import NamedColumns
from galaxy_keras.messages import quote, show
from galaxy_keras.network.inner_names import to_shown

FIELD = "layer"


def cut_network(model: keras.Model, wanted: str) -> tuple[keras.Model, str]:
    """Return the part of a network that ends with a layer, and the layer's name.

    Parameters
    ----------
    wanted
        Name of a layer, or its 1-based number in the order of Keras' summary.

    Raises
    ------
    InputError
        The layer does not exist or is used in several places of the network.
    """
    layer = _find_layer(model, wanted)
    name = to_shown(layer.name)
    try:
        outputs = layer.output
    except AttributeError:
        raise InputError(
            f"{FIELD}: found {quote(name)}, which the network uses more than once; expected a layer that is used once"
        ) from None
    return keras.Model(model.inputs, outputs), name


def name_layer_outputs(outputs: np.ndarray, name: str) -> NamedColumns:
    """Return one column per output of a layer, named by the layer and the 1-based number of the output."""
    return [(f"{name}_{number}", values) for number, values in enumerate(outputs.T, start=1)]


def _find_layer(model: keras.Model, wanted: str) -> keras.Layer:
    layers = {to_shown(layer.name): layer for layer in model.layers}
    if wanted in layers:
        return layers[wanted]
    if re.fullmatch(r"\d{1,6}", wanted) and 1 <= int(wanted) <= len(model.layers):
        return model.layers[int(wanted) - 1]
    near = difflib.get_close_matches(wanted, layers, n=5, cutoff=0.4) or list(layers)[:10]
    raise InputError(
        f"{FIELD}: found {quote(wanted)}; expected a number from 1 to {len(layers)}, or a name such as "
        f"{', '.join(map(show, near))}"
    )
