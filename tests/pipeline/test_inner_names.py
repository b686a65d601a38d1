"""Names of layers, networks and metrics with any characters, from the form to the plots."""

import html
import json
import re
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import pytest
from examples.default_forms import (
    builder_form,
    config_form,
    functional_form,
    layer_block,
    OUTPUTS,
    prediction_form,
    training_form,
)
from examples.scripts import TEST_DATA
from hypothesis import example, given, HealthCheck, settings, strategies

from galaxy_keras.catalog.losses_and_metrics import read_metric
from galaxy_keras.errors import ArchitectureError, InputError
from galaxy_keras.network.diagram import has_graphviz
from galaxy_keras.network.inner_names import is_fit, NAME_LENGTH, to_inner, to_shown, use_inner_names

SAFE = r"[A-Za-z0-9.][A-Za-z0-9_.-]*"
MEASURES = TEST_DATA / "iris_measures.tabular"
CHARACTERS = strategies.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\ufffe\uffff/")
NAMES = strategies.text(CHARACTERS, min_size=1, max_size=20)
# Names that the form accepts: without surrounding spaces, and not the number of another layer.
TYPED_NAMES = NAMES.filter(lambda name: name == name.strip() not in ("", "None") and not re.fullmatch(r"-?\d+", name))
FIVE_NAMES = strategies.lists(TYPED_NAMES, min_size=5, max_size=5, unique=True)
NASTY_NAMES = ["R&D <b>", "Größe (cm), 100%", "a:2 \\N", "層 🙂 'x' \"y\"", "{p|q} --> .u20."]


@pytest.fixture
def write_targets(tmp_path):
    """Return a function that writes the 0/1 columns of two iris targets with three and two classes."""
    species = pd.read_csv(TEST_DATA / "iris_species.tabular", sep="\t")["species"]
    large = pd.read_csv(MEASURES, sep="\t")["sepal_length"] > 5.8
    columns = pd.concat([pd.get_dummies(species), pd.get_dummies(large)], axis=1).astype(int)
    columns.to_csv(tmp_path / "targets", sep="\t", index=False)
    return tmp_path / "targets"


def read_header(path):
    return pd.read_csv(path, sep="\t", nrows=0, quoting=3).columns.to_list()


@settings(max_examples=500, derandomize=True, database=None)
@given(NAMES | strategies.text(".u20ä_-", min_size=1))
def test_an_inner_name_is_valid_and_encodes_the_users_name(name):
    assert re.fullmatch(SAFE, to_inner(name))
    assert to_shown(to_inner(name)) == name
    assert to_shown(f"val_{to_inner(name)}_1") == f"val_{name}_1"


@pytest.mark.parametrize("name", ["dense", "dense_1", "block1.conv-2", "Output", "2"])
def test_ordinary_names_are_unchanged(name):
    assert to_inner(name) == name


def test_other_names_are_shown_unchanged():
    assert to_shown("keras.utils.u20 and .uffffffff.") == "keras.utils.u20 and .uffffffff."


@pytest.mark.parametrize("name", ["a\tb", "a\nb", "\x00", "\ud800", "\x9b31m", "a" * (NAME_LENGTH + 1)])
def test_invalid_names_are_refused(name):
    assert not is_fit(name)
    with pytest.raises(ArchitectureError, match="architecture: found the name .*; expected at most 200 characters"):
        use_inner_names({"config": {"layers": [{"config": {"name": name}}]}}, "architecture")


