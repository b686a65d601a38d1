"""The architecture tool: forms to networks, and what it refuses."""

import json
from pathlib import Path

import pytest
from examples.default_forms import config_form, functional_form, layer_block
from examples.scripts import run_as_user, TEST_DATA

TOOL = "keras_model_config"
DENSE = {"layer_type": "Dense", "units": 3, "activation": "relu", "kwargs": ""}


@pytest.fixture
def make(run_tool, tmp_path):
    """Make an architecture and load it with Keras alone."""
    import keras

    def make(form):
        assert run_tool(TOOL, form, outfile="a.json") == 0
        return keras.models.model_from_json((tmp_path / "out" / "a.json").read_text())

    return make


def test_the_tutorials_network_equals_a_hand_written_one(make):
    import keras

    expected = keras.Sequential(
        [
            keras.Input((500,)),
            keras.layers.Embedding(10000, 32),
            keras.layers.LSTM(100),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    found = make(config_form())
    assert [layer.__class__ for layer in found.layers] == [layer.__class__ for layer in expected.layers]
    assert found.count_params() == expected.count_params() == 373301
    assert found.output_shape == (None, 1)


def test_every_layer_keeps_its_values(make):
    network = make(
        config_form(
            {"layer_type": "Embedding", "input_dim": 9, "output_dim": 4, "kwargs": "embeddings_initializer='zeros'"},
            {"layer_type": "LSTM", "units": 5, "kwargs": "dropout=0.25, return_sequences=True"},
            {"layer_type": "Flatten", "data_format": "channels_first"},
            {"layer_type": "Dropout", "rate": 0.0, "kwargs": "noise_shape=[None, 1]"},
            {"layer_type": "Dense", "units": 2, "activation": "linear", "kwargs": "kernel_initializer='he_normal'"},
            {"layer_type": "Activation", "activation": "softmax"},
            input_shape="(6,)",
        )
    )
    embedding, lstm, flatten, dropout, dense, activation = (layer.get_config() for layer in network.layers)
    assert (embedding["input_dim"], embedding["output_dim"]) == (9, 4)
    assert embedding["embeddings_initializer"]["class_name"] == "Zeros"
    assert (lstm["units"], lstm["dropout"], lstm["return_sequences"]) == (5, 0.25, True)
    assert flatten["data_format"] == "channels_first"
    assert dropout["rate"] == 0.0
    assert dense["kernel_initializer"]["class_name"] == "HeNormal"
    assert activation["activation"] == "softmax"


@pytest.mark.parametrize("kwargs", [None, "", "  "], ids=["null", "empty", "blanks"])
def test_blank_further_arguments_are_none(make, kwargs):
    assert make(config_form({**DENSE, "kwargs": kwargs}, input_shape="(4,)")).count_params() == 15


@pytest.mark.parametrize("shape", [None, "", "None"])
def test_without_an_input_shape_the_network_stays_open(make, shape):
    assert not make(config_form(DENSE, input_shape=shape)).built


@pytest.mark.parametrize("kwargs", ["input_dim=7", "input_shape=(7,)", "batch_input_shape=(None, 7)"])
def test_an_input_shape_in_the_old_place_is_used(make, kwargs):
    assert make(config_form({**DENSE, "kwargs": kwargs}, input_shape="")).input_shape == (None, 7)


def test_an_argument_that_keras_3_does_not_need_is_ignored_with_a_word(make, capsys):
    make(config_form({"layer_type": "Embedding", "input_dim": 9, "output_dim": 4, "kwargs": "input_length=6"}))
    assert "layer 1 (Embedding): input_length was ignored" in capsys.readouterr().out


def test_wrappers_have_the_name_of_their_layer(make):
    block = layer_block(
        "LSTM", options={"name": "both", "time_distributed": True, "trainable": False}, units=3, bidirectional="mul"
    )
    normalized = layer_block("Dense", options={"spectral_normalization": 2}, units=2)
    network = make(config_form(block, normalized, input_shape="(2, 6, 4)"))
    outer = network.layers[0].get_config()
    assert (outer["name"], outer["layer"]["class_name"]) == ("both", "Bidirectional")
    inner = outer["layer"]["config"]
    assert inner["merge_mode"] == "mul"
    assert inner["layer"]["config"]["trainable"] is False
    assert network.layers[1].get_config()["power_iterations"] == 2
    assert network.output_shape == (None, 2, 2)


def test_initializers_regularizers_and_constraints_apply_to_their_weights(make):
    weights = {
        "initializers": [
            {"weights": "kernel", "initializer": {"initializer_type": "RandomUniform", "minval": 0.0, "maxval": 0.0}},
            {"weights": "bias", "initializer": {"initializer_type": "Constant", "value": 2.0}},
        ],
        "regularizers": [{"weights": "activity", "regularizer": {"regularizer_type": "L1", "l1": 0.5}}],
        "constraints": [{"weights": "kernel", "constraint": {"constraint_type": "UnitNorm", "axis": "[0, 1]"}}],
    }
    network = make(config_form(layer_block("Dense", weights=weights, units=3), input_shape="(4,)"))
    kernel, bias = network.get_weights()
    assert (kernel == 0).all()
    assert (bias == 2).all()
    config = network.layers[0].get_config()
    assert config["activity_regularizer"]["config"]["l1"] == 0.5
    assert config["kernel_constraint"]["config"]["axis"] == [0, 1]


def test_the_published_fields_of_prelu_are_objects_of_keras(make):
    limit = {"constraint_type": "MinMaxNorm", "constraint_options": {"min_value": 0.5, "rate_max_value": 0.25}}
    block = layer_block(
        "PReLU", alpha_initializer="ones", alpha_regularizer="(0., 0.5)", alpha_constraint=limit, shared_axes="[1]"
    )
    config = make(config_form(block, input_shape="(4, 2)")).layers[0].get_config()
    assert config["alpha_regularizer"]["config"]["l2"] == 0.5
    assert (config["alpha_constraint"]["config"]["rate"], config["alpha_constraint"]["config"]["min_value"]) == (
        0.25,
        0.5,
    )


@pytest.mark.parametrize("strides, steps", [("", 3), ("1", 7), ("2", 4)])
def test_a_pooling_steps_by_its_window_unless_told_otherwise(make, strides, steps):
    pooling = {"layer_type": "MaxPooling1D", "pool_size": "3", "strides": strides, "kwargs": ""}
    assert make(config_form(pooling, input_shape="(9, 2)")).output_shape == (None, steps, 2)


def test_a_relu_is_not_limited_by_default(make):
    relu = {"layer_type": "ReLU", "max_value": None, "negative_slope": 0.0, "threshold_max_value": 0.0}
    network = make(config_form(relu, {**relu, "max_value": 6.0}, input_shape="(2,)"))
    assert [layer.max_value for layer in network.layers] == [None, 6.0]


def test_brackets_and_both_quotes_arrive_as_typed(make):
    penalty = "{'module': 'keras.regularizers', 'class_name': 'L1', 'config': {'l1': 2.0}}"
    block = {**DENSE, "kwargs": f'name="it\'s", bias_regularizer={penalty}'}
    network = make(config_form({"layer_type": "Reshape", "target_shape": "[2, 2]"}, block, input_shape="(4,)"))
    assert network.layers[0].target_shape == (2, 2)
    assert network.layers[1].name == "it's"
    assert network.layers[1].bias_regularizer.l1 == 2.0


def _input(shape="(4,)", **fields):
    return layer_block("Input", shape=shape, name=fields.get("name", ""), dtype="float32", sparse=False)


def _dense(inbound, units=4, **options):
    return layer_block("Dense", options=options, units=units, activation="relu", inbound_nodes=inbound)


def test_a_functional_network_equals_a_hand_written_one(make):
    import keras
    import numpy as np

    network = make(
        functional_form(
            _input("(20,)", name="words"),
            layer_block("Embedding", input_dim=50, output_dim=8, inbound_nodes="words"),
            layer_block("LSTM", units=6, inbound_nodes=2),
            _input(),
            layer_block("Concatenate", merging_layers="[4, 3]", axis=-1),
            _dense("5", 3, name="species"),
            _dense("5", 1),
            inputs="[4, 1]",
            outputs="['species', 7]",
        )
    )
    left, words = keras.Input((4,)), keras.Input((20,))
    joined = keras.layers.Concatenate()([left, keras.layers.LSTM(6)(keras.layers.Embedding(50, 8)(words))])
    exits = [keras.layers.Dense(units, activation="relu")(joined) for units in (3, 1)]
    expected = keras.Model([left, words], exits)
    expected.set_weights(network.get_weights())
    data = [np.full((2, 4), 0.5, "float32"), np.arange(40, dtype="float32").reshape(2, 20)]
    for found, right in zip(network(data), expected(data), strict=True):
        np.testing.assert_array_equal(np.asarray(found), np.asarray(right))


def test_a_layer_used_before_shares_its_weights(make):
    network = make(
        functional_form(
            *(_input("(4,)"), _input("(4,)")),
            _dense("1", name="twin"),
            layer_block("SharedLayer", layer="twin", inbound_nodes="2"),
            layer_block("Dot", merging_layers="[3, 4]", axis="1", normalize=True),
        )
    )
    assert network.count_params() == 20
    assert len(network.inputs) == 2


def test_an_attention_used_before_reads_several_layers_too(make):
    attention = layer_block("MultiHeadAttention", num_heads=2, key_dim=3, merging_layers="[1, 1]")
    again = layer_block("SharedLayer", layer="2", inbound_nodes="[2, 1]")
    once = make(functional_form(_input("(5, 4)"), attention)).count_params()
    assert make(functional_form(_input("(5, 4)"), attention, again)).count_params() == once


def test_the_state_of_a_recurrent_layer_is_its_second_output(make):
    lstm = layer_block("LSTM", units=6, return_state=True, inbound_nodes="1")
    network = make(
        functional_form(_input("(5, 4)"), lstm, layer_block("Add", merging_layers="[2, 2:3]"), _dense("3", 1))
    )
    assert network.output_shape == (None, 1)


@pytest.mark.parametrize("layer", ["Activation", "BatchNormalization", "RepeatVector", "GaussianNoise", "AlphaDropout"])
def test_layers_that_the_published_forms_could_not_connect(make, layer):
    fields = {"activation": "relu", "n": 2, "stddev": 0.5, "rate": 0.5}
    own = {"Activation": ["activation"], "RepeatVector": ["n"], "GaussianNoise": ["stddev"], "AlphaDropout": ["rate"]}
    block = layer_block(layer, inbound_nodes="1", **{name: fields[name] for name in own.get(layer, [])})
    assert type(make(functional_form(_input(), block)).layers[-1]).__name__ == layer


def test_layers_without_a_connection_to_an_output_are_logged(make, capsys):
    network = make(functional_form(_input(), _dense("1", 2), _dense("1", 3), outputs="[2]"))
    assert network.output_shape == (None, 2)
    assert "layer 3 (Dense): omitted because it is not connected to an output layer" in capsys.readouterr().out


def test_a_network_is_refused_before_it_takes_memory(check_refusal, monkeypatch):
    monkeypatch.setenv("GALAXY_KERAS_PARAMETER_LIMIT", "100")
    form = config_form({"layer_type": "Dense", "units": 10}, {"layer_type": "Dense", "units": 10}, input_shape="(4,)")
    line = check_refusal(TOOL, form, outfile="a.json")
    assert "layer 2 (Dense): found 160 parameters; expected at most 100" in line


def test_summary_and_diagram_show_what_was_built(run_tool, tmp_path):
    from galaxy_keras.network.diagram import has_graphviz

    files = {"outfile_summary": "s.txt"}
    if has_graphviz():
        files["outfile_diagram"] = "d.svg"
    else:
        print("The diagram was left out: this machine has no Graphviz")
    assert run_tool(TOOL, config_form(), outfile="a.json", **files, diagram_format=Path("svg")) == 0
    summary = (tmp_path / "out" / "s.txt").read_text()
    assert "lstm" in summary
    assert "53,200" in summary
    assert "Total params: 373,301 (1.42 MB)" in summary
    assert max(map(len, summary.splitlines())) <= 80
    if has_graphviz():
        diagram = (tmp_path / "out" / "d.svg").read_text()
        assert "(None, 500, 32)" in diagram
        assert diagram.rstrip().endswith("</svg>")


def test_a_diagram_can_be_a_png_image(run_tool, tmp_path):
    from galaxy_keras.network.diagram import has_graphviz

    if not has_graphviz():
        pytest.skip("This machine has no Graphviz.")
    outputs = {"outfile": "a.json", "outfile_diagram": "d", "diagram_format": Path("png")}
    assert run_tool(TOOL, config_form(DENSE, input_shape="(4,)"), **outputs) == 0
    assert (tmp_path / "out" / "d").read_bytes().startswith(b"\x89PNG\r\n")


@pytest.fixture
def hide_graphviz(monkeypatch, tmp_path):
    """Make dot missing, or a program that fails."""

    def hide(kind):
        folder = tmp_path / "programs"
        folder.mkdir()
        if kind == "fails":
            (folder / "dot").write_text("#!/bin/sh\necho 'no plugin\n\033[31m' >&2; exit 3\n")
            (folder / "dot").chmod(0o755)
        monkeypatch.setenv("PATH", str(folder))

    return hide


@pytest.mark.parametrize("kind", ["missing", "fails"])
@pytest.mark.parametrize("image_format, start", [("svg", b"<svg "), ("png", b"\x89PNG\r\n")])
def test_without_graphviz_only_the_diagram_is_lost(
    run_tool, tmp_path, capsys, hide_graphviz, kind, image_format, start
):
    hide_graphviz(kind)
    files = {"outfile": "a.json", "outfile_summary": "s.txt", "outfile_diagram": "diagram"}
    assert run_tool(TOOL, config_form(), **files, diagram_format=Path(image_format)) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert len([line for line in said.out.splitlines() if line.startswith("Warning: diagram: ")]) == 1
    assert (tmp_path / "out" / "diagram").read_bytes().startswith(start)
    assert "lstm" in (tmp_path / "out" / "s.txt").read_text()
    assert json.loads((tmp_path / "out" / "a.json").read_text())["class_name"] == "Sequential"


@pytest.mark.parametrize("kind", ["missing", "fails"])
def test_where_the_diagram_is_all_that_was_asked_for_graphviz_is_an_error(check_refusal, hide_graphviz, kind):
    hide_graphviz(kind)
    form = {"plotting_selection": {"plot_type": "keras_plot_model", "plot_format": "png", "title": ""}}
    files = {"infile_model_config": TEST_DATA / "lstm_architecture.json", "output": "plot", "table": "table"}
    assert check_refusal("ml_visualization_ex", form, **files).startswith("Error: diagram: ")


def test_a_network_without_input_shape_writes_neither_diagram_nor_other_files(check_refusal):
    line = check_refusal(TOOL, config_form(DENSE, input_shape=""), outfile="a.json", outfile_diagram="d.svg")
    assert "diagram: found a network without input shape" in line


LSTM_WITH_STATE = {"layer_type": "LSTM", "units": 2, "return_state": True}
GRU = {"layer_type": "GRU", "units": 2}
REFUSALS = {
    "state in a field": ([{**GRU, "stateful": True}], "layer 1 (GRU), stateful: found it on; expected False"),
    "state in kwargs": ([{**GRU, "kwargs": "stateful=True"}], "layer 1 (GRU), stateful: found it on; expected False"),
    "unknown argument": (
        [DENSE, {**DENSE, "kwargs": "unit=3"}],
        "layer 2 (Dense): found the argument unit; expected units, activation, use_bias",
    ),
    "wrong value": ([{**DENSE, "kwargs": "activation='rellu'"}], "layer 1 (Dense): "),
    "no literal": ([{**DENSE, "kwargs": "units=__import__('os').getpid()"}], "layer 1 (Dense), kwargs: found "),
    "no pairs": ([{**DENSE, "kwargs": "0.5"}], "layer 1 (Dense), kwargs: found '0.5'; expected name=value pairs"),
    "missing units": ([{**DENSE, "units": None}], "layer 1 (Dense): missing a required argument: 'units'"),
    "LSTM on a flat input": (
        [DENSE, {"layer_type": "LSTM", "units": 2, "kwargs": ""}],
        "layer 2 (LSTM): ",
    ),
    "state in a sequential network": (
        [{"layer_type": "Reshape", "target_shape": "(2, 2)"}, LSTM_WITH_STATE],
        "layer 2 (LSTM), return_state: found True in a sequential network",
    ),
    "convolution on a flat input": (
        [{"layer_type": "Conv2D", "filters": 2, "kernel_size": "3"}],
        "layer 1 (Conv2D): ",
    ),
    "layer that Keras 3 lacks": (
        [{"layer_type": "LocallyConnected1D", "filters": 2, "kernel_size": "3"}],
        "layer 1 (LocallyConnected1D): found LocallyConnected1D; expected Conv1D",
    ),
    "layer that would have to see data": (
        [{"layer_type": "Normalization", "axis": -1, "mean": "", "variance": None}],
        "layer 1 (Normalization), mean: found nothing; expected values",
    ),
    "weights that the layer does not have": (
        [
            layer_block(
                "Dense",
                weights={"initializers": [{"weights": "recurrent", "initializer": {"initializer_type": "Zeros"}}]},
                units=2,
            )
        ],
        "layer 1 (Dense): found the argument recurrent_initializer; expected units, activation",
    ),
    "weights twice": (
        [
            layer_block(
                "Dense",
                weights={"regularizers": [{"weights": "bias", "regularizer": {"regularizer_type": "L2"}}] * 2},
                units=2,
            )
        ],
        "layer 1 (Dense): found two blocks for bias_regularizer; expected one",
    ),
    "class from elsewhere": (
        [{**DENSE, "kwargs": "kernel_initializer={'module': 'os', 'class_name': 'system', 'config': {}}"}],
        "layer 1 (Dense): found class os.system",
    ),
}


@pytest.mark.parametrize("field", [{"stateful": False}, {"kwargs": "stateful=False"}])
def test_stateful_off_is_accepted(make, field):
    assert not make(config_form({**GRU, **field}, input_shape="(4, 3)")).layers[0].stateful


@pytest.mark.parametrize("layers, message", REFUSALS.values(), ids=REFUSALS.keys())
def test_wrong_layers_are_refused_with_their_number(check_refusal, layers, message):
    assert message in check_refusal(TOOL, config_form(*layers, input_shape="(4,)"), outfile="a.json")


def test_a_mismatch_names_the_shape_of_the_input(check_refusal):
    layers = (DENSE, {"layer_type": "LSTM", "units": 2, "kwargs": ""})
    line = check_refusal(TOOL, config_form(*layers, input_shape="(4,)"), outfile="a.json")
    assert "layer 2 (LSTM): found an input of the shape (3,) from layer 1 (Dense); expected (steps, features)" in line


WRONG_CONNECTIONS = {
    "forward": (
        [_input(), _dense("3"), _dense("1")],
        "layer 2 (Dense), inbound_nodes: found 3; expected a layer from 1",
    ),
    "itself": ([_input(), _dense("2")], "layer 2 (Dense), inbound_nodes: found 2; expected a layer from 1 to 1"),
    "zero": ([_input(), _dense("0")], "layer 2 (Dense), inbound_nodes: found 0; expected a layer from 1 to 1"),
    "negative": ([_input(), _dense("-1")], "layer 2 (Dense), inbound_nodes: found -1; expected a layer from 1 to 1"),
    "nothing": ([_input(), _dense("")], "layer 2 (Dense), inbound_nodes: found nothing; expected one layer, such as 1"),
    "unknown name": (
        [_input(name="a"), _dense("b")],
        "inbound_nodes: found b; expected a layer from 1 to 1, or a name (a)",
    ),
    "two for one": ([_input(), _dense("[1, 1]")], "inbound_nodes: found 1, 1; expected one layer, such as 1"),
    "one for two": (
        [_input(), layer_block("Add", merging_layers="[1]")],
        "layer 2 (Add), merging_layers: found 1; expected two or more layers, such as [1, 2]",
    ),
    "no such output": (
        [_input(), _dense("1:2")],
        "inbound_nodes: found 1:2; expected an output of layer 1 from 1 to 1",
    ),
    "name twice": ([_input(name="a"), _dense("1", name="a")], "layer 2 (Dense 'a'), name: found the name of layer 1"),
    "shapes that do not merge": (
        [_input("(4,)"), _input("(5,)"), layer_block("Add", merging_layers="[1, 2]")],
        "layer 3 (Add): found inputs of the shapes (4,) and (5,); expected shapes that are the same in all sizes",
    ),
    "no shape": ([_input(""), _dense("1")], "layer 1 (Input), shape: found an empty field; expected a tuple of sizes"),
    "no input": ([_dense("1")], "layer 1 (Dense), inbound_nodes: found 1; expected an Input before it"),
}


@pytest.mark.parametrize("blocks, message", WRONG_CONNECTIONS.values(), ids=WRONG_CONNECTIONS.keys())
def test_wrong_connections_are_refused_with_their_numbers(check_refusal, blocks, message):
    assert message in check_refusal(TOOL, functional_form(*blocks), outfile="a.json")


@pytest.mark.parametrize(
    "inputs, outputs, message",
    [
        ("[2]", "[2]", "input_layers: found layer 2 (Dense); expected a layer of the type Input"),
        ("[1]", "[9]", "output_layers: found 9; expected a layer from 1 to 4"),
        ("[1]", "[4]", "input_layers, output_layers: "),
    ],
)
def test_wrong_input_and_output_layers_are_refused(check_refusal, inputs, outputs, message):
    blocks = (_input(), _dense("1"), _input(), _dense("3"))
    assert message in check_refusal(TOOL, functional_form(*blocks, inputs=inputs, outputs=outputs), outfile="a.json")


@pytest.mark.parametrize(
    "shape, message",
    [
        ("0", "input_shape: found (0,); expected a tuple of sizes"),
        ("(0,)", "input_shape: found (0,); expected a tuple of sizes"),
        ("(4", "input_shape: found '(4'; expected a Python literal"),
        ("exit()", "input_shape: found 'exit()'; expected a Python literal"),
    ],
)
def test_a_wrong_input_shape_is_refused(check_refusal, shape, message):
    assert message in check_refusal(TOOL, config_form(DENSE, input_shape=shape), outfile="a.json")


def test_the_script_reports_a_mistake_in_one_line(tmp_path, write_form):
    form = write_form(config_form(DENSE, input_shape="(0,)"))
    done = run_as_user(TOOL, "--inputs", form, "--outfile", tmp_path / "a.json")
    assert done.returncode == 1
    assert done.stderr == "Error: input_shape: found (0,); expected a tuple of sizes such as (32,) or (28, 28, 1)\n"
    assert not (tmp_path / "a.json").exists()


def test_a_number_is_a_shape_of_one_dimension(make):
    reshape = {"layer_type": "Reshape", "target_shape": "8"}
    by_number = make(config_form({"layer_type": "Dense", "units": 8}, reshape, input_shape="32"))
    reshape = {"layer_type": "Reshape", "target_shape": "(8,)"}
    by_tuple = make(config_form({"layer_type": "Dense", "units": 8}, reshape, input_shape="(32,)"))
    assert by_number.input_shape == by_tuple.input_shape == (None, 32)
    assert by_number.output_shape == by_tuple.output_shape == (None, 8)


def test_the_file_is_indented_json(make, tmp_path):
    make(config_form(DENSE, input_shape="(4,)"))
    text = (tmp_path / "out" / "a.json").read_text()
    assert json.loads(text)["class_name"] == "Sequential"
    assert text.startswith('{\n  "module"')


@pytest.mark.parametrize("form", [config_form(input_shape="(4,)"), functional_form(inputs="[1]", outputs="x")])
def test_a_network_without_layers_is_refused(check_refusal, form):
    form["model_selection"]["layers"] = []
    line = check_refusal(TOOL, form, outfile="a.json", outfile_summary="s.txt")
    assert line == "Error: layers: the network does not have a layer; expected at least one (insert a LAYER block)"
