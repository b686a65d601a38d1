"""Canary tests of the private API of Keras; a new version of Keras may fail here first."""

import keras
import numpy as np
import pytest

from galaxy_keras.catalog.private_api import (
    enter_safe_mode,
    find_call,
    find_metric_direction,
    forget_open_weights,
    list_calls,
    use_dense_gradients,
)
from galaxy_keras.errors import InputError


def test_the_safe_mode_keeps_a_constructor_from_opening_a_file(tmp_path):
    path = tmp_path / "vocabulary"
    path.write_text("1\n2\n")
    assert keras.layers.IntegerLookup(vocabulary=str(path)).vocabulary_size() == 3
    with enter_safe_mode(), pytest.raises(ValueError, match="safe mode|safe_mode"):
        keras.layers.IntegerLookup(vocabulary=str(path))


def test_deferred_weights_are_initialized_unless_they_are_forgotten():
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


@pytest.mark.parametrize("metric, direction", [("AUC", "up"), ("MeanSquaredError", "down"), ("FalsePositives", None)])
def test_metrics_know_the_direction_in_which_they_improve(metric, direction):
    assert find_metric_direction(getattr(keras.metrics, metric)()) == direction


def test_a_missing_private_attribute_is_named():
    with pytest.raises(InputError, match="object does not have the private attribute _inbound_nodes"):
        list_calls(object())


def test_the_training_passes_sparse_gradients_to_the_patched_method():
    """With dense gradients, the first step of Adam for a word that occurs twice is the learning rate."""
    steps = {}
    for is_patched in (False, True):
        network = keras.Sequential(
            [keras.Input((2,)), keras.layers.Embedding(3, 1), keras.layers.Flatten(), keras.layers.Dense(1)]
        )
        network.set_weights([np.zeros((3, 1)), np.ones((2, 1)), np.zeros(1)])
        optimizer = keras.optimizers.Adam(0.1, epsilon=1e-12)
        if is_patched:
            use_dense_gradients(optimizer)
        network.compile(optimizer, "mean_squared_error")
        network.fit(np.array([[1, 1]]), np.array([[1.0]]), verbose=0)
        steps[is_patched] = abs(float(network.get_weights()[0][1, 0]))
    assert steps[True] == pytest.approx(0.1, rel=1e-4)
    # If this fails, Keras sums the slices itself, and the workaround can go.
    assert steps[False] != pytest.approx(0.1, rel=1e-2)
