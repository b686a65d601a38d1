"""Architecture files from strangers: Keras' own classes and nothing that runs code."""

import copy
import importlib
import json

import numpy as np
import pytest
from examples.scripts import TEST_DATA

from galaxy_keras.errors import ArchitectureError
from galaxy_keras.network.architecture import build_model, build_skeleton, check_architecture, read_architecture


@pytest.fixture
def dense():
    return json.loads((TEST_DATA / "dense_classifier_architecture.json").read_text())


def test_sequential_and_functional_networks_are_read(tmp_path, dense):
    import keras

    assert build_model(check_architecture(dense, "a")).count_params() == 43
    inputs = keras.Input((3,))
    functional = keras.Model(inputs, keras.layers.Dense(2)(inputs))
    path = tmp_path / "a.json"
    path.write_text(functional.to_json())
    assert build_model(read_architecture(path)).count_params() == 8


@pytest.mark.parametrize(
    "text, message",
    [
        ("", "the file is not JSON"),
        ("{", "the file is not JSON"),
        ("[" * 100000, "found lists or objects nested deeper; expected at most 100 levels"),
        ("[]", "not a Keras model"),
        ('{"class_name": "Sequential"}', "the list of layers is missing or damaged"),
        (
            '{"class_name": "Sequential", "config": {"layers": []}, "keras_version": "2.10.0"}',
            "the list of layers is missing or damaged",
        ),
        (
            '{"class_name": "Sequential", "config": [{"class_name": "Dense"}]}',
            "the list of layers is missing or damaged",
        ),
        ('{"module": "keras", "class_name": "Dense", "config": {}}', "found class 'Dense'; expected Sequential or"),
        ('{"module": "keras", "class_name": "Sequential", "config": {}}', "the list of layers is missing or damaged"),
    ],
)
def test_files_that_are_not_a_network_are_refused(tmp_path, text, message):
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(ArchitectureError, match=f"^architecture: {message}"):
        read_architecture(path)


def _replace_initializer(network, initializer):
    network["config"]["layers"][1]["config"]["kernel_initializer"] = initializer


def _add_layer(network, layer):
    network["config"]["layers"].append(layer)


def _nest(network, layer):
    inner = copy.deepcopy(network)
    inner["config"]["layers"].append(layer)
    network["config"]["layers"].append(inner)


LAMBDA = {"module": "keras.layers", "class_name": "Lambda", "config": {"function": "f"}}
HOSTILE = {
    "Lambda": lambda network: _add_layer(network, LAMBDA),
    "Lambda in a network in the network": lambda network: _nest(network, LAMBDA),
    "Lambda in a wrapper": lambda network: _add_layer(
        network, {"module": "keras.layers", "class_name": "TimeDistributed", "config": {"layer": LAMBDA}}
    ),
    "function as argument": lambda network: _replace_initializer(
        network, {"module": "builtins", "class_name": "function", "config": "eval"}
    ),
    "serialized lambda": lambda network: _replace_initializer(
        network, {"class_name": "__lambda__", "config": {"code": "x"}}
    ),
    "module of Python": lambda network: _replace_initializer(
        network, {"module": "os", "class_name": "system", "config": {"command": "true"}}
    ),
    "private module of Keras": lambda network: _replace_initializer(
        network, {"module": "keras.src.layers", "class_name": "Dense", "config": {}}
    ),
    "SavedModel from a path": lambda network: _add_layer(
        network, {"module": "keras.layers", "class_name": "TFSMLayer", "config": {"filepath": "x"}}
    ),
    "registered class": lambda network: _add_layer(
        network, {"module": None, "class_name": "Mine", "registered_name": "package>Mine", "config": {}}
    ),
}


