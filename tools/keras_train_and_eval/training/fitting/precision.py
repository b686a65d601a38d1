"""Mixed precision: layers calculate in 16 bits and keep their weights in 32, much faster on graphics processors."""

import copy
from typing import Any

import keras

from galaxy_keras.network.architecture import build_model
from galaxy_keras.network.outputs import name_output_layers

FULL = "float32"


def build_with_precision(architecture: dict[str, Any], policy: str) -> keras.Model:
    """Build a network of another precision; what calculates in 32 bits by default takes it, the outputs excepted.

    Parameters
    ----------
    architecture
        As Keras serializes it; left as it is.
    policy
        ``float32``, ``mixed_float16`` or ``mixed_bfloat16``.
    """
    model = build_model(_lower_precision(architecture, policy) if policy != FULL else architecture)
    # Keras forgets that of a whole model, by which it decides whether small gradients must be scaled up.
    model.dtype_policy = keras.DTypePolicy(policy)
    return model


def _lower_precision(architecture: dict[str, Any], policy: str) -> dict[str, Any]:
    lowered = copy.deepcopy(architecture)
    kept = name_output_layers(lowered)
    for layer in lowered["config"]["layers"]:
        # Losses need all digits of what comes out.
        if layer["config"].get("name") not in kept:
            _set_policy(layer, policy)
    return lowered


def _set_policy(node: Any, policy: str) -> None:
    if isinstance(node, list):
        for part in node:
            _set_policy(part, policy)
    elif isinstance(node, dict):
        if node.get("class_name") == "DTypePolicy" and node["config"]["name"] == FULL:
            node["config"]["name"] = policy
        for part in node.values():
            _set_policy(part, policy)
