"""The architecture tool: forms to networks, and what it refuses."""

import json

import pytest
from conftest import run_as_user
from forms import config_form

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


def test_the_tutorials_network_is_what_keras_builds_by_hand(make):
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


REFUSALS = {
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
    "class from elsewhere": (
        [{**DENSE, "kwargs": "kernel_initializer={'module': 'os', 'class_name': 'system', 'config': {}}"}],
        "layer 1 (Dense): found class os.system",
    ),
}


@pytest.mark.parametrize("layers, message", REFUSALS.values(), ids=REFUSALS.keys())
def test_wrong_layers_are_refused_with_their_number(check_refusal, layers, message):
    assert message in check_refusal(TOOL, config_form(*layers, input_shape="(4,)"), outfile="a.json")


def test_a_layer_that_does_not_fit_is_told_what_comes_in(check_refusal):
    layers = (DENSE, {"layer_type": "LSTM", "units": 2, "kwargs": ""})
    line = check_refusal(TOOL, config_form(*layers, input_shape="(4,)"), outfile="a.json")
    assert "(its input has the shape (None, 3))" in line


@pytest.mark.parametrize(
    "shape, message",
    [
        ("32", "input_shape: found the number 32; expected the tuple (32,)"),
        ("(0,)", "input_shape: found (0,); expected a tuple of sizes"),
        ("(4", "input_shape: found '(4'; expected a Python literal"),
        ("exit()", "input_shape: found 'exit()'; expected a Python literal"),
    ],
)
def test_a_wrong_input_shape_is_refused(check_refusal, shape, message):
    assert message in check_refusal(TOOL, config_form(DENSE, input_shape=shape), outfile="a.json")


def test_the_script_reports_a_mistake_in_one_line(tmp_path, write_form):
    form = write_form(config_form(DENSE, input_shape="32"))
    done = run_as_user(TOOL, "--inputs", form, "--outfile", tmp_path / "a.json")
    assert done.returncode == 1
    assert done.stderr == "Error: input_shape: found the number 32; expected the tuple (32,)\n"
    assert not (tmp_path / "a.json").exists()


def test_the_file_is_indented_json(make, tmp_path):
    make(config_form(DENSE, input_shape="(4,)"))
    text = (tmp_path / "out" / "a.json").read_text()
    assert json.loads(text)["class_name"] == "Sequential"
    assert text.startswith('{\n  "module"')
