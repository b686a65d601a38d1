"""Mixed precision: layers with 16 bits, and weights and outputs with 32 bits."""

import json

import numpy as np
import pytest

from training.fitting import precision


def make_network(is_sequential):
    import keras

    layers = [keras.layers.Dense(4, name="hidden"), keras.layers.Dense(2, name="output")]
    if is_sequential:
        return keras.Sequential([keras.Input((3,)), *layers])
    inputs = keras.Input((3,))
    return keras.Model(inputs, layers[1](layers[0](inputs)))


@pytest.mark.parametrize("is_sequential", [True, False], ids=["sequential", "functional"])
def test_all_layers_except_the_last_compute_with_16_bits(is_sequential):
    architecture = json.loads(make_network(is_sequential).to_json())
    before = json.dumps(architecture)
    model = precision.build_with_precision(architecture, "mixed_float16")
    assert json.dumps(architecture) == before
    assert model.get_layer("hidden").compute_dtype == "float16"
    assert model.get_layer("hidden").kernel.dtype == "float32"
    assert model.get_layer("output").compute_dtype == "float32"
    assert model.dtype_policy.name == "mixed_float16"
    assert model(np.ones((1, 3))).dtype == "float32"


def test_layers_inside_layers_compute_with_16_bits():
    import keras

    network = keras.Sequential(
        [keras.Input((3, 2)), keras.layers.Bidirectional(keras.layers.LSTM(2)), keras.layers.Dense(1)]
    )
    model = precision.build_with_precision(json.loads(network.to_json()), "mixed_bfloat16")
    assert model.layers[0].forward_layer.cell.compute_dtype == "bfloat16"


def test_recurrent_layers_on_jax_do_not_use_cudnn(monkeypatch):
    import keras

    network = keras.Sequential(
        [keras.Input((3, 2)), keras.layers.Bidirectional(keras.layers.LSTM(2)), keras.layers.Dense(1)]
    )
    architecture = json.loads(network.to_json())
    monkeypatch.setattr(keras.config, "backend", lambda: "jax")
    model = precision.build_with_precision(architecture, "mixed_float16")
    assert model.layers[0].forward_layer.use_cudnn is False
    assert precision.build_with_precision(architecture, "float32").layers[0].forward_layer.use_cudnn == "auto"
