"""Mixed precision: layers compute with 16 bits and store weights with 32 bits, which is much faster on GPUs."""

import copy
from typing import Any

import keras

from galaxy_keras.network.architecture import build_model
from galaxy_keras.network.outputs import name_output_layers

FULL = "float32"
# Layers that have an implementation in cuDNN.
CUDNN_LAYERS = ("LSTM", "GRU")


def build_with_precision(architecture: dict[str, Any], policy: str) -> keras.Model:
    """Build a network whose layers use a dtype policy, except output layers and layers with another policy.

    Parameters
    ----------
    architecture
        The network as Keras serializes it; unchanged.
    policy
        ``float32``, ``mixed_float16`` or ``mixed_bfloat16``.
    """
    model = build_model(_lower_precision(architecture, policy) if policy != FULL else architecture)
    # Keras 3.15 does not serialize the policy of a model, which decides whether Keras scales the loss up so that small
    # gradients stay above zero.
    model.dtype_policy = keras.DTypePolicy(policy)
    return model


def _lower_precision(architecture: dict[str, Any], policy: str) -> dict[str, Any]:
    lowered = copy.deepcopy(architecture)
    output_layers = name_output_layers(lowered)
    for layer in lowered["config"]["layers"]:
        # Losses need the full precision of the outputs.
        if layer["config"].get("name") not in output_layers:
            _set_policy(layer, policy)
    return lowered


def _set_policy(node: Any, policy: str) -> None:
    if isinstance(node, list):
        for part in node:
            _set_policy(part, policy)
    elif isinstance(node, dict):
        if node.get("class_name") == "DTypePolicy" and node["config"]["name"] == FULL:
            node["config"]["name"] = policy
        if node.get("class_name") in CUDNN_LAYERS and keras.config.backend() == "jax":
            # jaxlib 0.11 supports cuDNN's recurrent layers with 32 bits only, and fails with 16 bits.
            node["config"]["use_cudnn"] = False
        for part in node.values():
            _set_policy(part, policy)
