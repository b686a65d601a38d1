"""Each tool that reads architectures refuses hostile ones with one message, within limits of time and memory."""

import json
import zipfile

import pytest
from examples.default_forms import builder_form, config_form, prediction_form, training_form
from examples.scripts import TEST_DATA
from hypothesis import given, settings
from hypothesis import strategies as st

from galaxy_keras.errors import InputError
from galaxy_keras.estimator.file import read_estimator
from galaxy_keras.estimator.parameters import list_parameters, set_parameter
from galaxy_keras.forms.document import parse_keyword_arguments, parse_literal
from galaxy_keras.network.architecture import build_skeleton
from hostile.architectures import argument_samples, document_samples, file_samples, fuzz
from hostile.harness import check_refused

SPECIES = TEST_DATA / "fitted_species.zip"
FEATURES, TARGET = TEST_DATA / "iris_measures.tabular", TEST_DATA / "iris_species.tabular"
FILES, DOCUMENTS, ARGUMENTS = list(file_samples()), list(document_samples()), list(argument_samples())


@pytest.mark.parametrize("content", [content for _, content in FILES], ids=[name for name, _ in FILES])
def test_the_builder_refuses_a_hostile_file(start_tool, write_form, tmp_path, content):
    path = tmp_path / "architecture.json"
    path.write_bytes(content)
    arguments = ["--inputs", write_form(builder_form()), "--architecture", path, "--outfile", tmp_path / "e.zip"]
    line = check_refused(start_tool("keras_model_builder").run(*arguments), [tmp_path / "e.zip"])
    assert line.startswith("Error: architecture")


def _put_into_estimator(document, path):
    with zipfile.ZipFile(SPECIES) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            content = source.read(name) if name != "architecture.json" else json.dumps(document)
            target.writestr(name, content)


@pytest.mark.parametrize("document", [document for _, document in DOCUMENTS], ids=[name for name, _ in DOCUMENTS])
def test_the_prediction_refuses_an_estimator_with_a_hostile_architecture(start_tool, write_form, tmp_path, document):
    _put_into_estimator(document, tmp_path / "e.zip")
    arguments = ["--inputs", write_form(prediction_form()), "--estimator", tmp_path / "e.zip", "--features", FEATURES]
    outcome = start_tool("model_prediction").run(*arguments, "--outfile-predict", tmp_path / "out")
    check_refused(outcome, [tmp_path / "out"])


@pytest.mark.parametrize(
    "document", [document for _, document in DOCUMENTS[:20]], ids=[name for name, _ in DOCUMENTS[:20]]
)
def test_the_training_refuses_an_estimator_with_a_hostile_architecture(start_tool, write_form, tmp_path, document):
    _put_into_estimator(document, tmp_path / "e.zip")
    data = ["--features", FEATURES, "--target", TARGET, "--estimator", tmp_path / "e.zip"]
    arguments = ["--inputs", write_form(training_form()), *data, "--outfile-result", tmp_path / "out"]
    check_refused(start_tool("keras_train_and_eval").run(*arguments), [tmp_path / "out"])


@pytest.mark.parametrize("layer, argument, value", [(1, "dtype", "string"), (2, "dtype", "int32"), (1, "seed", True)])
def test_weights_that_cannot_be_initialized_are_refused(start_tool, write_form, tmp_path, layer, argument, value):
    with zipfile.ZipFile(SPECIES) as source:
        document = json.loads(source.read("architecture.json"))
    config = document["config"]["layers"][layer]["config"]
    (config if argument == "dtype" else config["kernel_initializer"]["config"])[argument] = value
    _put_into_estimator(document, tmp_path / "e.zip")
    arguments = ["--inputs", write_form(prediction_form()), "--estimator", tmp_path / "e.zip", "--features", FEATURES]
    outcome = start_tool("model_prediction").run(*arguments, "--outfile-predict", tmp_path / "out")
    line = check_refused(outcome, [tmp_path / "out"])
    assert "weights" in line


@pytest.mark.parametrize("layer, kwargs", ARGUMENTS, ids=[f"{layer} {kwargs[:40]}" for layer, kwargs in ARGUMENTS])
def test_hostile_keyword_arguments_are_refused(start_tool, write_form, tmp_path, layer, kwargs):
    form = write_form(config_form({"layer_type": layer, "kwargs": kwargs}, input_shape="(4,)"))
    outcome = start_tool("keras_model_config").run("--inputs", form, "--outfile", tmp_path / "a.json")
    check_refused(outcome, [tmp_path / "a.json"])


def test_a_network_of_400_layers_is_built_within_a_minute(start_tool, write_form, tmp_path):
    """Sequential.add of Keras 3.15 rebuilds the network for each layer, which takes 70 s for 500 layers."""
    form = write_form(config_form(*[{"layer_type": "Dense", "units": 2, "kwargs": ""}] * 400, input_shape="(4,)"))
    config = start_tool("keras_model_config").run("--inputs", form, "--outfile", tmp_path / "a.json", seconds=50)
    assert config.exit_code == 0
    arguments = ["--architecture", tmp_path / "a.json", "--outfile", tmp_path / "e.zip"]
    form = write_form(builder_form(task="KerasGRegressor", loss="mean_squared_error", metrics=["mae"]))
    builder = start_tool("keras_model_builder").run("--inputs", form, *arguments, seconds=50)
    assert builder.exit_code == 0, builder.stderr


@pytest.mark.parametrize("seed", range(0, 400, 100))
def test_changed_architectures_are_read_or_refused(seed):
    for number in range(100):
        fuzz(seed + number)


@given(text=st.text(max_size=80) | st.from_regex(r"[\[\](){}'\",:0-9a-zA-Z=_. -]{0,60}"))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_any_text_is_parsed_as_a_literal_or_refused(text):
    for parse in (parse_literal, parse_keyword_arguments):
        try:
            json.dumps(parse(text, "field"), allow_nan=False, skipkeys=True).encode()
        except InputError as error:
            assert str(error).startswith("field")


LITERALS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just("/etc/passwd"),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=10), children, max_size=3),
    max_leaves=5,
)


@given(data=st.data())
@settings(max_examples=150, deadline=None, derandomize=True)
def test_any_value_of_any_hyperparameter_is_accepted_or_refused(data):
    estimator = read_estimator(TEST_DATA / "species_estimator.zip")
    name = data.draw(st.sampled_from([name for _, name, _ in list_parameters(estimator)[:-1]]))
    try:
        changed = set_parameter(estimator, name, data.draw(LITERALS))
        build_skeleton(changed.architecture)
    except InputError as error:
        assert str(error)
