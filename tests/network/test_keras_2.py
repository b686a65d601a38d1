"""Architectures and layers of Keras 2, as Keras 2.3 and tf.keras 2.10 wrote them."""

import json

import pytest

from galaxy_keras.errors import ArchitectureError
from galaxy_keras.network.architecture import build_model, read_architecture
from galaxy_keras.network.keras_2 import modernize_layer


def _dense(name, units, activation="linear", **config):
    """A Dense layer with all that Keras 2.3 wrote of one."""
    kernel = {"scale": 1.0, "mode": "fan_avg", "distribution": "uniform", "seed": None}
    return {
        "class_name": "Dense",
        "config": {
            "name": name,
            "trainable": True,
            "dtype": "float32",
            "units": units,
            "activation": activation,
            "use_bias": True,
            "kernel_initializer": {"class_name": "VarianceScaling", "config": kernel},
            "bias_initializer": {"class_name": "Zeros", "config": {}},
            "kernel_regularizer": {"class_name": "L1L2", "config": {"l1": 0.0, "l2": 0.25}},
            "bias_regularizer": None,
            "activity_regularizer": None,
            "kernel_constraint": {"class_name": "MaxNorm", "config": {"max_value": 3, "axis": 0}},
            "bias_constraint": None,
            **config,
        },
    }


@pytest.fixture
def convert(tmp_path):
    """Write a document, read it as the tools do, and build it."""

    def convert(document):
        path = tmp_path / "a.json"
        path.write_text(json.dumps(document))
        return build_model(read_architecture(path))

    return convert


def test_a_sequential_network_of_keras_2_3(convert, capsys):
    embedding = {
        "class_name": "Embedding",
        "config": {
            "name": "embedding_1",
            "batch_input_shape": [None, 20],
            "dtype": "float32",
            "input_dim": 50,
            "output_dim": 8,
            "embeddings_initializer": {
                "class_name": "RandomUniform",
                "config": {"minval": -0.5, "maxval": 0.5, "seed": None},
            },
            "mask_zero": False,
            "input_length": 20,
        },
    }
    lstm = {
        "class_name": "LSTM",
        "config": {
            "name": "lstm_1",
            "units": 6,
            "return_sequences": False,
            "recurrent_activation": "sigmoid",
            "implementation": 2,
            "kernel_initializer": {
                "class_name": "VarianceScaling",
                "config": {"scale": 2.0, "mode": "fan_in", "distribution": "normal", "seed": 5},
            },
        },
    }
    both = {
        "class_name": "Bidirectional",
        "config": {"name": "both", "layer": lstm, "merge_mode": "sum", "backward_layer": None},
    }
    config = {"name": "sequential_1", "layers": [embedding, both, _dense("dense_1", 1, "sigmoid")]}
    network = convert({"class_name": "Sequential", "config": config, "keras_version": "2.3.1", "backend": "tensorflow"})
    assert network.input_shape == (None, 20)
    assert [layer.name for layer in network.layers] == ["embedding_1", "both", "dense_1"]
    assert network.count_params() == 50 * 8 + 2 * 4 * (8 + 6 + 1) * 6 + 7
    first, middle, last = (layer.get_config() for layer in network.layers)
    assert first["embeddings_initializer"]["config"]["maxval"] == 0.5
    assert middle["merge_mode"] == "sum"
    kernel = middle["layer"]["config"]["kernel_initializer"]
    assert (kernel["class_name"], kernel["config"]["distribution"]) == ("VarianceScaling", "truncated_normal")
    assert last["kernel_regularizer"]["config"]["l2"] == 0.25
    assert last["kernel_constraint"]["config"]["max_value"] == 3
    said = capsys.readouterr().out
    assert "architecture: written by Keras 2.3.1, converted to Keras 3" in said
    assert "architecture, layer 1 (Embedding): input_length was ignored" in said