@pytest.mark.parametrize("change", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_could_run_code_is_refused_before_anything_is_built(dense, change):
    change(dense)
    with pytest.raises(ArchitectureError, match="^a, layer [0-9]: found "):
        check_architecture(dense, "a")


@pytest.mark.parametrize(
    "module, class_name",
    [
        pytest.param("keras.models", "load_model", id="function that reads files"),
        pytest.param("keras.layers", "Dens", id="no class"),
        pytest.param("keras.layers", "__loader__", id="Python object"),
    ],
)
def test_classes_that_keras_does_not_have_are_refused_before_building(dense, module, class_name):
    """Reading leaves it to the building, which alone needs Keras."""
    _replace_initializer(dense, {"module": module, "class_name": class_name, "config": {}})
    with pytest.raises(ArchitectureError, match=f"^a, layer 2: found class {module}.{class_name}; expected classes of"):
        build_model(check_architecture(dense, "a"), "a")


def test_keras_reason_is_given_in_one_line(dense):
    dense["config"]["layers"][1]["config"]["units"] = -1
    with pytest.raises(ArchitectureError, match="^architecture: Keras cannot build the network: .*units") as error:
        build_model(dense)
    assert "\n" not in str(error.value)


def _make_recurrent(has_masks):
    import keras

    layers = keras.layers
    recurrent = [layers.Bidirectional(layers.GRU(3, return_sequences=True), name="gru"), layers.LSTM(2, name="lstm")]
    first = [layers.Masking()] if has_masks else []
    return keras.Sequential([keras.Input((4, 2)), *first, *recurrent])


def test_masks_of_any_form_are_taken_where_keras_would_use_cudnn(monkeypatch):
    """Keras stops at rows that are padded at the front, and at those that are empty, wherever it finds a GPU."""
    # The package has a function of this name.
    rnn = importlib.import_module("keras.src.backend.tensorflow.rnn")
    network = _make_recurrent(has_masks=True)
    values = np.random.default_rng(1).random((4, 4, 2), np.float32)
    values[0, :2], values[1, 2:], values[2] = 0, 0, 0
    expected = network.predict(values, verbose=0)
    monkeypatch.setattr(rnn, "_is_gpu_available", lambda: True)
    built = build_model(json.loads(network.to_json()))
    built.set_weights(network.get_weights())
    np.testing.assert_array_equal(built.predict(values, verbose=0), expected)
    # Keras keeps the choice in no file.
    assert json.loads(built.to_json()) == json.loads(network.to_json())


def test_networks_without_masks_may_use_cudnn():
    network = build_model(json.loads(_make_recurrent(has_masks=False).to_json()))
    assert network.get_layer("gru").backward_layer.use_cudnn == network.get_layer("lstm").use_cudnn == "auto"


@pytest.mark.parametrize("is_wrapped", [False, True])
def test_a_layer_that_keeps_its_state_is_refused(is_wrapped):
    import keras

    layer = keras.layers.LSTM(2, stateful=True)
    layer = keras.layers.Bidirectional(layer) if is_wrapped else layer
    network = keras.Sequential([keras.Input((3, 2), batch_size=4), layer])
    with pytest.raises(ArchitectureError, match=r"a, layer 2 \(LSTM\), stateful: found it on; expected False"):
        check_architecture(json.loads(network.to_json()), "a")


def test_a_seed_gives_the_weights_that_keras_gives():
    """Weights get their values after the network's size is known, and must be those of Keras' own way."""
    import keras

    text = _make_recurrent(has_masks=False).to_json()
    keras.utils.set_random_seed(7)
    expected = keras.models.model_from_json(text).get_weights()
    keras.utils.set_random_seed(7)
    for found, weight in zip(build_model(json.loads(text)).get_weights(), expected, strict=True):
        np.testing.assert_array_equal(found, weight)


def test_a_compiled_network_of_keras_is_read_without_its_settings(tmp_path):
    import keras

    network = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    network.compile("adam", "mse", metrics=["mae"])
    path = tmp_path / "a.json"
    path.write_text(network.to_json(), encoding="utf-8-sig")
    assert not build_model(read_architecture(path)).compiled


def test_an_operation_in_place_of_a_layer_is_named():
    import keras

    entry = keras.Input((3,))
    network = keras.Model(entry, keras.layers.Dense(3)(entry) + entry)
    with pytest.raises(ArchitectureError, match="found the operation Add on the outputs .* such as Add, Multiply"):
        check_architecture(json.loads(network.to_json()), "a")


@pytest.mark.parametrize("steps, size", [(4, 1), (1, 2)])
def test_an_adaptive_pooling_that_tensorflow_cannot_calculate_is_refused(steps, size):
    import keras

    network = keras.Sequential([keras.Input((steps, 2)), keras.layers.AdaptiveAveragePooling1D(size)])
    document = check_architecture(json.loads(network.to_json()), "a")
    found = rf"AdaptiveAveragePooling1D .*: found the output_size \({size},\) for an input of \[{steps}\] places"
    with pytest.raises(ArchitectureError, match=found):
        build_skeleton(document, "a")