@pytest.mark.filterwarnings("ignore:Glyph:UserWarning")  # The report's font lacks some scripts.
@settings(
    max_examples=3,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(FIVE_NAMES)
@example(NASTY_NAMES)
def test_any_valid_name_is_kept_from_the_form_to_the_plots(run_tool, write_targets, tmp_path, capsys, names):
    import keras

    data, hidden, first, second, measure = names
    out = tmp_path / "out"

    def dense(name, units, inbound):
        return layer_block("Dense", options={"name": name}, units=units, activation="softmax", inbound_nodes=inbound)

    layers = (layer_block("Input", shape="(4,)", name=data), dense(hidden, 5, "1"), dense(first, 3, "2"))
    form = functional_form(*layers, dense(second, 2, "2"))
    files = {"outfile": "a.json", "outfile_summary": "summary"} | (
        {"outfile_diagram": "d.svg", "diagram_format": Path("svg")} if has_graphviz() else {}
    )
    assert run_tool("keras_model_config", form, **files) == 0, capsys.readouterr().err
    architecture = (out / "a.json").read_text()
    assert [layer["config"]["name"] for layer in json.loads(architecture)["config"]["layers"]] == names[:4]
    if has_graphviz():
        texts = [html.unescape(text) for text in re.findall(">([^<]+)</text>", (out / "d.svg").read_text())]
        assert [name for name in names[:4] if " ".join(name.split()) not in map(" ".join, map(str.split, texts))] == []

    metrics = [({"metric_type": "auc"}, measure)]
    callback = {"callback_type": "EarlyStopping", "monitor": f"val_{measure}", "patience": 1}
    form = builder_form(loss="categorical_crossentropy", metrics=[], more_metrics=metrics, callbacks=[callback], seed=1)
    files = {"architecture": out / "a.json", "outfile": "estimator.zip", "outfile_params": "params"}
    assert run_tool("keras_model_builder", form, **files) == 0, capsys.readouterr().err
    assert [line.count("\t") for line in (out / "params").read_text().splitlines()].count(2) > 20

    split = {"shuffle": "simple", "test_size": 0.2, "random_state": 3}
    files = {"estimator": out / "estimator.zip", "features": MEASURES, "target": write_targets, **OUTPUTS}
    files |= {"outfile_weights": "model.weights.h5", "outfile_report": "report.html"}
    form = training_form(validation=split)
    assert run_tool("keras_train_and_eval", form, **files) == 0, capsys.readouterr().err
    assert {f"{first}_{measure}", f"val_{second}_{measure}"} < set(read_header(out / "history"))
    assert {measure, f"{first}_{measure}"} < set(read_header(out / "result"))
    assert read_header(out / "predicted")[-2:] == [first, second]
    for name in names:
        assert html.escape(name) in (out / "report.html").read_text()

    files = {"estimator": out / "fitted.zip", "features": MEASURES, "outfile_predict": "p"}
    assert run_tool("model_prediction", prediction_form(method="layer_output", layer=hidden), **files) == 0
    assert read_header(out / "p") == [f"{hidden}_{number}" for number in range(1, 6)]

    plain = keras.models.model_from_json(architecture)
    plain.load_weights(out / "model.weights.h5")
    with h5py.File(out / "model.weights.h5") as file:
        assert [file[f"layers/{layer}/vars"].attrs["name"] for layer in ("dense", "dense_1", "dense_2")] == names[1:4]
    cut = keras.Model(plain.inputs, plain.layers[1].output)
    expected = np.asarray(cut([pd.read_csv(MEASURES, sep="\t").to_numpy(np.float32)]))
    np.testing.assert_allclose(pd.read_csv(out / "p", sep="\t", quoting=3), expected, rtol=1e-4)


NAMED = {
    "twice": (["a", "a"], "layer 2 (Dense 'a'), name: found the name of layer 1; expected another"),
    "slash": (["a/b"], "layer 1 (Dense), name: found 'a/b'; expected text of at most 200 characters"),
    "tab": (["a\tb"], "layer 1 (Dense), name: found 'a\\tb'; expected text of at most 200 characters"),
    "half a character": (["\ud800"], ".name: found '\\ud800'; expected text without surrogates"),
    "long": (["a" * 201], "layer 1 (Dense), name: found 'aaa"),
    "another's number": (["2", "b"], "layer 1 (Dense '2'), name: found a number, which refers to another layer"),
}


@pytest.mark.parametrize("shape", ["(4,)", ""], ids=["built", "open"])
@pytest.mark.parametrize("names, message", NAMED.values(), ids=NAMED.keys())
def test_invalid_names_are_refused_by_the_first_tool(check_refusal, names, message, shape):
    layers = [layer_block("Dense", options={"name": name}, units=2) for name in names]
    assert message in check_refusal("keras_model_config", config_form(*layers, input_shape=shape), outfile="a.json")


@pytest.mark.parametrize("names", [("", "dense"), ("dense", ""), ("input_layer", "")])
def test_an_automatic_name_does_not_conflict_with_a_users_name(run_tool, tmp_path, names):
    import keras

    keras.utils.clear_session()
    layers = [layer_block("Dense", options={"name": name}, units=2) for name in names]
    assert run_tool("keras_model_config", config_form(*layers, input_shape="(4,)"), outfile="a.json") == 0
    network = keras.models.model_from_json((tmp_path / "out" / "a.json").read_text())
    found = [layer.name for layer in network.layers]
    assert len(set(found)) == 2
    assert [name for name in names if name and name not in found] == []


@pytest.mark.parametrize("name", ["val_x", "a\tb", "epoch", "a" * 201, "\x1b[31m"])
def test_metric_names_that_are_invalid_history_columns_are_refused(name):
    with pytest.raises(InputError, match="metric auc, name: found .*; expected at most 200 characters"):
        read_metric("auc", {"name": name})