@pytest.mark.parametrize("class_name", ["Model", "Functional"])
def test_a_functional_network_of_both_revisions(convert, class_name):
    shape = "batch_input_shape"
    layers = [
        {"class_name": "InputLayer", "config": {shape: [None, 4], "dtype": "float32", "sparse": False, "name": "left"}},
        {
            "class_name": "InputLayer",
            "config": {shape: [None, 3], "dtype": "float32", "sparse": False, "ragged": False, "name": "right"},
        },
        {"class_name": "Concatenate", "config": {"name": "join", "trainable": True, "dtype": "float32", "axis": -1}},
        {
            "class_name": "BatchNormalization",
            "config": {
                "name": "norm",
                "axis": [1],
                "momentum": 0.5,
                "gamma_initializer": {"class_name": "Ones", "config": {}},
                "dtype": {"class_name": "Policy", "config": {"name": "float32"}},
            },
        },
        _dense("dense_1", 3, "softmax"),
        _dense("dense_2", 1),
    ]
    nodes = {
        "join": [[["left", 0, 0, {}], ["right", 0, 0, {}]]],
        "norm": [[["join", 0, 0, {}]]],
        "dense_1": [[["norm", 0, 0, {}]]],
        "dense_2": [[["norm", 0, 0, {}]]],
    }
    layers = [
        {**layer, "name": layer["config"]["name"], "inbound_nodes": nodes.get(layer["config"]["name"], [])}
        for layer in layers
    ]
    config = {
        "name": "model_1",
        "layers": layers,
        "input_layers": [["left", 0, 0], ["right", 0, 0]],
        "output_layers": [["dense_1", 0, 0], ["dense_2", 0, 0]],
    }
    network = convert({"class_name": class_name, "config": config, "keras_version": "2.10.0", "backend": "tensorflow"})
    assert [tuple(each.shape) for each in network.inputs] == [(None, 4), (None, 3)]
    assert [tuple(each.shape) for each in network.outputs] == [(None, 3), (None, 1)]
    assert network.get_layer("norm").momentum == 0.5
    assert network.count_params() == 4 * 7 + (7 + 1) * 3 + (7 + 1)


def test_layers_as_a_bare_list(convert):
    first = _dense("dense_1", 2, batch_input_shape=[None, 4])
    assert convert({"class_name": "Sequential", "config": [first, _dense("dense_2", 1)]}).count_params() == 13


def test_a_network_without_input_shape_stays_open(convert):
    assert not convert({"class_name": "Sequential", "config": {"layers": [_dense("dense_1", 2)]}}).built


@pytest.mark.parametrize(
    "layer, message",
    [
        ("LocallyConnected1D", "found LocallyConnected1D; expected Conv1D or another layer"),
        ("Mine", "found a layer that Keras 3 does not have"),
        ("Lambda", "found a Lambda layer, which can run code"),
    ],
)
def test_what_keras_3_lacks_is_refused_with_its_place(convert, layer, message):
    config = {"layers": [_dense("dense_1", 2, batch_input_shape=[None, 4]), {"class_name": layer, "config": {}}]}
    with pytest.raises(ArchitectureError, match=f"^architecture, layer [23].*: {message}"):
        convert({"class_name": "Sequential", "config": config})


@pytest.mark.parametrize(
    "class_name, arguments, current, changed",
    [
        ("CuDNNLSTM", {"units": 3}, "LSTM", {"units": 3}),
        ("CuDNNGRU", {"units": 3}, "GRU", {"units": 3, "reset_after": True}),
        ("ThresholdedReLU", {"theta": 0.5}, "ReLU", {"threshold": 0.5}),
        ("LeakyReLU", {"alpha": 0.0}, "LeakyReLU", {"negative_slope": 0.0}),
        ("ReLU", {"max_value": 0.0, "threshold_max_value": 1.0}, "ReLU", {"threshold": 1.0}),
        ("ReLU", {"max_value": 6.0}, "ReLU", {"max_value": 6.0}),
        ("Embedding", {"input_dim": 3, "input_length": 2}, "Embedding", {"input_dim": 3}),
        ("Dot", {"axis": 1}, "Dot", {"axes": 1}),
        ("Dense", {"units": 3}, "Dense", {"units": 3}),
    ],
)
def test_layers_get_the_names_of_keras_3(class_name, arguments, current, changed):
    assert modernize_layer(class_name, arguments, "layer 1") == (current, changed)


@pytest.mark.parametrize("class_name", ["LocallyConnected2D", "LSTMCell", "GRUCell", "SimpleRNNCell", "ConvLSTM2DCell"])
def test_what_has_no_equivalent_is_refused_with_the_nearest(class_name):
    with pytest.raises(ArchitectureError, match=f"^layer 1: found {class_name}; expected .* because "):
        modernize_layer(class_name, {}, "layer 1")
