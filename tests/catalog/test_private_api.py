"""Keras' private API still does what the suite needs of it; a new version of Keras may fail here first."""

import keras
import numpy as np
import pytest

from galaxy_keras.catalog.private_api import enter_safe_mode, find_call, forget_open_weights, list_calls


def test_the_safe_mode_keeps_a_constructor_from_opening_a_file(tmp_path):
    path = tmp_path / "vocabulary"
    path.write_text("1\n2\n")
    assert keras.layers.IntegerLookup(vocabulary=str(path)).vocabulary_size() == 3
    with enter_safe_mode(), pytest.raises(ValueError, match="safe mode|safe_mode"):
        keras.layers.IntegerLookup(vocabulary=str(path))


def test_open_weights_are_given_values_unless_they_are_forgotten():
    with keras.StatelessScope(initialize_variables=False):
        kept = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])
    with keras.StatelessScope():
        pass
    assert np.isfinite(kept.get_weights()[0]).all()
    with keras.StatelessScope(initialize_variables=False):
        dropped = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])
    forget_open_weights()
    with keras.StatelessScope():
        pass
    assert dropped.weights[0]._value is None


def test_the_calls_of_a_shared_layer_are_found():
    first, second, layer = keras.Input((2,)), keras.Input((2,)), keras.layers.Dense(2)
    outputs = [layer(first), layer(second)]
    first_call, second_call = list_calls(layer)
    assert first_call.input_tensors[0] is first
    assert second_call.input_tensors[0] is second
    assert second_call.output_tensors[0] is outputs[1]
    assert find_call(outputs[1]) == (layer, 1)
